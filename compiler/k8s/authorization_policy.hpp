// AuthorizationPolicy: calls that the selected workloads refuse (action DENY).
// https://istio.io/latest/docs/reference/config/security/authorization-policy/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct AuthorizationPolicy {
  static constexpr std::string_view kGroup = "security.istio.io", kVersion = "v1", kKind = "AuthorizationPolicy";

  // Refuses whoever is none of `not_principals`, on any of `ports`. An empty list does not narrow the rule: without
  // principals it refuses everybody, without ports on every port.
  struct Rule {
    std::vector<std::string> not_principals;
    std::vector<std::int64_t> ports;  // of the workload, not of the service

    bool operator==(const Rule&) const = default;
  };

  Meta meta;
  StringMap selector;
  std::vector<Rule> rules;  // at least one

  bool operator==(const AuthorizationPolicy&) const = default;
};

yaml::Map spec(const AuthorizationPolicy& policy);

}  // namespace meshfed::k8s
