// Route of OpenShift: what its router passes to a Service, by the TLS server name. Passed through only.
// https://docs.openshift.com/container-platform/latest/rest_api/network_apis/route-route-openshift-io-v1.html
#pragma once

#include <string>
#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct Route {
  static constexpr std::string_view kGroup = "route.openshift.io", kVersion = "v1", kKind = "Route";

  Meta meta;
  std::string host;
  std::string service;       // in the Route's namespace
  std::int64_t target_port;  // of the pods

  bool operator==(const Route&) const = default;
};

yaml::Map spec(const Route& route);

}  // namespace meshfed::k8s
