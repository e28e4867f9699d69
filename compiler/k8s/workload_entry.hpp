// WorkloadEntry: one endpoint that a ServiceEntry or Service selects by its labels, here a remote network.
// https://istio.io/latest/docs/reference/config/networking/workload-entry/
#pragma once

#include <string>
#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

// Has no address: the traffic goes to the gateway of `network`.
struct WorkloadEntry {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1", kKind = "WorkloadEntry";

  Meta meta;
  std::string network;
  std::string locality = {};  // `region[/zone[/subzone]]`
  std::int64_t weight = 1;    // counted against one local pod
  std::string service_account =
      {};  // identity of the endpoint, in the namespace of the entry and the local trust domain

  bool operator==(const WorkloadEntry&) const = default;
};

yaml::Map spec(const WorkloadEntry& entry);

}  // namespace meshfed::k8s
