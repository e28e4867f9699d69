// What gateways make of the names that they are asked for. It does not depend on who calls, so whoever asks for very
// many calls looks once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ask/answer.hpp"
#include "interpret/endpoints.hpp"
#include "interpret/index.hpp"

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
  using ByPort = std::map<std::pair<const interpret::GatewayPods*, std::int64_t>, Known>;
  /// Few gateways are asked for one name. Threads that look at different names rarely wait for each other.
  struct Shard {
    mutable std::mutex mutex;
    interpret::ByName<ByPort> known;
  };

  static std::size_t shard(std::string_view sni) { return interpret::NameHash()(sni) % kShards; }

  static constexpr std::size_t kShards = 16;
  std::array<Shard, kShards> shards_;
};

}  // namespace meshfed::ask
