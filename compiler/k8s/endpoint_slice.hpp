// EndpointSlice: the addresses behind a Service that selects nothing.
// https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct EndpointSlice {
  static constexpr std::string_view kGroup = "discovery.k8s.io", kVersion = "v1", kKind = "EndpointSlice";

  // The label in `meta` that names the Service; without it the slice belongs to nobody.
  static constexpr const char* kServiceNameLabel = "kubernetes.io/service-name";

  enum class AddressType { IPv4, IPv6, FQDN };

  struct Endpoint {
    std::vector<std::string> addresses;

    bool operator==(const Endpoint&) const = default;
  };

  // Protocol TCP.
  struct Port {
    std::string name;  // the one of the Service's port
    std::int64_t port;

    bool operator==(const Port&) const = default;
  };

  Meta meta;
  AddressType address_type;  // of all endpoints
  std::vector<Endpoint> endpoints;
  std::vector<Port> ports;

  bool operator==(const EndpointSlice&) const = default;
};

yaml::Map body(const EndpointSlice& slice);

}  // namespace meshfed::k8s
