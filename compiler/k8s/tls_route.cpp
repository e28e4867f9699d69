#include "k8s/tls_route.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::Map;

namespace {

Map parent(const TlsRoute::Parent& parent) {
  return {
      {"group", "gateway.networking.k8s.io"},
      {"kind", "Gateway"},
      {"name", parent.name},
      {"sectionName", parent.section_name},
  };
}

Map backend(const TlsRoute::Backend& backend) {
  return {
      {"group", backend.group}, {"kind", backend.kind},     {"name", backend.name},
      {"port", backend.port},   {"weight", backend.weight},
  };
}

Map rule(const TlsRoute::Rule& rule) { return {{"backendRefs", each(rule.backends, backend)}}; }

}  // namespace

Map spec(const TlsRoute& route) {
  return {
      {"hostnames", route.hostnames},
      {"parentRefs", each(route.parents, parent)},
      {"rules", each(route.rules, rule)},
  };
}

std::string_view spelling(TlsRoute::Version version) {
  switch (version) {
    case TlsRoute::Version::V1:
      return "v1";
    case TlsRoute::Version::V1Alpha3:
      return "v1alpha3";
    case TlsRoute::Version::V1Alpha2:
      return "v1alpha2";
  }
  __builtin_unreachable();
}

}  // namespace meshfed::k8s
