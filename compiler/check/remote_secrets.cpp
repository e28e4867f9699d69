// Clusters of one mesh that read each other's API servers: what istiod then does by itself must be what was declared.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "check/items.hpp"
#include "check/readers.hpp"
#include "check/rules.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::EgressMode;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::MeshId;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::all_known;
using resolve::each_export;
using resolve::egress_networks;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;

const source::Span& secrets_span(const ResolvedFederation& resolved, MeshId mesh) {
  return resolved.mesh(mesh).remote_secrets.span;
}

/// Whether calls to the network would leave the cluster by its egress gateway, if they could.
bool asks_for_egress(const ResolvedFederation& resolved, ClusterId cluster, NetworkId network) {
  return network != resolved.clusters[cluster].network && resolved.egress(cluster, network) == EgressMode::gateway;
}

/// The networks of its own mesh that a cluster gets something from, and that its egress gateway is to lead to.
std::vector<NetworkId> bypassed(const ResolvedFederation& resolved, ClusterId id) {
  std::vector<NetworkId> networks;
  for (const ExportId host : resolved.clusters[id].hosts) {
    const model::ReadableSources* sources = resolved.readable(id, host);
    if (!sources || !resolved.exports[host].usable || resolved.read_networks(id, host).count == 0) continue;
    std::copy_if(sources->networks.begin(), sources->networks.end(), std::back_inserter(networks),
                 [&](NetworkId network) { return asks_for_egress(resolved, id, network); });
  }
  base::sort_unique(networks);
  return networks;
}

/// `a = "direct", b = "direct"`.
std::string all_direct(const ResolvedFederation& resolved, const std::vector<NetworkId>& networks) {
  std::vector<std::string> items;
  for (const NetworkId network : networks)
    items.push_back(fmt::format("{} = \"direct\"", *resolved.network(network).name));
  return fmt::format("{}", fmt::join(items, ", "));
}

/// `egress` of the cluster itself as it would have to be; empty if it is a table that says more than its default.
std::string direct_inside(const model::Cluster& cluster, const std::string& direct) {
  const auto& egress = cluster.settings.egress;
  if (!egress.given()) return fmt::format("{{ {} }}", direct);
  if (egress->table && !egress->networks.empty()) return {};
  return fmt::format("{{ default = \"{}\", {} }}", model::word(*egress->fallback), direct);
}

// MF0537: what is to leave by an egress gateway does.
void calls_leave_as_declared(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const MeshId mesh = resolved.clusters[id].mesh;
    if (!has_secrets(resolved, mesh) || resolved.clusters[id].settings.egress.bad()) continue;
    const std::vector<NetworkId> networks = bypassed(resolved, id);
    if (networks.empty()) continue;
    const model::Cluster& cluster = resolved.cluster(id);
    std::vector<std::string> names;
    for (const NetworkId network : networks) names.push_back(fmt::format("\"{}\"", *resolved.network(network).name));
    const std::string to = fmt::format("{} {}", names.size() == 1 ? "network" : "networks", base::join(names, ", ", 5));
    const auto& egress = cluster.settings.egress;
    diag::Report& report = sink.report(span_or(egress, cluster.name.span), diag::EgressInsideMesh, *cluster.name, to,
                                       *resolved.mesh(mesh).name);
    report.note(secrets_span(resolved, mesh), "declared here");
    const std::string direct = all_direct(resolved, networks);
    const std::string whole = direct_inside(cluster, direct);
    if (!egress.given())
      report.advise(fmt::format("add `egress = {}` to [cluster.{}]", whole, *cluster.name));
    else if (whole.empty() || egress->table)
      report.advise(fmt::format("set {} in `egress` of [cluster.{}]", direct, *cluster.name));
    else
      report.replace(egress.span, whole);
  }
}

/// Of one mesh: two clusters on different networks that get pods of an export by their istiods; kNone where there are
/// fewer.
struct Callers {
  ClusterId one = kNone;
  ClusterId other = kNone;
};

std::map<MeshId, Callers> callers_by_mesh(const ResolvedFederation& resolved, const ExportInfo& info) {
  std::map<MeshId, Callers> callers;
  for (const std::vector<ClusterId>* clusters : {&info.consumers, &info.from, &info.merge}) {
    for (const ClusterId cluster : *clusters) {
      const model::ClusterInfo& own = resolved.clusters[cluster];
      if (!reads_others(resolved, cluster)) continue;
      Callers& of_mesh = callers[own.mesh];
      if (of_mesh.one == kNone)
        of_mesh.one = cluster;
      else if (of_mesh.other == kNone && resolved.clusters[of_mesh.one].network != own.network)
        of_mesh.other = cluster;
    }
  }
  return callers;
}

// MF0538: pods that istiod finds on another network are behind a gateway that passes their host. One report for an item
// of `merge`.
void found_pods_are_served(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    if (!info.usable || info.merge.empty()) return;
    const std::map<MeshId, Callers> callers = callers_by_mesh(resolved, info);
    std::set<std::uint32_t> reported;
    for (const ClusterId cluster : info.merge) {
      const model::ClusterInfo& own = resolved.clusters[cluster];
      if (!reads_others(resolved, cluster) || base::contains(info.from, cluster)) continue;
      const Callers& of_mesh = callers.at(own.mesh);
      const bool beside = resolved.clusters[of_mesh.one].network == own.network;
      const ClusterId caller = beside ? of_mesh.other : of_mesh.one;
      if (caller == kNone) continue;
      const source::Span& place = items.span(exported, exported.merge, exported.to, cluster);
      if (!reported.insert(place.begin).second) continue;
      sink.report(place, diag::PodsBehindClosedGateway, *resolved.cluster(caller).name, *exported.name,
                  *resolved.cluster(cluster).name)
          .note(secrets_span(resolved, own.mesh), "the clusters of the mesh read each other");
    }
  });
}

/// Why istiod finds no address of a gateway in its Service; empty if it does.
std::string_view not_found(const model::Gateway& gateway) {
  if (*gateway.router) return "it is behind a router, which istiod does not know";
  if (!*gateway.deploy || gateway.service_type.bad()) return {};
  switch (*gateway.service_type) {
    case model::ServiceType::load_balancer:
      return {};
    case model::ServiceType::cluster_ip:
      return "its Service has type ClusterIP";
    case model::ServiceType::node_port:
      break;
  }
  const bool nodes = std::any_of(gateway.annotations->begin(), gateway.annotations->end(),
                                 [](const auto& one) { return *one.first == "traffic.istio.io/nodeSelector"; });
  return nodes ? "" : "its Service has type NodePort, and no annotation selects the nodes";
}

/// By cluster: others of its mesh, on other networks, get something from it.
std::vector<bool> found_by_others(const ResolvedFederation& resolved) {
  std::vector<bool> found(resolved.clusters.size());
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    if (!info.usable || info.readable.empty()) return;
    std::set<std::pair<MeshId, NetworkId>> callers;
    for (const std::vector<ClusterId>* clusters : {&info.consumers, &info.from, &info.merge}) {
      for (const ClusterId cluster : *clusters) {
        if (resolved.readable(cluster, id))
          callers.emplace(resolved.clusters[cluster].mesh, resolved.clusters[cluster].network);
      }
    }
    for (const ClusterId cluster : info.from) {
      const MeshId mesh = resolved.clusters[cluster].mesh;
      const auto first = callers.lower_bound({mesh, 0});
      const auto last = callers.upper_bound({mesh, kNone});
      const bool own = callers.contains({mesh, resolved.clusters[cluster].network});
      if (resolved.readable(cluster, id) && first != last && (!own || std::next(first) != last)) found[cluster] = true;
    }
  });
  return found;
}

// MF0539: the gateway of a cluster that is read by others can be found by them.
void gateways_are_found(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<bool> wanted = found_by_others(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const model::Cluster& cluster = resolved.cluster(id);
    if (!wanted[id] || !cluster.gateway.given()) continue;
    const model::Gateway& gateway = **cluster.gateway;
    const std::string_view why = not_found(gateway);
    if (why.empty()) continue;
    const MeshId mesh = resolved.clusters[id].mesh;
    const bool routed = gateway.router->has_value();
    sink.report(routed ? gateway.router.span : gateway.service_type.span, diag::GatewayHiddenInMesh,
                *resolved.mesh(mesh).name, *cluster.name, why)
        .advise(routed ? "accept MF0539 if istiod knows an address of the gateway itself from `meshNetworks`"
                : *gateway.service_type == model::ServiceType::node_port
                    ? "add the annotation: `gateway.annotations = { \"traffic.istio.io/nodeSelector\" = \"{}\" }` "
                      "selects all nodes"
                    : "use LoadBalancer, or accept MF0539 if istiod knows the address from `meshNetworks`")
        .note(secrets_span(resolved, mesh), "declared here")
        .about_cluster(id);
  }
}

/// Other Istio Gateways open it for more than one host.
bool passes_more(const model::Gateway& gateway) {
  return !*gateway.deploy && std::any_of(gateway.passes->begin(), gateway.passes->end(),
                                         [](const model::Name& pattern) { return pattern->starts_with('*'); });
}

// MF0543: the gateway of a cluster that is read by others passes what they call.
void gateways_are_open_to_their_mesh(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<bool> wanted = found_by_others(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const model::Cluster& cluster = resolved.cluster(id);
    if (!wanted[id] || !cluster.gateway.given() || (*cluster.gateway)->passes.bad()) continue;
    if (passes_more(**cluster.gateway)) continue;
    const MeshId mesh = resolved.clusters[id].mesh;
    sink.report(cluster.gateway.span, diag::GatewayClosedInMesh, *cluster.name, *resolved.mesh(mesh).name)
        .note(secrets_span(resolved, mesh), "declared here")
        .about_cluster(id);
  }
}

// MF0540: clusters that read each other are several.
void secrets_are_used(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (!all_known(resolved)) return;
  for (MeshId mesh = 0; mesh < resolved.meshes.size(); ++mesh) {
    const std::size_t clusters = resolved.meshes[mesh].clusters.size();
    if (!has_secrets(resolved, mesh) || clusters > 1) continue;
    sink.report(secrets_span(resolved, mesh), diag::UselessRemoteSecrets, *resolved.mesh(mesh).name,
                clusters == 0 ? "no cluster" : "one cluster");
  }
}

// MF0541: what stands for a remote gateway belongs to one cluster.
void headless_services_are_apart(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  std::map<std::tuple<MeshId, NetworkId, std::string_view>, ClusterId> first;  // by mesh, network, namespace
  std::set<ClusterId> reported;
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const auto& egress = resolved.cluster(id).egress_gateway;
    if (!has_secrets(resolved, resolved.clusters[id].mesh) || !egress.given() || !egress->backend.given()) continue;
    if (*egress->backend != model::EgressBackend::endpointslice || !resolved.clusters[id].usable()) continue;
    for (const NetworkId network : egress_networks(resolved, traffic, id)) {
      const auto [other, fresh] =
          first.try_emplace({resolved.clusters[id].mesh, network, resolved.egress_namespace(id)}, id);
      const bool flat = resolved.clusters[other->second].network == resolved.clusters[id].network;
      if (fresh || flat || !reported.insert(id).second) continue;
      const model::Cluster& earlier = resolved.cluster(other->second);
      sink.report(egress->backend.span, diag::HeadlessServicesMerge, *earlier.name, *resolved.cluster(id).name,
                  *resolved.network(network).name)
          .replace(egress->backend.span, "\"serviceentry\"")
          .note(earlier.egress_gateway->backend.span, "the other one")
          .note(secrets_span(resolved, resolved.clusters[id].mesh), "the clusters read each other");
    }
  }
}

/// What a cluster's weights say of a network that it reads, if they say anything; null otherwise.
const source::Span* useless_weight(const ResolvedFederation& resolved, const model::Weight& weight, ClusterId cluster,
                                   const model::ReadableSources& sources, NetworkId& network) {
  const NetworkId own = resolved.clusters[cluster].network;
  std::set<NetworkId> named;
  for (const auto& [name, value] : weight.networks) {
    network = resolved.find_network(*name);
    if (network == kNone || network == own || !base::contains(sources.networks, network)) continue;
    named.insert(network);
    return &name.span;
  }
  if (!weight.fallback.given() || *weight.fallback == 1) return nullptr;
  for (const NetworkId source : sources.networks) {
    network = source;
    if (source != own && !named.contains(source)) return &weight.fallback.span;
  }
  return nullptr;
}

// MF0542: a weight is for networks that an endpoint stands for. One report for each place that says it, at the first
// that is not.
void weights_apply(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || info.readable.empty()) return;
    // Of two clusters on different networks, one does not have a named network for its own.
    std::map<std::pair<const model::Value<model::Weight>*, MeshId>, NetworkId> looked_at;
    std::set<const model::Value<model::Weight>*> seen;
    for (const ClusterId cluster : info.consumers) {
      const model::ReadableSources* sources = resolved.readable(cluster, id);
      const model::Value<model::Weight>& weight = resolved.weight(cluster, id);
      if (!sources || !weight.given() || seen.contains(&weight)) continue;
      const NetworkId own = resolved.clusters[cluster].network;
      const auto [before, fresh] = looked_at.try_emplace({&weight, sources->mesh}, own);
      if (!fresh && (before->second == own || before->second == kNone)) continue;
      if (!fresh) before->second = kNone;
      NetworkId network = kNone;
      const source::Span* span = useless_weight(resolved, *weight, cluster, *sources, network);
      if (!span) continue;
      seen.insert(&weight);
      sink.report(*span, diag::WeightInsideMesh, *exported.name, *resolved.network(network).name,
                  *resolved.cluster(cluster).name)
          .note(secrets_span(resolved, sources->mesh), "the clusters of the mesh read each other")
          .about_export(id);
    }
  });
}

/// A way in which an export's pods differ between two clusters.
enum class Difference : std::uint8_t { none, ns, selector, targets };

std::string_view words(Difference difference) {
  switch (difference) {
    case Difference::none:
      break;
    case Difference::ns:
      return "another namespace";
    case Difference::selector:
      return "another selector";
    case Difference::targets:
      return "other target ports";
  }
  return {};
}

Difference difference(const ResolvedFederation& resolved, ExportId id, ClusterId a, ClusterId b) {
  if (resolved.host_namespace(a, id) != resolved.host_namespace(b, id)) return Difference::ns;
  if (!resolved.has_workloads(a, id)) return Difference::none;
  const auto same = [](const model::Labels& one, const model::Labels& other) {
    return std::equal(one->begin(), one->end(), other->begin(), other->end(),
                      [](const auto& x, const auto& y) { return *x.first == *y.first && *x.second == *y.second; });
  };
  const model::Selectors one = resolved.selectors(a, id);
  const model::Selectors other = resolved.selectors(b, id);
  if (!same(one.selector, other.selector) || *one.canonical_name != *other.canonical_name) return Difference::selector;
  for (const model::Port& port : *resolved.exported(id).ports) {
    if (resolved.target_number(a, id, port) != resolved.target_number(b, id, port)) return Difference::targets;
  }
  return Difference::none;
}

/// What keeps a cluster from the pods of the first that has them. On one network, clusters with pods of their own can
/// do without the others', and go wrong only by those that they find and call at another port.
Difference obstacle(const ResolvedFederation& resolved, ExportId id, ClusterId cluster, ClusterId first) {
  const Difference found = difference(resolved, id, cluster, first);
  if (resolved.read_networks(cluster, id).count > 0) return found;
  if (resolved.clusters[cluster].network != resolved.clusters[first].network) return Difference::none;
  return resolved.has_workloads(cluster, id) && found != Difference::targets ? Difference::none : found;
}

/// By mesh whose clusters read each other: the first that has pods of the export, before all others one that serves.
std::map<MeshId, ClusterId> first_pods(const ResolvedFederation& resolved, const ExportInfo& info) {
  std::map<MeshId, ClusterId> first;
  for (const std::vector<ClusterId>* clusters : {&info.from, &info.merge}) {
    for (const ClusterId cluster : *clusters) {
      const model::ClusterInfo& own = resolved.clusters[cluster];
      if (reads_others(resolved, cluster)) first.try_emplace(own.mesh, cluster);
    }
  }
  return first;
}

/// Where a cluster's own of it is said: its table, its mesh's, or the export's.
const source::Span& place_span(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  const model::Places places = resolved.places(cluster, id);
  const model::Place* place = places.cluster ? places.cluster : places.mesh;
  return place ? place->name.span : resolved.exported(id).name.span;
}

// MF0544: where clusters read each other, an export's pods are alike. MF0545: nothing is shared out among them.
void pods_are_alike(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || exported.at.empty()) return;
    const std::map<MeshId, ClusterId> pods = first_pods(resolved, info);
    std::set<std::uint32_t> reported;
    for (const std::vector<ClusterId>* clusters : {&info.from, &info.merge, &info.consumers}) {
      for (const ClusterId cluster : *clusters) {
        const auto first = pods.find(resolved.clusters[cluster].mesh);
        if (first == pods.end() || !resolved.selects_pods(cluster, id)) continue;
        const std::string& mesh = *resolved.mesh(first->first).name;
        const source::Span& place = place_span(resolved, cluster, id);
        const std::string_view what = words(obstacle(resolved, id, cluster, first->second));
        if (!what.empty() && reported.insert(place.begin).second) {
          sink.report(place, diag::PodsDifferInMesh, *exported.name, what, *resolved.cluster(cluster).name,
                      *resolved.cluster(first->second).name, mesh)
              .note(secrets_span(resolved, first->first), "declared here");
        }
        const auto& share = resolved.share(cluster, id);
        const bool reads = resolved.read_networks(cluster, id).count > 0;
        if (reads && share.given() && reported.insert(share.span.begin).second) {
          sink.report(share.span, diag::ShareInsideMesh, *resolved.cluster(cluster).name, *exported.name, mesh)
              .note(secrets_span(resolved, first->first), "declared here");
        }
      }
    }
  });
}

}  // namespace

void check_remote_secrets(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  calls_leave_as_declared(resolved, sink);
  found_pods_are_served(resolved, sink);
  gateways_are_found(resolved, sink);
  gateways_are_open_to_their_mesh(resolved, sink);
  secrets_are_used(resolved, sink);
  headless_services_are_apart(resolved, traffic, sink);
  weights_apply(resolved, sink);
  pods_are_alike(resolved, sink);
}

}  // namespace meshfed::check
