// Gateway API Gateway: a proxy that Istio deploys (class `istio`), or a remote network's way in (class `istio-remote`).
// https://gateway-api.sigs.k8s.io/reference/spec/#gateway
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct Gateway {
  static constexpr std::string_view kGroup = "gateway.networking.k8s.io", kVersion = "v1", kKind = "Gateway";

  enum class AddressType { IPAddress, Hostname };

  // What the generated Deployment, Service and pods get. Labels here replace the ones of the Gateway's own metadata.
  struct Infrastructure {
    StringMap labels = {};
    StringMap annotations = {};
    std::string parameters = {};  // name of a ConfigMap in the Gateway's namespace

    bool operator==(const Infrastructure&) const = default;
  };

  struct Address {
    AddressType type;  // always written: Istio skips an address without
    std::string value;

    bool operator==(const Address&) const = default;
  };

  // Protocol TLS, passed through, routes from the same namespace: the only listeners that a federation needs.
  struct Listener {
    std::string name;
    std::int64_t port;
    StringMap tls_options = {};

    bool operator==(const Listener&) const = default;
  };

  Meta meta;
  std::string class_name;
  Infrastructure infrastructure = {};
  std::vector<Address> addresses = {};
  std::vector<Listener> listeners;

  bool operator==(const Gateway&) const = default;
};

yaml::Map spec(const Gateway& gateway);

}  // namespace meshfed::k8s
