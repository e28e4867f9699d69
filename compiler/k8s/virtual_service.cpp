#include "k8s/virtual_service.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

Map match(const VirtualService::Match& match) {
  return {
      {"port", match.port},
      {"sniHosts", match.sni_hosts},
  };
}

Map route(const VirtualService::Destination& destination) {
  return {{"destination", Map{
                              {"host", destination.host},
                              {"port", Map{{"number", destination.port}}},
                          }}};
}

Map tls_rule(const VirtualService::TlsRule& rule) {
  return {
      {"match", each(rule.match, match)},
      {"route", each(rule.route, route)},
  };
}

}  // namespace

Map spec(const VirtualService& service) {
  return {
      {"hosts", service.hosts},
      {"gateways", service.gateways},
      {"exportTo", if_any(service.export_to)},
      {"tls", each(service.tls, tls_rule)},
  };
}

}  // namespace meshfed::k8s
