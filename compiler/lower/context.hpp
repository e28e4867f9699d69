// What every part of lowering needs to know of the cluster at hand.
#pragma once

#include <optional>
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

/// The labels of the pods of the cluster's east-west gateway.
k8s::StringMap gateway_pods(const model::Gateway& gateway);

// routers.cpp
/// What passes a host by the names of routers: an EnvoyFilter for the gateway of each cluster that serves it, and a
/// Route where that has a router.
void add_router(const Context& context, k8s::ClusterPlan& plan);
/// The names by which clients ask for the ports of a host whose export has a source behind a router; none for others.
std::vector<k8s::DestinationRule::NamedPort> router_names(const Context& context, model::ExportId exported,
                                                          const std::string& host);
/// Ascending.
std::vector<int> port_numbers(const model::Export& exported);

// egress.cpp
/// The egress gateway and its routes to each of the networks that are left for by it; nothing if there are none.
void add_egress(const Context& context, k8s::ClusterPlan& plan);

/// A host, or an alias, that the cluster serves or consumes.
struct NamedHost {
  const std::string* name;
  model::ExportId exported;
};

/// All of them, by name.
std::vector<NamedHost> hosts_in_order(const Context& context);

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

// calls.cpp
/// Takes endpoints that fail out of the choice; none where it is off.
std::optional<k8s::DestinationRule::OutlierDetection> outlier_detection(const model::Outlier& outlier);
std::optional<k8s::ConnectionPool> connection_pool(const model::Value<model::ConnectionPool>& pool);

k8s::StringMap string_map(const model::Labels& labels);

// replicas.cpp
/// The Gateway, and before it the ConfigMap that says how many pods it has, if anything is said: istiod deploys nothing
/// while the ConfigMap is missing.
void add_deployment(const Context& context, k8s::Gateway gateway, const model::Value<model::Replicas>& replicas,
                    std::vector<k8s::Resource>& resources);

/// Argo CD and Flux are told to keep the object, whatever happens to the tree.
const k8s::StringMap& kept();

/// The labels that select an export's pods in the cluster: its selector, or its canonical name.
k8s::StringMap workload_labels(const Context& context, model::ExportId exported);

}  // namespace meshfed::lower
