// VirtualService: routes, here of TLS connections that a Gateway passes through, by their SNI.
// https://istio.io/latest/docs/reference/config/networking/virtual-service/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct VirtualService {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1", kKind = "VirtualService";

  struct Match {
    std::int64_t port;
    std::vector<std::string> sni_hosts;

    bool operator==(const Match&) const = default;
  };

  struct Destination {
    std::string host;
    std::int64_t port;

    bool operator==(const Destination&) const = default;
  };

  // Connections that any of `match` accepts go to `route`.
  struct TlsRule {
    std::vector<Match> match;
    std::vector<Destination> route;

    bool operator==(const TlsRule&) const = default;
  };

  Meta meta;
  std::vector<std::string> hosts;
  std::vector<std::string> gateways;        // names of Istio Gateways
  std::vector<std::string> export_to = {};  // namespaces, `.` (the own one) or `*`; left out: the mesh's default
  std::vector<TlsRule> tls;

  bool operator==(const VirtualService&) const = default;
};

yaml::Map spec(const VirtualService& service);

}  // namespace meshfed::k8s
