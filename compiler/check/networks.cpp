// Networks, and the gateways that lead into them.
#include <fmt/core.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "check/rules.hpp"
#include "model/naming.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::Cluster;
using model::ClusterId;
using model::ExportId;
using model::Gateway;
using model::kNone;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::all_known;
using resolve::each_import;
using resolve::live_gateway;
using resolve::Traffic;
using resolve::traffic_of;

// MF0501: all clusters of a network are of one mesh.
void networks_are_of_one_mesh(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (NetworkId id = 0; id < resolved.networks.size(); ++id) {
    ClusterId first = kNone;
    for (const ClusterId cluster : resolved.networks[id].clusters) {
      const model::MeshId mesh = resolved.clusters[cluster].mesh;
      if (mesh == kNone) continue;
      if (first == kNone) first = cluster;
      if (mesh == resolved.clusters[first].mesh) continue;
      const Cluster& other = resolved.cluster(first);
      sink.report(resolved.cluster(cluster).network.span, diag::NetworkInTwoMeshes, *resolved.network(id).name,
                  *other.mesh, *resolved.cluster(cluster).mesh)
          .note(other.network.span, fmt::format("cluster \"{}\" of mesh \"{}\" is on it", *other.name, *other.mesh));
      break;
    }
  }
}

/// How to learn the address of a gateway, by what Kubernetes makes of its Service.
std::string how_to_ask(const ResolvedFederation& resolved, ClusterId id, const Gateway& gateway) {
  const std::string kubectl = fmt::format("kubectl --context {} get", *resolved.cluster(id).name);
  const std::string& ns = resolved.gateway_namespace(id);
  if (!*gateway.deploy) {
    return fmt::format("set `gateway.addresses` to the EXTERNAL-IP of its Service:\n  {} services --namespace {}",
                       kubectl, ns);
  }
  const std::string service =
      fmt::format("{} service --namespace {} {}", kubectl, ns, model::deployed_service_name(*gateway.name));
  const std::string later =
      "set `gateway.pending = true` until the gateway is applied, then set `gateway.addresses` to ";
  switch (*gateway.service_type) {
    case model::ServiceType::load_balancer:
      break;
    case model::ServiceType::node_port:
      return fmt::format(
          "{}addresses of nodes, and `gateway.port` to the port that this command prints:\n"
          "  {} nodes --output wide\n  {} --output jsonpath='{{.spec.ports[?(@.port==15443)].nodePort}}'",
          later, kubectl, service);
    case model::ServiceType::cluster_ip:
      return fmt::format("{}the address that forwards to port 15443 of this Service:\n  {}", later, service);
  }
  return fmt::format(
      "{}the output of this command:\n  {} --output jsonpath=\"{{.status.loadBalancer.ingress[*]['ip','hostname']}}\"",
      later, service);
}

/// Every network that consumes from there has a view of its own, so the gateway's own addresses are never dialled.
bool every_consumer_has_a_view(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id,
                               const Gateway& gateway) {
  const NetworkId own = resolved.clusters[id].network;
  if (own == kNone || gateway.seen_from.empty()) return false;
  const std::vector<NetworkId>& consumers = traffic.consumers[own];
  return !consumers.empty() && std::all_of(consumers.begin(), consumers.end(), [&](NetworkId viewer) {
    return &model::addresses_for(gateway, *resolved.network(viewer).name) != &model::own_addresses(gateway);
  });
}

// MF0502: a gateway says how it is reached, or that it is not reachable yet.
void gateways_have_addresses(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway || gateway->addresses.state != model::State::absent) continue;
    if (gateway->router.state != model::State::absent) continue;
    if (every_consumer_has_a_view(resolved, traffic, id, *gateway)) continue;
    const Cluster& cluster = resolved.cluster(id);
    diag::Report& report = sink.report(cluster.gateway.span, diag::GatewayWithoutAddresses, *cluster.name);
    if (sink.wants_detail()) report.advise(how_to_ask(resolved, id, *gateway));
  }
}

/// Who waits for a pending network, and for what.
struct Waiting {
  std::vector<std::string_view> clusters;
  std::vector<std::string_view> hosts;
};

std::vector<Waiting> who_waits(const ResolvedFederation& resolved) {
  std::vector<Waiting> waiting(resolved.networks.size());
  each_import(resolved, [&](ClusterId cluster, ExportId exported, NetworkId network) {
    if (!resolved.networks[network].pending) return;
    waiting[network].clusters.push_back(*resolved.cluster(cluster).name);
    waiting[network].hosts.push_back(*resolved.exported(exported).name);
  });
  for (Waiting& one : waiting) {
    base::sort_unique(one.clusters);
    base::sort_unique(one.hosts);
  }
  return waiting;
}

std::string held_back(const Waiting& waiting) {
  constexpr std::size_t kShown = 3;
  const bool one = waiting.clusters.size() == 1;
  return fmt::format("{} {} {} not get {} from there yet", one ? "cluster" : "clusters",
                     base::join(waiting.clusters, ", ", kShown), one ? "does" : "do",
                     base::join(waiting.hosts, ", ", kShown));
}

// MF0503: a gateway that is pending holds somebody back, and that is not forgotten.
void pending_gateways_are_remembered(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<Waiting> waiting = who_waits(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Cluster& cluster = resolved.cluster(id);
    if (!cluster.gateway.given() || !(*cluster.gateway)->pending.given() || !*(*cluster.gateway)->pending) continue;
    const NetworkId network = resolved.clusters[id].network;
    if (network == kNone) continue;
    const std::string who = !resolved.networks[network].pending ? "its network has other gateways"
                            : waiting[network].clusters.empty() ? "no cluster waits for it"
                                                                : held_back(waiting[network]);
    sink.report((*cluster.gateway)->pending.span, diag::PendingGateway, *cluster.name, who).about_cluster(id);
  }
}

template <class Visit>
void each_view(const ResolvedFederation& resolved, Visit visit) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const auto& gateway = resolved.cluster(id).gateway;
    if (!gateway.given() || resolved.clusters[id].network == kNone) continue;
    for (const model::View& view : (*gateway)->seen_from) {
      const NetworkId viewer = resolved.find_network(*view.network);
      if (viewer != kNone) visit(id, view, viewer);
    }
  }
}

// MF0510: `seen_from` names other networks.
void views_are_of_others(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_view(resolved, [&](ClusterId id, const model::View& view, NetworkId viewer) {
    if (viewer == resolved.clusters[id].network) {
      sink.report(view.network.span, diag::SeenFromItself, *resolved.cluster(id).name, *view.network);
    }
  });
}

// MF0511: somebody on the network that `seen_from` names consumes from here.
void views_are_used(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  if (!all_known(resolved)) return;
  each_view(resolved, [&](ClusterId id, const model::View& view, NetworkId viewer) {
    const NetworkId own = resolved.clusters[id].network;
    const std::vector<NetworkId>& consumers = traffic.consumers[own];
    if (viewer == own || std::binary_search(consumers.begin(), consumers.end(), viewer)) return;
    sink.report(view.network.span, diag::SeenFromNobody, *view.network, *resolved.network(own).name).about_cluster(id);
  });
}

}  // namespace

void check_networks(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  networks_are_of_one_mesh(resolved, sink);
  gateways_have_addresses(resolved, traffic, sink);
  pending_gateways_are_remembered(resolved, sink);
  views_are_of_others(resolved, sink);
  views_are_used(resolved, traffic, sink);
}

}  // namespace meshfed::check
