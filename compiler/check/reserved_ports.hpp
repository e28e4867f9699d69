// Ports that Istio's proxy takes for itself in every pod (istio.io, "Ports used by Istio").
#pragma once

#include <string_view>

namespace meshfed::check {

/// What the proxy binds the port for; empty if it does not.
constexpr std::string_view bound_by_proxy(int port) {
  switch (port) {
    case 15000:
      return "its admin interface";
    case 15001:
      return "outbound traffic";
    case 15004:
      return "its debug interface";
    case 15006:
      return "inbound traffic";
    case 15008:
      return "HBONE tunnels";
    case 15020:
      return "merged metrics";
    case 15021:
      return "health checks";
    case 15053:
      return "DNS";
    case 15090:
      return "Envoy's metrics";
  }
  return {};
}

/// The range that Istio keeps for its own use; a port in it may be bound by a later version.
constexpr bool in_proxy_range(int port) { return port >= 15000 && port <= 15099; }

}  // namespace meshfed::check
