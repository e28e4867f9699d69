// How many pods the gateways have that Gateway API deploys.
#include "check/rules.hpp"

namespace meshfed::check {
namespace {

using model::Cluster;
using model::ResolvedFederation;

/// Calls `visit(gateway, what it is)` for each table that may say replicas.
template <class Visit>
void each_deployment(const Cluster& cluster, Visit visit) {
  if (cluster.gateway.given() && cluster.gateway->has_value()) visit(**cluster.gateway, "the east-west gateway");
  if (cluster.egress_gateway.given()) visit(*cluster.egress_gateway, "the egress gateway");
}

// MF0560: one ConfigMap adjusts a deployment.
void replicas_are_said_once(const Cluster& cluster, diag::Sink& sink) {
  each_deployment(cluster, [&](const auto& gateway, const char* what) {
    if (!gateway.replicas.given() || !gateway.parameters.given()) return;
    sink.report(gateway.replicas.span, diag::ReplicasAndParameters, what, *cluster.name)
        .note(gateway.parameters.span, "declared here");
  });
}

// MF0561: a range is one.
void ranges_are_not_empty(const Cluster& cluster, diag::Sink& sink) {
  each_deployment(cluster, [&](const auto& gateway, const char*) {
    if (!gateway.replicas.given() || *gateway.replicas->min <= *gateway.replicas->max) return;
    sink.report(gateway.replicas->max.span, diag::ReplicasReversed, *gateway.replicas->min, *gateway.replicas->max)
        .note(gateway.replicas->min.span, "the minimum");
  });
}

}  // namespace

void check_replicas(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (const Cluster& cluster : resolved.federation.clusters) {
    replicas_are_said_once(cluster, sink);
    ranges_are_not_empty(cluster, sink);
  }
}

}  // namespace meshfed::check
