#include "model/federation.hpp"

#include <algorithm>

namespace meshfed::model {
namespace {

Value<Egress> merge_egress(const Value<Egress>& parent, const Value<Egress>& child) {
  if (!child.given()) return parent;
  if (!child->table) return child;
  Value<Egress> merged = child;
  if (!merged->fallback.given()) merged.value.fallback = parent->fallback;
  for (const auto& inherited : parent->networks) {
    const auto same = [&](const auto& own) { return *own.first == *inherited.first; };
    if (std::none_of(child->networks.begin(), child->networks.end(), same)) merged.value.networks.push_back(inherited);
  }
  std::sort(merged.value.networks.begin(), merged.value.networks.end(),
            [](const auto& a, const auto& b) { return *a.first < *b.first; });
  return merged;
}

}  // namespace

Settings inherit(const Settings& parent, const Settings& child) {
  Settings result = child;
  Settings::each_replaced([&](const char*, auto member) {
    if ((result.*member).state == State::absent) result.*member = parent.*member;
  });
  result.egress = merge_egress(parent.egress, child.egress);
  result.accept = parent.accept;
  result.accept.value.insert(result.accept.value.end(), child.accept->begin(), child.accept->end());
  return result;
}

EgressMode egress_towards(const Egress& egress, const std::string& network) {
  const auto found = std::lower_bound(egress.networks.begin(), egress.networks.end(), network,
                                      [](const auto& entry, const std::string& name) { return *entry.first < name; });
  return found != egress.networks.end() && *found->first == network ? found->second : *egress.fallback;
}

}  // namespace meshfed::model
