// How much each cluster will get: numbers of objects, and the sizes of those that grow with the declarations, estimated
// before anything is generated.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/resolved_federation.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::bounds {

/// etcd takes requests of 1.5 MiB; the rest is for what the API server adds to an object.
inline constexpr std::size_t kMaxObjectBytes = std::size_t{1} << 20;
/// `kubectl apply` on the client's side keeps the object in annotations, and these may have so many bytes.
inline constexpr std::size_t kMaxAppliedBytes = 262'144;

/// One network that a cluster leaves for by its egress gateway.
struct RemoteNetwork {
  model::NetworkId network = model::kNone;
  std::size_t hosts = 0;        // that its route lists
  std::size_t route_bytes = 0;  // of the larger of its objects: VirtualService, or TLSRoute
};

struct PredictedObjects {
  std::size_t objects = 0;             // Namespaces left out
  std::size_t chains = 0;              // of the east-west gateway: a filter chain per host and port
  std::size_t served_bytes = 0;        // of the Istio Gateway that lists the hosts
  std::vector<RemoteNetwork> remotes;  // by network
};

/// By cluster. Linear in what is imported.
std::vector<PredictedObjects> predict_objects(const model::ResolvedFederation& resolved,
                                              const resolve::Traffic& traffic);

/// The AuthorizationPolicy of an export with `callers`.
std::size_t policy_bytes(const model::ResolvedFederation& resolved, model::ExportId exported);

/// The ServiceEntry that stands for gateways at these addresses.
std::size_t backend_bytes(const std::vector<std::string>& addresses);

/// The largest ServiceEntry of an export: that of a cluster that consumes it from every source.
std::size_t entry_bytes(const model::ResolvedFederation& resolved, model::ExportId exported);

}  // namespace meshfed::bounds
