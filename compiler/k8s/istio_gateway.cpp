#include "k8s/istio_gateway.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::Map;

namespace {

const char* spelling(IstioGateway::TlsMode mode) {
  switch (mode) {
    case IstioGateway::TlsMode::AutoPassthrough:
      return "AUTO_PASSTHROUGH";
    case IstioGateway::TlsMode::Passthrough:
      return "PASSTHROUGH";
  }
  __builtin_unreachable();
}

Map server(const IstioGateway::Server& server) {
  return {
      {"port",
       Map{
           {"name", server.port_name},
           {"number", server.port},
           {"protocol", "TLS"},
       }},
      {"hosts", server.hosts},
      {"tls", Map{{"mode", spelling(server.tls_mode)}}},
  };
}

}  // namespace

Map spec(const IstioGateway& gateway) {
  return {
      {"selector", gateway.selector},
      {"servers", each(gateway.servers, server)},
  };
}

}  // namespace meshfed::k8s
