#include "k8s/gateway.hpp"

#include <optional>

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

const char* spelling(Gateway::AddressType type) {
  switch (type) {
    case Gateway::AddressType::IPAddress:
      return "IPAddress";
    case Gateway::AddressType::Hostname:
      return "Hostname";
  }
  __builtin_unreachable();
}

std::optional<Map> config_map(const std::string& name) {
  if (name.empty()) return std::nullopt;
  return Map{
      {"group", ""},
      {"kind", "ConfigMap"},
      {"name", name},
  };
}

Map address(const Gateway::Address& address) {
  return {
      {"type", spelling(address.type)},
      {"value", address.value},
  };
}

Map listener(const Gateway::Listener& listener) {
  return {
      {"name", listener.name},
      {"port", listener.port},
      {"protocol", "TLS"},
      {"tls",
       Map{
           {"mode", "Passthrough"},
           {"options", if_any(listener.tls_options)},
       }},
      {"allowedRoutes", Map{{"namespaces", Map{{"from", "Same"}}}}},
  };
}

}  // namespace

Map spec(const Gateway& gateway) {
  return {
      {"gatewayClassName", gateway.class_name},
      {"infrastructure", if_any(Map{
                             {"labels", if_any(gateway.infrastructure.labels)},
                             {"annotations", if_any(gateway.infrastructure.annotations)},
                             {"parametersRef", config_map(gateway.infrastructure.parameters)},
                         })},
      {"addresses", if_any(each(gateway.addresses, address))},
      {"listeners", each(gateway.listeners, listener)},
  };
}

}  // namespace meshfed::k8s
