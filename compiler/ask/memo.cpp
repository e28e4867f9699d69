#include "ask/memo.hpp"

#include <algorithm>

namespace meshfed::ask {

std::string Memo::key(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni) {
  std::string key(sizeof gateway + sizeof port, '\0');
  std::copy_n(reinterpret_cast<const char*>(&gateway), sizeof gateway, key.data());
  std::copy_n(reinterpret_cast<const char*>(&port), sizeof port, key.data() + sizeof gateway);
  return key.append(sni);
}

Memo::Known Memo::find(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni) const {
  const std::string wanted = key(gateway, port, sni);
  const Shard& own = shards_[shard(wanted)];
  const std::lock_guard lock(own.mutex);
  const auto found = own.known.find(wanted);
  return found == own.known.end() ? nullptr : found->second;
}

void Memo::keep(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni, Known looked) {
  std::string wanted = key(gateway, port, sni);
  Shard& own = shards_[shard(wanted)];
  const std::lock_guard lock(own.mutex);
  own.known.try_emplace(std::move(wanted), std::move(looked));
}

}  // namespace meshfed::ask
