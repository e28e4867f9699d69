// What gateways make of the names that they are asked for. It does not depend on who calls, so whoever asks for very
// many calls looks once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ask/answer.hpp"
#include "interpret/endpoints.hpp"

namespace meshfed::ask {

/// How calls end that get no answer.
enum class Fate : std::uint8_t { refused, dead, unknown };

/// What a gateway makes of one name on one port, and what there is to tell of that. Shares are of what comes by.
struct Looked {
  struct Way {
    double share;
    interpret::Assignment assignment = {};
    std::optional<Fate> fate = {};  // it ends what goes there
  };

  std::optional<Fate> fate = {};  // it ends all that comes by
  std::vector<Way> ways = {};
  std::vector<Hop> hops = {};
  std::vector<Cause> causes = {};
  bool doubtful = false;
};

/// May be used from several threads.
class Memo {
 public:
  using Known = std::shared_ptr<const Looked>;

  /// Null: nobody looked yet.
  Known find(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni) const;
  void keep(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni, Known looked);

 private:
  /// By gateway, port and name. Threads that look at different names rarely wait for each other.
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Known> known;
  };

  static std::string key(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni);
  std::size_t shard(const std::string& key) const { return std::hash<std::string>()(key) % shards_.size(); }

  std::array<Shard, 16> shards_;
};

}  // namespace meshfed::ask
