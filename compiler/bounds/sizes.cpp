#include "bounds/sizes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <tuple>

#include "model/naming.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::bounds {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::Mtls;
using model::Naming;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_import;
using resolve::egress_networks;
using resolve::Traffic;

/// Metadata, and all that does not grow.
constexpr std::size_t kBase = 600;

/// A string in a JSON list: quotes and a comma.
std::size_t item(std::size_t bytes) { return bytes + 3; }

std::size_t selector_bytes(const model::Labels& selector) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : *selector) bytes += item(key->size()) + item(value->size());
  return bytes;
}

/// Of a route's objects: `*.<host>` once, and in a VirtualService an SNI per port. What is behind a router has a name
/// per port in both places.
std::size_t route_bytes(const ResolvedFederation& resolved, ExportId id, const std::string& host,
                        bool by_virtual_service) {
  const bool routed = resolved.exports[id].routed;
  std::size_t bytes = routed ? 0 : item(host.size() + 2);
  for (const model::Port& port : *resolved.exported(id).ports) {
    if (routed)
      bytes += (by_virtual_service ? 2 : 1) * item(model::router_name(*port.number, host).size());
    else if (by_virtual_service)
      bytes += item(model::sni(*port.number, host).size());
  }
  return bytes;
}

/// What a route lists of a host.
std::size_t route_hosts(const ResolvedFederation& resolved, ExportId id) {
  return resolved.exports[id].routed ? resolved.exported(id).ports->size() : 1;
}

void add_served_hosts(const ResolvedFederation& resolved, std::vector<PredictedObjects>& predicted) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    for (const ClusterId cluster : resolved.exports[id].from) {
      const auto& gateway = *resolved.cluster(cluster).gateway;
      each_host(resolved.exports[id], [&](const std::string& host) {
        if (gateway && resolved.exports[id].routed)
          predicted[cluster].objects += (*gateway->router ? 2 : 1) * resolved.exported(id).ports->size();
        if (gateway && model::passed_by_others(*gateway, host)) return;
        predicted[cluster].chains += resolved.exported(id).ports->size();
        predicted[cluster].served_bytes += item(host.size());
      });
    }
  }
}

bool by_virtual_service(const model::Cluster& cluster) {
  return *cluster.egress_gateway->route == model::EgressRoute::virtualservice;
}

void add_remote_networks(const ResolvedFederation& resolved, const Traffic& traffic,
                         std::vector<PredictedObjects>& predicted) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    for (const NetworkId network : egress_networks(resolved, traffic, id))
      predicted[id].remotes.push_back({network, 0, kBase});
  }
  each_import(resolved, [&](ClusterId cluster, ExportId exported, NetworkId network) {
    std::vector<RemoteNetwork>& remotes = predicted[cluster].remotes;
    const auto remote = std::lower_bound(remotes.begin(), remotes.end(), network,
                                         [](const RemoteNetwork& a, NetworkId wanted) { return a.network < wanted; });
    if (remote == remotes.end() || remote->network != network) return;
    const bool routes = by_virtual_service(resolved.cluster(cluster));
    resolved.each_host_at(cluster, exported, [&](const std::string& host) {
      remote->hosts += route_hosts(resolved, exported);
      remote->route_bytes += route_bytes(resolved, exported, host, routes);
    });
  });
}

/// From where one cluster gets a host.
struct Places {
  std::size_t dialled = 0;  // networks, by their gateways
  std::size_t read = 0;     // networks where istiod finds the pods
  bool several = false;     // of the only one: a call can end at more than one address
};

/// The objects of one host in one cluster.
std::size_t host_objects(const ResolvedFederation& resolved, ClusterId cluster, ExportId id, const Places& from) {
  const bool local = resolved.has_workloads(cluster, id);
  const bool beside = resolved.reads_beside(cluster, id);
  const bool selects = resolved.selects_pods(cluster, id);
  const bool global = resolved.exports[id].naming == Naming::global;
  if (!selects && from.dialled == 0) return 0;
  const bool ours = global || !local;  // the ServiceEntry or Service is the compiler's
  const std::size_t entries = global && !selects ? 0 : from.dialled;
  const std::size_t places = (local || beside ? 1U : 0U) + from.dialled + from.read;
  const bool said = resolved.exports[id].routed || resolved.connection_pool(cluster, id).given();
  const bool called = (beside || from.dialled + from.read > 0) && said;
  const bool choice = places > 1 || from.several;
  const std::size_t rule = (choice || called) && *resolved.exported(id).destination_rule ? 1 : 0;
  const bool policy = local && resolved.exported(id).callers.given();
  std::size_t hosts = 0;
  resolved.each_host_at(cluster, id, [&](const std::string&) { ++hosts; });
  const std::size_t aliases = (hosts - 1) * (1 + rule);
  return (ours ? 1U : 0U) + entries + rule + (policy ? 1U : 0U) + aliases;
}

void add_host_objects(const ResolvedFederation& resolved, const Traffic& traffic,
                      std::vector<PredictedObjects>& predicted) {
  const std::vector<std::vector<NetworkId>> several = networks_of_several_addresses(resolved, traffic);
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const ExportInfo& info = resolved.exports[id];
    if (!info.usable) continue;
    std::size_t live = 0;
    for (const NetworkId source : info.sources) live += resolved.networks[source].pending ? 0U : 1U;
    const auto dialled = [&](ClusterId cluster) {
      if (const model::ReadableSources* readable = resolved.readable(cluster, id)) return live - readable->live;
      const NetworkId own = resolved.clusters[cluster].network;
      const bool beside = std::binary_search(info.sources.begin(), info.sources.end(), own);
      return live - (beside && !resolved.networks[own].pending ? 1U : 0U);
    };
    for (const ClusterId cluster : info.consumers) {
      if (!resolved.clusters[cluster].usable()) continue;
      const model::ReadNetworks read = resolved.read_networks(cluster, id);
      Places from{dialled(cluster), read.count, false};
      if (from.dialled == 1 && read.count == 0 && !several[cluster].empty()) {
        from.several = std::binary_search(several[cluster].begin(), several[cluster].end(),
                                          resolved.live_sources(cluster, id).front());
      } else if (from.dialled == 0 && read.count == 1) {
        from.several = resolved.dials_several_addresses(cluster, read.first);
      }
      predicted[cluster].objects += host_objects(resolved, cluster, id, from);
    }
    for (const std::vector<ClusterId>* locals : {&info.from, &info.merge}) {
      for (const ClusterId cluster : *locals) {
        if (resolved.consumes(cluster, id)) continue;
        const Places from{0, resolved.read_networks(cluster, id).count, false};
        predicted[cluster].objects += host_objects(resolved, cluster, id, from);
      }
    }
  }
}

void add_infrastructure(const ResolvedFederation& resolved, const Traffic& traffic,
                        std::vector<PredictedObjects>& predicted) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    PredictedObjects& of_cluster = predicted[id];
    const model::Cluster& cluster = resolved.cluster(id);
    const auto& networks = traffic.wanted[id];
    const auto dialled = [&](NetworkId network) { return !resolved.networks[network].pending; };
    of_cluster.objects += *resolved.clusters[id].settings.mtls == Mtls::unmanaged ? 0U : 1U;
    if (cluster.gateway.given()) {
      const model::Gateway& gateway = **cluster.gateway;
      const std::size_t deployment = gateway.replicas.given() ? 2 : 1;  // and a ConfigMap
      of_cluster.objects += (of_cluster.chains > 0 ? 1U : 0U) + (*gateway.deploy ? deployment : 0U);
    }
    of_cluster.objects += static_cast<std::size_t>(std::count_if(networks.begin(), networks.end(), dialled));
    if (of_cluster.remotes.empty()) continue;
    const std::size_t backend = *cluster.egress_gateway->backend == model::EgressBackend::serviceentry ? 1 : 2;
    const std::size_t route = by_virtual_service(cluster) ? 2 : 1;
    of_cluster.objects += cluster.egress_gateway->replicas.given() && *cluster.egress_gateway->deploy ? 1U : 0U;
    of_cluster.objects += *cluster.egress_gateway->deploy ? 1U : 0U;
    of_cluster.objects += of_cluster.remotes.size() * (backend + route + 1);  // and a DestinationRule
  }
}

}  // namespace

std::vector<PredictedObjects> predict_objects(const ResolvedFederation& resolved, const Traffic& traffic) {
  std::vector<PredictedObjects> predicted(
      resolved.clusters.size(), PredictedObjects{.objects = 0, .chains = 0, .served_bytes = kBase, .remotes = {}});
  add_served_hosts(resolved, predicted);
  add_remote_networks(resolved, traffic, predicted);
  add_host_objects(resolved, traffic, predicted);
  add_infrastructure(resolved, traffic, predicted);
  return predicted;
}

std::size_t policy_bytes(const ResolvedFederation& resolved, ExportId id) {
  constexpr std::size_t kPath = std::string_view("/ns//sa/").size();
  const Export& exported = resolved.exported(id);
  std::size_t bytes = kBase;
  for (const model::Name& caller : *exported.callers) {
    const model::MeshId mesh = resolved.find_mesh(std::string_view(*caller).substr(0, caller->find('/')));
    if (mesh != model::kNone) bytes += item(caller->size() + kPath + resolved.mesh(mesh).trust_domain->size());
  }
  return bytes;
}

std::size_t backend_bytes(const std::vector<std::string>& addresses) {
  std::size_t bytes = kBase;
  for (const std::string& address : addresses)
    bytes += item(address.size()) + std::string_view(R"({"address":})").size();
  return bytes;
}

namespace {

/// What identities consist of: clusters that have the same in common add them once.
using Servers = std::tuple<std::string_view, std::string_view, const model::Names*>;

std::size_t identity_bytes(const Servers& servers) {
  const auto& [domain, ns, accounts] = servers;
  std::size_t bytes = 0;
  for (const model::Name& account : **accounts) bytes += item(model::spiffe_id(domain, ns, *account).size());
  return bytes;
}

/// Of whoever may answer one cluster: those that serve, those that others of their mesh find, and itself.
std::size_t identities_bytes(const ResolvedFederation& resolved, ExportId id) {
  std::set<Servers> all;
  std::size_t itself = 0;  // the largest that only the cluster itself accepts
  for (const ClusterId cluster : resolve::serving_clusters(resolved.exports[id])) {
    const model::ClusterInfo& info = resolved.clusters[cluster];
    if (info.mesh == model::kNone) continue;
    const Servers servers{*resolved.mesh_of(cluster).trust_domain, *resolved.workload_namespace(cluster, id),
                          &resolved.service_accounts(cluster, id)};
    const bool found = *resolved.mesh_of(cluster).remote_secrets;
    if (found || resolved.serves(cluster, id))
      all.insert(servers);
    else
      itself = std::max(itself, identity_bytes(servers));
  }
  std::size_t bytes = itself;
  for (const Servers& servers : all) bytes += identity_bytes(servers);
  return bytes;
}

}  // namespace

std::size_t entry_bytes(const ResolvedFederation& resolved, ExportId id) {
  const Export& exported = resolved.exported(id);
  const ExportInfo& info = resolved.exports[id];
  std::size_t bytes = kBase + identities_bytes(resolved, id);
  std::size_t locality = 0;
  for (const ClusterId cluster : info.from) locality = std::max(locality, resolved.cluster(cluster).locality->size());
  constexpr std::size_t kEndpoint =
      std::string_view(R"({"network":"","weight":1000,"labels":{"security.istio.io/tlsMode":"istio"}},)").size();
  for (const model::Place& place : exported.at) {
    for (const auto& [network, percent] : *place.share) locality = std::max(locality, network->size());
  }
  if (locality > 0) locality += std::string_view(R"("locality":"",)").size();
  for (const NetworkId source : info.sources) bytes += kEndpoint + resolved.network(source).name->size() + locality;
  for (const model::Name& ns : *exported.visible_to) bytes += item(ns->size());
  for (const model::Name& vip : *exported.vip) bytes += item(vip->size());
  std::size_t selector = selector_bytes(exported.selector);
  for (const model::Place& place : exported.at) selector = std::max(selector, selector_bytes(place.selector));
  bytes += selector;
  constexpr std::size_t kPort =
      std::string_view(R"({"name":"","number":65535,"protocol":"HTTP","targetPort":65535},)").size();
  for (const model::Port& port : *exported.ports) bytes += kPort + port.name->size();
  return bytes;
}

}  // namespace meshfed::bounds
