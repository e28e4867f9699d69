// One cluster as its istiod knows it: its objects and facts, so that they can be looked up. Nothing in it changes once
// it is made: several threads may read it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpret/facts.hpp"
#include "interpret/index.hpp"
#include "interpret/object.hpp"

namespace meshfed::interpret {

/// A gateway's pods, whoever deploys them.
struct GatewayPods {
  std::string ns;
  std::string name;
  Labels labels;
  std::string view;                      // the only network that it sees; empty: all
  const KubeGateway* deploys = nullptr;  // the Gateway that they belong to
};

/// Where another network is dialled (model.NetworkGateway).
struct NetworkGateway {
  std::string address;
  std::int64_t port;
  const Object* object;       // what says so
  const ClusterFacts* known;  // the cluster that says so
};

/// The manifests of a cluster.
using Parts = std::vector<std::shared_ptr<const Objects>>;

/// A cluster that another's istiod reads. The facts outlive what is made of them.
struct Read {
  const ClusterFacts* facts;
  Parts parts;
  std::deque<Service> deployed = {};  // Services of its gateways that istiod deploys
};

/// What istiod takes from one cluster, be it its own or one that it reads: pods, WorkloadEntries, Services and what is
/// behind them.
struct Peer {
  const ClusterFacts* facts;
  LabelledIndex<Workload> workloads;
  std::vector<Workload> gateways;  // pods of its gateways: a ServiceEntry may select them
  LabelledIndex<WorkloadEntry> entries;
  ByName<const Service*> services;                   // of Kubernetes, by host
  ByName<std::vector<const EndpointSlice*>> slices;  // by the Service's host
};

struct Cluster {
  /// The facts outlive it.
  Cluster(const ClusterFacts& given, Parts own, std::vector<Read> others = {});
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  const ClusterFacts& facts;
  Parts parts;
  std::vector<Read> others;
  std::deque<Service> deployed;  // Services of gateways that istiod deploys
  std::vector<Peer> peers;       // its own is the first

  std::deque<std::string> names;  // hosts that no object says as a whole

  /// By host, in the words of an object or of `names`; oldest first.
  std::unordered_map<std::string_view, std::vector<const Service*>> services;
  std::vector<const Service*> wildcards;               // of hosts that begin with `*`
  ByName<const WorkloadEntry*> foreign_entries;        // by namespace and name; of several clusters', the last
  ByName<std::vector<const DestinationRule*>> rules;   // by host; oldest first
  std::vector<const DestinationRule*> wildcard_rules;  // oldest first
  std::map<std::string, std::vector<NetworkGateway>, std::less<>> network_gateways;  // by network
  std::vector<GatewayPods> gateways;                                                 // by namespace and name
  std::vector<const IstioGateway*> istio_gateways;                                   // oldest first
  std::vector<const VirtualService*> virtual_services;                               // oldest first
  std::vector<const TlsRoute*> tls_routes;
  std::vector<const EnvoyFilter*> filters;  // oldest first
  std::vector<const Route*> routes;
  SelectorIndex<PeerAuthentication> authentications;
  SelectorIndex<AuthorizationPolicy> policies;
  std::vector<std::string> unknown;  // objects that may change any answer here
  bool knows_gateways = false;       // of any network, its own included

  /// The pods of a gateway that the Service is in front of; null if it is none's.
  const GatewayPods* gateway_behind(const Service& service) const;
  const GatewayPods* find_gateway(std::string_view ns, std::string_view name) const;

  /// `name`, `name.namespace.svc` or a whole host, as an object of a namespace says it.
  std::string full_host(std::string_view host, std::string_view ns) const;
};

/// IsAutoPassthrough (serviceregistry/kube/conversion.go): by its option, or by the network's label and the port.
bool is_auto_passthrough(const KubeGateway& gateway, const Listener& listener);

/// Of Istio's `MostSpecificHostMatch`: a wildcard stands for the beginning of a name.
bool is_wildcard(std::string_view host);
/// host.Name.SubsetOf: `host` is covered by `pattern`.
bool is_subset(std::string_view host, std::string_view pattern);
/// host.Name.Matches: one covers the other.
bool overlaps(std::string_view a, std::string_view b);

}  // namespace meshfed::interpret
