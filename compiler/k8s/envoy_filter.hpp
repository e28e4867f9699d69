// EnvoyFilter: a change to what istiod sends to proxies. The only one here: further server names for a filter chain of
// gateways.
// https://istio.io/latest/docs/reference/config/networking/envoy-filter/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct EnvoyFilter {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1alpha3", kKind = "EnvoyFilter";

  Meta meta;
  StringMap workload_selector;  // of the gateways' pods
  std::int64_t listener_port;
  std::string sni;                        // of the filter chain, as istiod makes it
  std::vector<std::string> server_names;  // that the chain takes in addition

  bool operator==(const EnvoyFilter&) const = default;
};

yaml::Map spec(const EnvoyFilter& filter);

}  // namespace meshfed::k8s
