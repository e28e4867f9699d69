// The federation with every name looked up and every role worked out: what each cluster serves and consumes, and how
// networks are reached. Filled by check, read by the rules and by lower. Ids are positions in the Federation's
// (name-sorted) vectors.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/federation.hpp"

namespace meshfed::model {

using MeshId = std::uint32_t;
using NetworkId = std::uint32_t;
using ClusterId = std::uint32_t;
using ExportId = std::uint32_t;
inline constexpr std::uint32_t kNone = UINT32_MAX;

struct MeshInfo {
  std::vector<ClusterId> clusters;  // ascending
  std::vector<MeshId> callers;      // whose clusters get something from its workloads, perhaps itself; ascending
  std::vector<MeshId> servers;      // whose workloads its clusters get something from, perhaps itself; ascending
};

struct NetworkInfo {
  MeshId mesh = kNone;              // of its first cluster
  std::vector<ClusterId> clusters;  // ascending
  bool pending = false;             // it has gateways, and all of them are pending
  bool router = false;              // one of its gateways is behind a router
};

struct ClusterInfo {
  MeshId mesh = kNone;          // kNone: reported already
  NetworkId network = kNone;    // kNone: reported already
  Settings settings;            // what holds here: defaults, mesh and cluster together, see inherit()
  std::vector<ExportId> hosts;  // every export that the cluster serves, merges or consumes; ascending

  bool usable() const { return mesh != kNone && network != kNone; }
};

/// The networks of one mesh with remote secrets that serve an export.
struct ReadableSources {
  MeshId mesh = kNone;
  ClusterId first = kNone;          // of the clusters that serve it
  std::vector<NetworkId> networks;  // ascending, at least one
  std::size_t live = 0;             // those that are not pending
};

/// A network of a mesh with remote secrets where a Service is merged: whoever imports it there gets these pods, too,
/// for istiod makes one Service of all of its name.
struct MergedService {
  NetworkId network = kNone;
  ClusterId first = kNone;  // of the clusters that merge it
};

/// Sets of ids are ascending, without repetitions.
struct ExportInfo {
  std::string host;
  std::size_t place = 0;             // of the host among those of all exports, in byte order
  std::vector<std::string> aliases;  // further hosts, those of single places included; in byte order
  Naming naming = Naming::global;
  std::vector<ClusterId> from;
  std::vector<ClusterId> merge;
  std::vector<ClusterId> consumers;       // in `to` or `merge`, and accepting
  std::vector<ClusterId> refusing;        // named in `to` or `merge`, and not accepting
  std::vector<NetworkId> sources;         // networks of `from`, pending ones too
  std::vector<ReadableSources> readable;  // by mesh, ascending
  std::vector<MergedService> merged;      // by network, ascending; of naming "service" only
  bool routed = false;                    // some source is behind a router: callers use router_name() of its ports
  bool usable = true;                     // false: `from`, `to` or `merge` hold something that was reported
};

/// Calls `visit(host)` for the export's host and each of its aliases, those of single places included.
template <class Visit>
void each_host(const ExportInfo& info, Visit visit) {
  visit(info.host);
  for (const std::string& alias : info.aliases) visit(alias);
}

/// Where a network is dialled from a viewer's network.
struct Reach {
  std::vector<std::string> addresses;  // in byte order, without repetitions
  int port = 0;
  bool all_ips = true;
};

/// How many networks there are, and the first of them.
struct ReadNetworks {
  std::size_t count = 0;
  NetworkId first = kNone;
};

/// The tables of [export.*.at.*] about a cluster; null where there is none.
struct Places {
  const Place* cluster;
  const Place* mesh;

  auto operator<=>(const Places&) const = default;
};

/// How an export finds its workloads in one cluster. One of the two is given; both, or none, where a rule objects.
struct Selectors {
  const Labels& selector;
  const Name& canonical_name;
};

struct ResolvedFederation {
  Federation federation;
  std::vector<MeshInfo> meshes;
  std::vector<NetworkInfo> networks;
  std::vector<ClusterInfo> clusters;
  std::vector<ExportInfo> exports;

  const Mesh& mesh(MeshId id) const { return federation.meshes[id]; }
  const Network& network(NetworkId id) const { return federation.networks[id]; }
  const Cluster& cluster(ClusterId id) const { return federation.clusters[id]; }
  const Export& exported(ExportId id) const { return federation.exports[id]; }
  const Mesh& mesh_of(ClusterId id) const { return federation.meshes[clusters[id].mesh]; }

  /// kNone if there is no such name. O(log n).
  MeshId find_mesh(std::string_view name) const;
  NetworkId find_network(std::string_view name) const;
  ClusterId find_cluster(std::string_view name) const;
  ExportId find_export(std::string_view name) const;

  /// The cluster is in `from`: others are served from here.
  bool serves(ClusterId cluster, ExportId exported) const;
  /// The cluster has workloads of the export: it is in `from` or `merge`.
  bool has_workloads(ClusterId cluster, ExportId exported) const;
  bool consumes(ClusterId cluster, ExportId exported) const;

  /// The remote networks that a consumer gets an endpoint for: sources other than its own network and those that its
  /// istiod reads itself, not pending; ascending. Empty for a cluster that does not consume.
  std::vector<NetworkId> live_sources(ClusterId cluster, ExportId exported) const;

  // remote_secrets.cpp
  /// The cluster's istiod reads the clusters of the network, which are of its own mesh: it finds their pods and
  /// gateways without us.
  bool reads(ClusterId cluster, NetworkId network) const;
  /// The remote networks where its istiod finds pods of the export. Where it has workloads of its own, it gets them
  /// whether it consumes or not: whatever the selector matches.
  ReadNetworks read_networks(ClusterId cluster, ExportId exported) const;
  /// The sources of the export in the cluster's own mesh, if that has remote secrets; null if there are none.
  const ReadableSources* readable(ClusterId cluster, ExportId exported) const;
  /// Where a Service is merged on the cluster's own network by others of its mesh, which it reads; null elsewhere.
  const MergedService* merged_beside(ClusterId cluster, ExportId exported) const;
  /// The cluster's pods answer callers on other networks: it serves the export, or merges it on the network of clusters
  /// of its mesh that serve it and read it, whose gateways send calls to all pods that their istiods find there.
  bool answers_others(ClusterId cluster, ExportId exported) const;
  /// A consumer without workloads of its own whose istiod finds pods of the export on its own network.
  bool reads_beside(ClusterId cluster, ExportId exported) const;
  /// What the cluster has of the export selects pods: its own, or those that its istiod finds elsewhere.
  bool selects_pods(ClusterId cluster, ExportId exported) const;

  /// The cluster whose pods its objects describe: itself, or where it has no workloads and reads others, the first of
  /// these.
  ClusterId pods_of(ClusterId cluster, ExportId exported) const;

  /// Every remote network that the cluster consumes from by its gateways now, ascending.
  std::vector<NetworkId> remote_networks(ClusterId cluster) const;

  /// The gateways of `network`, pending ones left out, as clusters of the network `viewer` see them.
  Reach reach(NetworkId network, NetworkId viewer) const;

  /// The cluster's proxies dial the network at more than one address: it has several gateways, or one of them several
  /// addresses. By an egress gateway there is one address, the egress Service's.
  bool dials_several_addresses(ClusterId cluster, NetworkId network) const;

  /// The locality that the source clusters of an export in one network share: the longest common prefix of
  /// region/zone/subzone, empty if there is none.
  std::string locality(ExportId exported, NetworkId network) const;

  /// Whom a mesh talks to, in either direction, without itself; ascending.
  std::vector<MeshId> peers(MeshId mesh) const;
  /// No other mesh has its trust domain.
  bool has_own_trust_domain(MeshId mesh) const;
  /// What a mesh says, else what [trust] says.
  const Value<Cacerts>& cacerts(MeshId id) const {
    return mesh(id).cacerts.state == State::absent ? federation.trust->cacerts : mesh(id).cacerts;
  }
  /// The trust domains of a mesh's callers other than its own, in byte order and without repetitions.
  std::vector<std::string_view> foreign_domains(MeshId mesh) const;

  Places places(ClusterId cluster, ExportId exported) const;

  /// The table of [export.*.at.*] that decides a key in a cluster: the cluster's own if it says the key, else its
  /// mesh's; null if neither does.
  template <class T>
  const Place* place_of(ClusterId cluster, ExportId exported, T Place::*key) const {
    const Places both = places(cluster, exported);
    for (const Place* place : {both.cluster, both.mesh}) {
      if (place && (place->*key).state != State::absent) return place;
    }
    return nullptr;
  }

  /// A key of an export as it holds in a cluster: what stands in [export.*.at.*], else in the export's own table.
  const Name& workload_namespace(ClusterId cluster, ExportId exported) const;
  Selectors selectors(ClusterId cluster, ExportId exported) const;
  const Names& service_accounts(ClusterId cluster, ExportId exported) const;
  const Value<Weight>& weight(ClusterId cluster, ExportId exported) const;
  const Value<ConnectionPool>& connection_pool(ClusterId cluster, ExportId exported) const;
  const Names& alias(ClusterId cluster, ExportId exported) const;
  /// Absent where calls are not shared out.
  const Numbers& share(ClusterId cluster, ExportId exported) const;
  /// The port of the pods, absent where it is nowhere said; and the same with the default.
  const Value<int>& target(ClusterId cluster, ExportId exported, const Port& port) const;
  int target_number(ClusterId cluster, ExportId exported, const Port& port) const;

  /// Calls `visit(host)` for the export's host, and for each alias that the cluster has: as a consumer those that hold
  /// there, and all of them if it serves others.
  template <class Visit>
  void each_host_at(ClusterId cluster, ExportId exported, Visit visit) const {
    if (serves(cluster, exported)) {
      each_host(exports[exported], visit);
      return;
    }
    visit(exports[exported].host);
    for (const Name& own : *alias(cluster, exported)) {
      if (own.given()) visit(*own);
    }
  }
  bool has_host(ClusterId cluster, ExportId exported, std::string_view host) const;
  bool has_aliases(ClusterId cluster, ExportId exported) const;

  /// The namespace where a cluster's objects of the host live.
  const std::string& host_namespace(ClusterId cluster, ExportId exported) const;
  const std::string& egress_namespace(ClusterId cluster) const;
  /// The namespace of the cluster's east-west gateway, were there one. Of an unknown mesh: Istio's default.
  const std::string& gateway_namespace(ClusterId cluster) const;

  /// How the cluster's clients treat endpoints of the export that fail: what the export says, over what holds there.
  Outlier outlier(ClusterId cluster, ExportId exported) const;

  /// What installs the cluster's istiod is written, too.
  bool installs(ClusterId cluster) const { return *clusters[cluster].settings.install->by != Installer::none; }

  /// The Gateway API bundle of a cluster: as declared, else the one that its Istio ships with.
  GatewayApi bundle(ClusterId cluster) const;
  EgressMode egress(ClusterId cluster, NetworkId towards) const;
};

/// Where a gateway is dialled by whoever has no view of its own: at its router, if it has one.
const Names& own_addresses(const Gateway& gateway);
const Value<int>& own_port(const Gateway& gateway);

/// As declared; nobody outside dials the Service of a gateway that has a router.
ServiceType service_type_of(const Gateway& gateway);

/// The port of a gateway as one viewer dials it, and the addresses: its `seen_from` entry, else its own.
const Names& addresses_for(const Gateway& gateway, const std::string& viewer_network);
const Value<int>& port_for(const Gateway& gateway, const std::string& viewer_network);

/// The first part of a cluster's locality; empty if it declares none.
std::string_view region_of(const Cluster& cluster);

/// The item of `passes` for the host: other Istio Gateways pass it by this gateway already. Null if there is none, and
/// for a gateway that is deployed from here, which nobody else uses.
const Name* passed_by_others(const Gateway& gateway, std::string_view host);

/// The protocol of a port: as declared, else from the prefix of its name; none if neither says.
std::optional<Protocol> protocol_of(const Port& port);
int target_of(const Port& port);

/// The bundle that an Istio minor was released with: sigs.k8s.io/gateway-api in its go.mod.
GatewayApi shipped_bundle(Istio istio);

/// The version of TLSRoute that a cluster's istiod watches and its bundle serves; none if there is none. istiod watches
/// v1alpha2 up to 1.29, with its alpha flag, and v1 from 1.30 on, if the CRDs are of 1.5 or later
/// (istio/istio pkg/config/schema/gatewayapi/minimumversions.go).
enum class TlsRouteVersion : std::uint8_t { v1alpha2, v1 };
std::optional<TlsRouteVersion> tls_route_version(const Settings& settings, GatewayApi bundle);

}  // namespace meshfed::model
