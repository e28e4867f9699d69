// Istio's own Gateway: which hosts the selected gateway pods let through on a port.
// https://istio.io/latest/docs/reference/config/networking/gateway/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct IstioGateway {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1", kKind = "Gateway";

  // Passthrough needs a route (a VirtualService); AutoPassthrough finds the way in the SNI that Istio's sidecars send.
  enum class TlsMode { AutoPassthrough, Passthrough };

  // Protocol TLS.
  struct Server {
    std::string port_name;  // unique among the servers of all Gateways on the same pods
    std::int64_t port;
    std::vector<std::string> hosts;
    TlsMode tls_mode;

    bool operator==(const Server&) const = default;
  };

  Meta meta;
  StringMap selector;
  std::vector<Server> servers;

  bool operator==(const IstioGateway&) const = default;
};

yaml::Map spec(const IstioGateway& gateway);

}  // namespace meshfed::k8s
