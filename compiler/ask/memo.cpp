#include "ask/memo.hpp"

namespace meshfed::ask {

Memo::Known Memo::find(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni) const {
  const Shard& own = shards_[shard(sni)];
  const std::lock_guard lock(own.mutex);
  const auto gateways = own.known.find(sni);
  if (gateways == own.known.end()) return nullptr;
  const auto found = gateways->second.find({gateway, port});
  return found == gateways->second.end() ? nullptr : found->second;
}

void Memo::keep(const interpret::GatewayPods* gateway, std::int64_t port, std::string_view sni, Known looked) {
  Shard& own = shards_[shard(sni)];
  const std::lock_guard lock(own.mutex);
  own.known[std::string(sni)].try_emplace({gateway, port}, std::move(looked));
}

}  // namespace meshfed::ask
