#include "k8s/authorization_policy.hpp"

#include <optional>

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::List;
using yaml::Map;

namespace {

std::optional<List> from(const std::vector<std::string>& not_principals) {
  if (not_principals.empty()) return std::nullopt;
  return List{Map{{"source", Map{{"notPrincipals", not_principals}}}}};
}

std::optional<List> to(const std::vector<std::int64_t>& ports) {
  if (ports.empty()) return std::nullopt;
  const List strings = each(ports, [](std::int64_t port) { return std::to_string(port); });  // strings in this API
  return List{Map{{"operation", Map{{"ports", strings}}}}};
}

Map rule(const AuthorizationPolicy::Rule& rule) {
  return {
      {"from", from(rule.not_principals)},
      {"to", to(rule.ports)},
  };
}

}  // namespace

Map spec(const AuthorizationPolicy& policy) {
  return {
      {"selector", Map{{"matchLabels", policy.selector}}},
      {"action", "DENY"},
      {"rules", each(policy.rules, rule)},
  };
}

}  // namespace meshfed::k8s
