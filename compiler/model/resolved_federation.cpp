#include "model/resolved_federation.hpp"

#include <algorithm>

#include "base/sorted.hpp"
#include "model/address.hpp"

namespace meshfed::model {
namespace {

template <class Table>
std::uint32_t find(const std::vector<Table>& tables, std::string_view name) {
  const auto found = std::lower_bound(tables.begin(), tables.end(), name,
                                      [](const Table& table, std::string_view wanted) { return *table.name < wanted; });
  return found != tables.end() && *found->name == name ? static_cast<std::uint32_t>(found - tables.begin()) : kNone;
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

const Names& addresses_for(const Gateway& gateway, const std::string& viewer_network) {
  const View* view = view_from(gateway, viewer_network);
  return view ? view->addresses : gateway.addresses;
}

const Value<int>& port_for(const Gateway& gateway, const std::string& viewer_network) {
  const View* view = view_from(gateway, viewer_network);
  return view && view->port.given() ? view->port : gateway.port;
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

const std::string& ResolvedFederation::host_namespace(ClusterId id, ExportId exported) const {
  const Settings& settings = clusters[id].settings;
  const bool import_only = !selects_pods(id, exported) && exports[exported].naming == Naming::global;
  return import_only && settings.import_namespace.given() ? *settings.import_namespace
                                                          : *this->exported(exported).namespace_;
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

GatewayApi ResolvedFederation::bundle(ClusterId id) const {
  const Settings& settings = clusters[id].settings;
  return settings.gateway_api.given() ? *settings.gateway_api : shipped_bundle(*settings.istio);
}

EgressMode ResolvedFederation::egress(ClusterId id, NetworkId towards) const {
  const Settings& defaults = federation.defaults;
  const Settings& mesh = clusters[id].mesh == kNone ? defaults : mesh_of(id).settings;
  return egress_towards({&cluster(id).settings, &mesh, &defaults}, *network(towards).name);
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
