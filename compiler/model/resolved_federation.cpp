#include "model/resolved_federation.hpp"

#include <algorithm>

#include "base/sorted.hpp"
#include "model/address.hpp"
#include "model/naming.hpp"

namespace meshfed::model {
namespace {

template <class Table>
std::uint32_t find(const std::vector<Table>& tables, std::string_view name) {
  const auto found = std::lower_bound(tables.begin(), tables.end(), name,
                                      [](const Table& table, std::string_view wanted) { return *table.name < wanted; });
  return found != tables.end() && *found->name == name ? static_cast<std::uint32_t>(found - tables.begin()) : kNone;
}

/// Null if there is no table of that name.
const Place* find_place(const std::vector<Place>& places, const std::string& name) {
  const std::uint32_t found = find(places, name);
  return found == kNone ? nullptr : &places[found];
}

/// Null if there is no such name.
const Value<int>* find_number(const Numbers& numbers, const std::string& name) {
  const auto found =
      std::lower_bound(numbers->begin(), numbers->end(), name,
                       [](const auto& entry, const std::string& wanted) { return *entry.first < wanted; });
  return found != numbers->end() && *found->first == name ? &found->second : nullptr;
}

const View* view_from(const Gateway& gateway, const std::string& network) {
  const auto found = std::lower_bound(gateway.seen_from.begin(), gateway.seen_from.end(), network,
                                      [](const View& view, const std::string& name) { return *view.network < name; });
  return found != gateway.seen_from.end() && *found->network == network ? &*found : nullptr;
}

/// The longest prefix of whole components that two localities share.
std::string common_locality(const std::string& a, const std::string& b) {
  std::size_t shared = 0;
  for (std::size_t i = 0; i <= std::min(a.size(), b.size()); ++i) {
    const bool ends_a = i == a.size() || a[i] == '/';
    const bool ends_b = i == b.size() || b[i] == '/';
    if (ends_a && ends_b) shared = i;
    if (i == a.size() || i == b.size() || a[i] != b[i]) break;
  }
  return a.substr(0, shared);
}

}  // namespace

MeshId ResolvedFederation::find_mesh(std::string_view name) const { return find(federation.meshes, name); }
NetworkId ResolvedFederation::find_network(std::string_view name) const { return find(federation.networks, name); }
ClusterId ResolvedFederation::find_cluster(std::string_view name) const { return find(federation.clusters, name); }
ExportId ResolvedFederation::find_export(std::string_view name) const { return find(federation.exports, name); }

bool ResolvedFederation::serves(ClusterId cluster, ExportId exported) const {
  return base::contains(exports[exported].from, cluster);
}

bool ResolvedFederation::has_workloads(ClusterId cluster, ExportId exported) const {
  return serves(cluster, exported) || base::contains(exports[exported].merge, cluster);
}

bool ResolvedFederation::consumes(ClusterId cluster, ExportId exported) const {
  return base::contains(exports[exported].consumers, cluster);
}

std::vector<NetworkId> ResolvedFederation::live_sources(ClusterId cluster, ExportId exported) const {
  std::vector<NetworkId> live;
  if (!consumes(cluster, exported)) return live;
  for (const NetworkId source : exports[exported].sources) {
    if (source == clusters[cluster].network || networks[source].pending || reads(cluster, source)) continue;
    live.push_back(source);
  }
  return live;
}

std::vector<NetworkId> ResolvedFederation::remote_networks(ClusterId cluster) const {
  std::vector<NetworkId> remote;
  for (const ExportId host : clusters[cluster].hosts) {
    const std::vector<NetworkId> live = live_sources(cluster, host);
    remote.insert(remote.end(), live.begin(), live.end());
  }
  base::sort_unique(remote);
  return remote;
}

const Names& own_addresses(const Gateway& gateway) {
  const std::optional<Router>& router = *gateway.router;
  return router ? router->addresses : gateway.addresses;
}

const Value<int>& own_port(const Gateway& gateway) {
  static const Value<int> router_port{kRouterPort};
  return *gateway.router && gateway.port.state == State::absent ? router_port : gateway.port;
}

ServiceType service_type_of(const Gateway& gateway) {
  const bool behind_router = *gateway.router && gateway.service_type.state == State::absent;
  return behind_router ? ServiceType::cluster_ip : *gateway.service_type;
}

const Names& addresses_for(const Gateway& gateway, const std::string& viewer_network) {
  const View* view = view_from(gateway, viewer_network);
  return view ? view->addresses : own_addresses(gateway);
}

const Value<int>& port_for(const Gateway& gateway, const std::string& viewer_network) {
  const View* view = view_from(gateway, viewer_network);
  return view && view->port.given() ? view->port : own_port(gateway);
}

const Name* passed_by_others(const Gateway& gateway, std::string_view host) {
  if (*gateway.deploy) return nullptr;
  const auto covers = [&](const Name& pattern) {
    return pattern->starts_with('*') ? host.ends_with(std::string_view(*pattern).substr(1)) : host == *pattern;
  };
  const auto found = std::find_if(gateway.passes->begin(), gateway.passes->end(), covers);
  return found == gateway.passes->end() ? nullptr : &*found;
}

Reach ResolvedFederation::reach(NetworkId target, NetworkId viewer) const {
  Reach reach;
  for (const ClusterId id : networks[target].clusters) {
    const std::optional<Gateway>& gateway = *cluster(id).gateway;
    if (!gateway || *gateway->pending) continue;
    const std::string& seen_from = *network(viewer).name;
    reach.port = *port_for(*gateway, seen_from);
    for (const Name& address : *addresses_for(*gateway, seen_from)) {
      reach.addresses.push_back(canonical_address(*address));
      reach.all_ips = reach.all_ips && is_ip(*address);
    }
  }
  base::sort_unique(reach.addresses);
  return reach;
}

bool ResolvedFederation::dials_several_addresses(ClusterId cluster, NetworkId target) const {
  if (egress(cluster, target) == EgressMode::gateway) return false;
  return reach(target, clusters[cluster].network).addresses.size() > 1;
}

std::string ResolvedFederation::locality(ExportId exported, NetworkId network) const {
  std::optional<std::string> shared;
  for (const ClusterId id : networks[network].clusters) {
    if (!serves(id, exported)) continue;
    const std::string& own = *cluster(id).locality;
    shared = shared ? common_locality(*shared, own) : own;
  }
  return shared.value_or("");
}

Places ResolvedFederation::places(ClusterId id, ExportId exported) const {
  const std::vector<Place>& all = this->exported(exported).at;
  if (all.empty()) return {nullptr, nullptr};
  const MeshId mesh = clusters[id].mesh;
  return {find_place(all, *cluster(id).name), mesh == kNone ? nullptr : find_place(all, *this->mesh(mesh).name)};
}

const Name& ResolvedFederation::workload_namespace(ClusterId id, ExportId exported) const {
  const Place* place = place_of(id, exported, &Place::namespace_);
  return place ? place->namespace_ : this->exported(exported).namespace_;
}

/// A table that says either of the two replaces both: the pods are found in one way.
Selectors ResolvedFederation::selectors(ClusterId id, ExportId exported) const {
  const Places both = places(id, exported);
  for (const Place* place : {both.cluster, both.mesh}) {
    if (!place || (place->selector.state == State::absent && place->canonical_name.state == State::absent)) continue;
    return {place->selector, place->canonical_name};
  }
  return {this->exported(exported).selector, this->exported(exported).canonical_name};
}

const Names& ResolvedFederation::service_accounts(ClusterId id, ExportId exported) const {
  const Place* place = place_of(id, exported, &Place::service_accounts);
  return place ? place->service_accounts : this->exported(exported).service_accounts;
}

const Value<Weight>& ResolvedFederation::weight(ClusterId id, ExportId exported) const {
  const Place* place = place_of(id, exported, &Place::weight);
  return place ? place->weight : this->exported(exported).weight;
}

const Value<ConnectionPool>& ResolvedFederation::connection_pool(ClusterId id, ExportId exported) const {
  const Place* place = place_of(id, exported, &Place::connection_pool);
  return place ? place->connection_pool : this->exported(exported).connection_pool;
}

const Names& ResolvedFederation::alias(ClusterId id, ExportId exported) const {
  const Place* place = place_of(id, exported, &Place::alias);
  return place ? place->alias : this->exported(exported).alias;
}

bool ResolvedFederation::has_host(ClusterId id, ExportId exported, std::string_view host) const {
  bool found = false;
  each_host_at(id, exported, [&](const std::string& own) { found = found || own == host; });
  return found;
}

bool ResolvedFederation::has_aliases(ClusterId id, ExportId exported) const {
  return serves(id, exported) ? !exports[exported].aliases.empty() : !alias(id, exported)->empty();
}

const Numbers& ResolvedFederation::share(ClusterId id, ExportId exported) const {
  static const Numbers kNoShare;
  const Place* place = place_of(id, exported, &Place::share);
  return place ? place->share : kNoShare;
}

/// Port by port: a table may say one port's target, and leave the others as they are.
const Value<int>& ResolvedFederation::target(ClusterId id, ExportId exported, const Port& port) const {
  const Places both = places(id, exported);
  for (const Place* place : {both.cluster, both.mesh}) {
    if (!place) continue;
    if (place->targets.bad()) return port.target;
    if (const Value<int>* number = find_number(place->targets, *port.name)) return *number;
  }
  return port.target;
}

int ResolvedFederation::target_number(ClusterId id, ExportId exported, const Port& port) const {
  const Value<int>& said = target(id, exported, port);
  return said.given() ? *said : *port.number;
}

const std::string& ResolvedFederation::host_namespace(ClusterId id, ExportId exported) const {
  const Name& import_namespace = clusters[id].settings.import_namespace;
  const bool selects = selects_pods(id, exported);
  const bool import_only = !selects && exports[exported].naming == Naming::global;
  const bool said_here = place_of(id, exported, &Place::namespace_) != nullptr;
  if (import_only && import_namespace.given() && !said_here) return *import_namespace;
  return *workload_namespace(selects && !said_here ? pods_of(id, exported) : id, exported);
}

const std::string& ResolvedFederation::egress_namespace(ClusterId id) const {
  const Name& own = cluster(id).egress_gateway->namespace_;
  return own.given() ? *own : *mesh_of(id).root_namespace;
}

const std::string& ResolvedFederation::gateway_namespace(ClusterId id) const {
  static const Mesh kUnknown;
  const std::optional<Gateway>& gateway = *cluster(id).gateway;
  if (gateway && gateway->namespace_.given()) return *gateway->namespace_;
  return *(clusters[id].mesh == kNone ? kUnknown : mesh_of(id)).root_namespace;
}

Outlier ResolvedFederation::outlier(ClusterId id, ExportId exported) const {
  return *inherit(clusters[id].settings.outlier, this->exported(exported).outlier);
}

GatewayApi ResolvedFederation::bundle(ClusterId id) const {
  const Settings& settings = clusters[id].settings;
  return settings.gateway_api.given() ? *settings.gateway_api : shipped_bundle(*settings.istio);
}

EgressMode ResolvedFederation::egress(ClusterId id, NetworkId towards) const {
  const Settings& defaults = federation.defaults;
  const Settings& mesh = clusters[id].mesh == kNone ? defaults : mesh_of(id).settings;
  return egress_towards({&cluster(id).settings, &mesh, &defaults}, *network(towards).name);
}

std::string_view region_of(const Cluster& cluster) {
  const std::string_view locality = *cluster.locality;
  return locality.substr(0, locality.find('/'));
}

std::optional<Protocol> protocol_of(const Port& port) {
  if (port.protocol.given()) return *port.protocol;
  if (!port.name.given()) return std::nullopt;
  std::optional<Protocol> found;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < std::size(kWords<Protocol>); ++i) {
    const std::string_view word = kWords<Protocol>[i];
    const std::string& name = *port.name;
    const bool prefix = name.starts_with(word) && (name.size() == word.size() || name[word.size()] == '-');
    if (prefix && word.size() > longest) {
      found = static_cast<Protocol>(i);
      longest = word.size();
    }
  }
  return found;
}

int target_of(const Port& port) { return port.target.given() ? *port.target : *port.number; }

GatewayApi shipped_bundle(Istio istio) {
  switch (istio) {
    case Istio::v1_26:
    case Istio::v1_27:
      return GatewayApi::v1_3;
    case Istio::v1_28:
    case Istio::v1_29:
      return GatewayApi::v1_4;
    case Istio::v1_30:
      return GatewayApi::v1_5;
    case Istio::v1_31:
    case Istio::v1_32:
      return GatewayApi::v1_6;
  }
  return GatewayApi::v1_6;
}

std::optional<TlsRouteVersion> tls_route_version(const Settings& settings, GatewayApi bundle) {
  if (*settings.istio >= Istio::v1_30) {
    if (bundle >= GatewayApi::v1_5) return TlsRouteVersion::v1;
    return std::nullopt;
  }
  const bool watched = *settings.alpha_gateway_api && bundle <= GatewayApi::v1_4;
  const bool served = *settings.gateway_api_channel == Channel::experimental;
  if (watched && served) return TlsRouteVersion::v1alpha2;
  return std::nullopt;
}

}  // namespace meshfed::model
