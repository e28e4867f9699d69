#include "check/sizes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "model/naming.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::Mtls;
using model::Naming;
using model::NetworkId;
using model::World;

/// Metadata, and all that does not grow.
constexpr std::size_t kBase = 600;

/// A string in a JSON list: quotes and a comma.
std::size_t item(std::size_t bytes) { return bytes + 3; }

/// Of a route's objects: `*.<host>` once, and in a VirtualService an SNI per port.
std::size_t route_bytes(const World& world, ExportId id, bool by_virtual_service) {
  const std::string& host = world.exports[id].host;
  std::size_t bytes = item(host.size() + 2);
  if (!by_virtual_service) return bytes;
  for (const model::Port& port : *world.exported(id).ports) bytes += item(model::sni(*port.number, host).size());
  return bytes;
}

void add_served_hosts(const World& world, std::vector<Load>& loads) {
  for (ExportId id = 0; id < world.exports.size(); ++id) {
    for (const ClusterId cluster : world.exports[id].from) {
      loads[cluster].chains += world.exported(id).ports->size();
      loads[cluster].served_bytes += item(world.exports[id].host.size());
    }
  }
}

bool by_virtual_service(const model::Cluster& cluster) {
  return *cluster.egress_gateway->route == model::EgressRoute::virtualservice;
}

void add_ways(const World& world, const Traffic& traffic, std::vector<Load>& loads) {
  for (ClusterId id = 0; id < loads.size(); ++id) {
    for (const NetworkId network : egress_networks(world, traffic, id)) loads[id].ways.push_back({network, 0, kBase});
  }
  each_import(world, [&](ClusterId cluster, ExportId exported, NetworkId network) {
    std::vector<Way>& ways = loads[cluster].ways;
    const auto way = std::lower_bound(ways.begin(), ways.end(), network,
                                      [](const Way& a, NetworkId wanted) { return a.network < wanted; });
    if (way == ways.end() || way->network != network) return;
    ++way->hosts;
    way->route_bytes += route_bytes(world, exported, by_virtual_service(world.cluster(cluster)));
  });
}

/// The objects of one host in one cluster, which gets it from so many networks. `several`: a call can end at more than
/// one address of the only one.
std::size_t host_objects(const World& world, ClusterId cluster, ExportId id, std::size_t sources, bool several) {
  const bool local = world.has_workloads(cluster, id);
  const bool global = world.exports[id].naming == Naming::global;
  if (!local && sources == 0) return 0;
  const bool ours = global || !local;  // the ServiceEntry or Service is the compiler's
  const std::size_t entries = global && !local ? 0 : sources;
  const bool rule = local ? sources > 0 : sources > 1 || several;
  const bool policy = local && world.exported(id).callers.given();
  return (ours ? 1U : 0U) + entries + (rule ? 1U : 0U) + (policy ? 1U : 0U);
}

/// By cluster: the networks that it dials at more than one address, ascending.
std::vector<std::vector<NetworkId>> networks_of_several_addresses(const World& world, const Traffic& traffic) {
  std::vector<std::vector<NetworkId>> several(world.clusters.size());
  for (ClusterId cluster = 0; cluster < several.size(); ++cluster) {
    const auto& wanted = traffic.wanted[cluster];
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(several[cluster]), [&](NetworkId network) {
      return !world.networks[network].pending && world.dials_several_addresses(cluster, network);
    });
  }
  return several;
}

void add_host_objects(const World& world, const Traffic& traffic, std::vector<Load>& loads) {
  const std::vector<std::vector<NetworkId>> several = networks_of_several_addresses(world, traffic);
  for (ExportId id = 0; id < world.exports.size(); ++id) {
    const ExportInfo& info = world.exports[id];
    if (!info.usable) continue;
    std::size_t live = 0;
    for (const NetworkId source : info.sources) live += world.networks[source].pending ? 0U : 1U;
    const auto remote = [&](ClusterId cluster) {
      const NetworkId own = world.clusters[cluster].network;
      const bool beside = std::binary_search(info.sources.begin(), info.sources.end(), own);
      return live - (beside && !world.networks[own].pending ? 1U : 0U);
    };
    for (const ClusterId cluster : info.consumers) {
      if (!world.clusters[cluster].usable()) continue;
      const std::size_t sources = remote(cluster);
      const bool choice =
          sources == 1 && !several[cluster].empty() &&
          std::binary_search(several[cluster].begin(), several[cluster].end(), world.live_sources(cluster, id).front());
      loads[cluster].objects += host_objects(world, cluster, id, sources, choice);
    }
    for (const std::vector<ClusterId>* locals : {&info.from, &info.merge}) {
      for (const ClusterId cluster : *locals) {
        if (!world.consumes(cluster, id)) loads[cluster].objects += host_objects(world, cluster, id, 0, false);
      }
    }
  }
}

void add_infrastructure(const World& world, const Traffic& traffic, std::vector<Load>& loads) {
  for (ClusterId id = 0; id < loads.size(); ++id) {
    Load& load = loads[id];
    const model::Cluster& cluster = world.cluster(id);
    const auto& networks = traffic.wanted[id];
    const auto dialled = [&](NetworkId network) { return !world.networks[network].pending; };
    load.objects += *world.clusters[id].settings.mtls == Mtls::unmanaged ? 0U : 1U;
    if (cluster.gateway.given()) load.objects += (load.chains > 0 ? 1U : 0U) + (*(*cluster.gateway)->deploy ? 1U : 0U);
    load.objects += static_cast<std::size_t>(std::count_if(networks.begin(), networks.end(), dialled));
    if (load.ways.empty()) continue;
    const std::size_t backend = *cluster.egress_gateway->backend == model::EgressBackend::serviceentry ? 1 : 2;
    const std::size_t route = by_virtual_service(cluster) ? 2 : 1;
    load.objects += 1 + load.ways.size() * (backend + route + 1);  // and a DestinationRule
  }
}

}  // namespace

std::vector<Load> loads_of(const World& world, const Traffic& traffic) {
  std::vector<Load> loads(world.clusters.size(), Load{.objects = 0, .chains = 0, .served_bytes = kBase, .ways = {}});
  add_served_hosts(world, loads);
  add_ways(world, traffic, loads);
  add_host_objects(world, traffic, loads);
  add_infrastructure(world, traffic, loads);
  return loads;
}

std::size_t policy_bytes(const World& world, ExportId id) {
  constexpr std::size_t kPath = std::string_view("/ns//sa/").size();
  const Export& exported = world.exported(id);
  std::size_t bytes = kBase;
  for (const model::Name& caller : *exported.callers) {
    const model::MeshId mesh = world.find_mesh(std::string_view(*caller).substr(0, caller->find('/')));
    if (mesh != model::kNone) bytes += item(caller->size() + kPath + world.mesh(mesh).trust_domain->size());
  }
  return bytes;
}

std::size_t backend_bytes(const std::vector<std::string>& addresses) {
  std::size_t bytes = kBase;
  for (const std::string& address : addresses)
    bytes += item(address.size()) + std::string_view(R"({"address":})").size();
  return bytes;
}

std::size_t entry_bytes(const World& world, ExportId id) {
  const Export& exported = world.exported(id);
  const ExportInfo& info = world.exports[id];
  std::size_t bytes = kBase;
  std::set<std::string_view> domains;
  std::size_t locality = 0;
  for (const ClusterId cluster : info.from) {
    locality = std::max(locality, world.cluster(cluster).locality->size());
    if (world.clusters[cluster].mesh != model::kNone) domains.insert(*world.mesh_of(cluster).trust_domain);
  }
  for (const std::string_view domain : domains) {
    for (const model::Name& account : *exported.service_accounts) {
      bytes += item(model::spiffe_id(domain, *exported.namespace_, *account).size());
    }
  }
  constexpr std::size_t kEndpoint =
      std::string_view(R"({"network":"","weight":1000,"labels":{"security.istio.io/tlsMode":"istio"}},)").size();
  if (locality > 0) locality += std::string_view(R"("locality":"",)").size();
  for (const NetworkId source : info.sources) bytes += kEndpoint + world.network(source).name->size() + locality;
  for (const model::Name& ns : *exported.visible_to) bytes += item(ns->size());
  for (const model::Name& vip : *exported.vip) bytes += item(vip->size());
  for (const auto& [key, value] : *exported.selector) bytes += item(key->size()) + item(value->size());
  constexpr std::size_t kPort =
      std::string_view(R"({"name":"","number":65535,"protocol":"HTTP","targetPort":65535},)").size();
  for (const model::Port& port : *exported.ports) bytes += kPort + port.name->size();
  return bytes;
}

}  // namespace meshfed::check
