// What every part of lowering needs to know of the cluster at hand.
#pragma once

#include <string>
#include <vector>

#include "k8s/meta.hpp"
#include "k8s/plan.hpp"
#include "lower/lower.hpp"
#include "model/naming.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::lower {

struct Context {
  const model::ResolvedFederation& resolved;
  model::ClusterId id;
  std::vector<model::NetworkId> networks;  // every remote network that it consumes from now; ascending
  std::vector<model::NetworkId> several;   // those of them that it dials at more than one address; ascending

  const model::Cluster& cluster() const { return resolved.cluster(id); }
  const model::Settings& settings() const { return resolved.clusters[id].settings; }
  const std::string& root_namespace() const { return *resolved.mesh_of(id).root_namespace; }
  const std::string& network() const { return *resolved.network(resolved.clusters[id].network).name; }

  /// Name, namespace and the stable labels that every object carries.
  k8s::Meta meta(std::string name, std::string ns) const;
};

/// The path of a file in a namespace's directory.
std::string in_namespace(const std::string& ns, const std::string& stem);

// gateways.cpp
/// The east-west gateway, if the cluster has one: deployed by Gateway API (or already there), and what it lets through.
void add_eastwest_gateway(const Context& context, k8s::ClusterPlan& plan);
/// One `istio-remote` Gateway per network that the cluster consumes from: how its istiod learns the way there.
void add_remote_networks(const Context& context, k8s::ClusterPlan& plan);

// egress.cpp
/// The egress gateway and its routes to each of the networks that are left for by it; nothing if there are none.
void add_egress(const Context& context, k8s::ClusterPlan& plan);

// hosts.cpp
/// One file per host that the cluster serves or consumes (or one per namespace).
void add_hosts(const Context& context, const Known& known, k8s::ClusterPlan& plan);

// policy.cpp
/// Mesh-wide mTLS, where it is managed.
void add_peer_authentication(const Context& context, k8s::ClusterPlan& plan);
/// Who may call an export's workloads here: an empty list where `callers` says nothing.
std::vector<k8s::Resource> caller_policy(const Context& context, model::ExportId exported);
/// The Namespaces of all files so far, where they are to be created.
void add_namespaces(const Context& context, k8s::ClusterPlan& plan);

/// Takes endpoints that fail out of the choice, all of them if need be: Istio's own limit of 10 % would end failover
/// long before.
k8s::DestinationRule::OutlierDetection outlier_detection();

k8s::StringMap string_map(const model::Labels& labels);

/// The labels that select an export's pods: its selector, or its canonical name.
k8s::StringMap workload_labels(const model::Export& exported);

}  // namespace meshfed::lower
