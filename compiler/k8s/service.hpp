// Service: a Kubernetes host name for the workloads, or the EndpointSlices, that belong to it.
// https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct Service {
  static constexpr std::string_view kGroup = "", kVersion = "v1", kKind = "Service";

  // Protocol TCP.
  struct Port {
    std::string name;
    std::int64_t port;
    std::optional<std::int64_t> target_port = {};  // left out: `port`
    std::string app_protocol = {};                 // `http`, `grpc`, `tls`, …

    bool operator==(const Port&) const = default;
  };

  Meta meta;
  StringMap selector = {};  // left out: its EndpointSlices are somebody else's to write
  bool headless = false;    // `clusterIP: None`
  std::vector<Port> ports;

  bool operator==(const Service&) const = default;
};

yaml::Map spec(const Service& service);

}  // namespace meshfed::k8s
