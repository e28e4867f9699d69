#include "model/federation.hpp"

#include <algorithm>

namespace meshfed::model {

std::string word(const IstioVersion& version) {
  std::string text(word(version.minor));
  if (version.patch) text += "." + std::to_string(*version.patch);
  return text;
}

Value<Outlier> inherit(const Value<Outlier>& parent, const Value<Outlier>& child) {
  if (child.state == State::absent) return parent;
  if (!parent.given() || !parent->on || !child.given() || !child->on) return child;
  Value<Outlier> result = child;
  const auto take = [&](auto member) {
    if ((result.value.*member).state == State::absent) result.value.*member = parent.value.*member;
  };
  take(&Outlier::errors);
  take(&Outlier::count);
  take(&Outlier::interval);
  take(&Outlier::ejection);
  take(&Outlier::max_percent);
  return result;
}

Settings inherit(const Settings& parent, const Settings& child) {
  Settings result = child;
  Settings::each_replaced([&](const char*, auto member) {
    if ((result.*member).state == State::absent) result.*member = parent.*member;
  });
  const Value<Egress>& egress = child.egress.given() ? child.egress : parent.egress;
  result.egress = {};
  result.egress.span = egress.span;
  result.egress.state = egress.state;
  result.outlier = inherit(parent.outlier, child.outlier);
  return result;
}

int weight_of(const Weight& weight, std::string_view network) {
  const auto found = std::lower_bound(weight.networks.begin(), weight.networks.end(), network,
                                      [](const auto& entry, std::string_view name) { return *entry.first < name; });
  return *(found != weight.networks.end() && *found->first == network ? found->second : weight.fallback);
}

EgressMode egress_towards(std::initializer_list<const Settings*> settings, const std::string& network) {
  std::optional<EgressMode> fallback;
  for (const Settings* one : settings) {
    if (!one->egress.given()) continue;
    const Egress& egress = *one->egress;
    const auto found = std::lower_bound(egress.networks.begin(), egress.networks.end(), network,
                                        [](const auto& entry, const std::string& name) { return *entry.first < name; });
    if (found != egress.networks.end() && *found->first == network) return found->second;
    if (!fallback && egress.fallback.given()) fallback = *egress.fallback;
    if (!egress.table) break;
  }
  return fallback.value_or(*Egress{}.fallback);
}

}  // namespace meshfed::model
