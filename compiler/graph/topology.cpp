#include "graph/topology.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/sorted.hpp"
#include "base/text.hpp"

namespace meshfed::graph {
namespace {

using model::ClusterId;
using model::ExportId;

/// A fact that has something to say.
void add(std::vector<Fact>& facts, const char* name, std::string value) {
  if (!value.empty()) facts.emplace_back(name, std::move(value));
}

ClusterNode cluster_node(const model::ResolvedFederation& resolved, ClusterId id) {
  const model::Cluster& cluster = resolved.cluster(id);
  const std::optional<model::Gateway>& gateway = *cluster.gateway;
  ClusterNode node{.name = *cluster.name,
                   .mesh = resolved.clusters[id].mesh,
                   .network = *resolved.network(resolved.clusters[id].network).name,
                   .gateway = {},
                   .facts = {}};
  if (gateway) node.gateway = *gateway->pending ? "pending" : base::join(endpoints(*gateway), ", ");
  add(node.facts, "network", node.network);
  add(node.facts, "istio", model::word(*resolved.clusters[id].settings.istio));
  add(node.facts, "locality", *cluster.locality);
  add(node.facts, "gateway", node.gateway);
  if (gateway) {
    add(node.facts, "gateway object", fmt::format("{}/{}", resolved.gateway_namespace(id), *gateway->name));
    for (const model::View& view : gateway->seen_from) {
      for (const model::Name& address : *view.addresses)
        add(node.facts, "seen otherwise",
            fmt::format("{} from {}", endpoint(*address, *model::port_for(*gateway, *view.network)), *view.network));
    }
    if (*gateway->router) add(node.facts, "router", "before the gateway");
  }
  return node;
}

/// "2, virginia 4"
std::string weight_words(const model::Value<model::Weight>& weight) {
  if (!weight.given()) return "";
  std::vector<std::string> parts{std::to_string(*weight->fallback)};
  for (const auto& [network, number] : weight->networks) parts.push_back(fmt::format("{} {}", *network, *number));
  return base::join(parts);
}

/// What is different in one mesh or cluster, as facts of its own: "share in east-mesh", "local 80, west-network 20".
void add_place(const model::Place& place, std::vector<Fact>& facts) {
  const auto say = [&](const char* what, std::string value) {
    if (!value.empty()) facts.emplace_back(fmt::format("{} in {}", what, *place.name), std::move(value));
  };
  const auto numbers = [](const model::Numbers& all) {
    std::vector<std::string> parts;
    for (const auto& [name, number] : *all) parts.push_back(fmt::format("{} {}", *name, *number));
    return base::join(parts);
  };
  say("namespace", *place.namespace_);
  say("accounts", base::join(strings(place.service_accounts), ", "));
  say("targets", numbers(place.targets));
  say("weight", weight_words(place.weight));
  say("share", numbers(place.share));
  say("aliases", base::join(strings(place.alias), ", "));
}

HostNode host_node(const model::ResolvedFederation& resolved, ExportId id) {
  const model::Export& exported = resolved.exported(id);
  HostNode node{.name = resolved.exports[id].host,
                .exported = *exported.name,
                .aliases = resolved.exports[id].aliases,
                .facts = {},
                .local = {},
                .digest = exported.digest};
  add(node.facts, "export", *exported.name);
  add(node.facts, "namespace", *exported.namespace_);
  add(node.facts, "ports", base::join(ports_of(exported), ", "));
  add(node.facts, "aliases", base::join(resolved.exports[id].aliases, ", "));
  add(node.facts, "accounts", base::join(strings(exported.service_accounts), ", "));
  add(node.facts, "callers", base::join(strings(exported.callers), ", "));
  add(node.facts, "visible to", base::join(strings(exported.visible_to), ", "));
  if (exported.prefer.given()) add(node.facts, "prefer", std::string(model::word(*exported.prefer)));
  add(node.facts, "weight", weight_words(exported.weight));
  for (const model::Place& place : exported.at) add_place(place, node.facts);
  for (const ClusterId cluster : resolved.exports[id].merge) {
    if (!resolved.serves(cluster, id)) node.local.push_back(cluster);
  }
  return node;
}

void add_links(const model::ResolvedFederation& resolved, ExportId id, std::vector<Link>& links) {
  for (const ClusterId consumer : resolved.exports[id].consumers) {
    for (const Source& source : sources_of(resolved, consumer, id)) {
      for (const ClusterId server : servers_in(resolved, source.network, id))
        links.push_back({server, consumer, id, source.way});
    }
  }
}

/// What stands at a place in one list stands at another in the order that is wanted.
template <class Item, class Less>
std::vector<std::uint32_t> sort(std::vector<Item>& items, Less less) {
  std::vector<std::uint32_t> order(items.size()), moved(items.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return less(items[a], items[b]); });
  std::vector<Item> sorted;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    moved[order[i]] = i;
    sorted.push_back(std::move(items[order[i]]));
  }
  items = std::move(sorted);
  return moved;
}

}  // namespace

std::string_view word(Change change) {
  constexpr std::string_view kWords[] = {"", "added", "removed", "changed"};
  return kWords[static_cast<std::size_t>(change)];
}

void arrange(Topology& all) {
  const auto mesh_moved = sort(all.meshes, [](const MeshNode& a, const MeshNode& b) { return a.name < b.name; });
  for (ClusterNode& cluster : all.clusters) cluster.mesh = mesh_moved[cluster.mesh];
  const auto cluster_moved = sort(all.clusters, [](const ClusterNode& a, const ClusterNode& b) {
    return a.mesh != b.mesh ? a.mesh < b.mesh : a.name < b.name;
  });
  const auto host_moved = sort(all.hosts, [](const HostNode& a, const HostNode& b) {
    return a.name != b.name ? a.name < b.name : a.exported < b.exported;
  });
  for (HostNode& host : all.hosts) {
    for (std::uint32_t& cluster : host.local) cluster = cluster_moved[cluster];
    base::sort_unique(host.local);
  }
  for (Serving& serving : all.servings)
    serving = {cluster_moved[serving.cluster], host_moved[serving.host], serving.change};
  for (Link& link : all.links)
    link = {cluster_moved[link.server], cluster_moved[link.consumer], host_moved[link.host], link.way, link.change};
  base::sort_unique(all.servings);
  base::sort_unique(all.links);
}

Topology topology(const model::ResolvedFederation& resolved) {
  Topology all{
      .federation = *resolved.federation.name, .meshes = {}, .clusters = {}, .hosts = {}, .servings = {}, .links = {}};
  for (const model::Mesh& mesh : resolved.federation.meshes) {
    MeshNode& node = all.meshes.emplace_back(MeshNode{.name = *mesh.name, .facts = {}});
    add(node.facts, "trust domain", *mesh.trust_domain);
    add(node.facts, "root namespace", *mesh.root_namespace);
  }
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) all.clusters.push_back(cluster_node(resolved, id));
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    all.hosts.push_back(host_node(resolved, id));
    for (const ClusterId server : resolved.exports[id].from) all.servings.push_back({server, id});
    add_links(resolved, id, all.links);
  }
  arrange(all);
  return all;
}

std::vector<Named> names_of(const Topology& topology) {
  std::vector<Named> names;
  for (const MeshNode& mesh : topology.meshes) names.push_back({Kind::mesh, mesh.name});
  for (const ClusterNode& cluster : topology.clusters) {
    names.push_back({Kind::cluster, cluster.name});
    names.push_back({Kind::network, cluster.network});
  }
  for (const HostNode& host : topology.hosts) {
    names.push_back({Kind::host, host.name});
    names.push_back({Kind::export_, host.exported});
    for (const std::string& alias : host.aliases) names.push_back({Kind::host, alias});
  }
  base::sort_unique(names);
  return names;
}

std::vector<Bundle> bundles(const Topology& topology) {
  std::vector<Bundle> all;  // links are in the order of their ends already
  for (std::uint32_t i = 0; i < topology.links.size(); ++i) {
    const Link& link = topology.links[i];
    if (all.empty() || all.back().server != link.server || all.back().consumer != link.consumer)
      all.push_back({link.server, link.consumer, {}});
    all.back().links.push_back(i);
  }
  return all;
}

}  // namespace meshfed::graph
