// TLSRoute: where a Gateway API listener passes TLS connections on to, by their SNI.
// https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct TlsRoute {
  static constexpr std::string_view kGroup = "gateway.networking.k8s.io", kKind = "TLSRoute";

  // No version works everywhere: it follows from the target's Istio and its Gateway API bundle.
  enum class Version { V1, V1Alpha3, V1Alpha2 };

  // A listener of a Gateway in the same namespace.
  struct Parent {
    std::string name;
    std::string section_name;

    bool operator==(const Parent&) const = default;
  };

  struct Backend {
    std::string group;  // empty for a core kind
    std::string kind;   // `Service`; `Hostname` of group `networking.istio.io` for a ServiceEntry's host
    std::string name;
    std::int64_t port;
    std::int64_t weight = 1;

    bool operator==(const Backend&) const = default;
  };

  struct Rule {
    std::vector<Backend> backends;

    bool operator==(const Rule&) const = default;
  };

  Meta meta;
  Version version;
  std::vector<std::string> hostnames;
  std::vector<Parent> parents;
  std::vector<Rule> rules;

  bool operator==(const TlsRoute&) const = default;
};

yaml::Map spec(const TlsRoute& route);

// `v1`, `v1alpha3`, `v1alpha2`.
std::string_view spelling(TlsRoute::Version version);

}  // namespace meshfed::k8s
