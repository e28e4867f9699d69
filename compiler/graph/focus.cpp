// Parts of a picture, and coarser ones.
#include <algorithm>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "graph/topology.hpp"

namespace meshfed::graph {
namespace {

/// What a focus names, as one flag for each mesh, cluster and host.
struct Marks {
  std::vector<bool> clusters;
  std::vector<bool> hosts;
};

Marks marks_of(const Topology& topology, const std::vector<Named>& names) {
  Marks marks{std::vector<bool>(topology.clusters.size()), std::vector<bool>(topology.hosts.size())};
  const auto is = [&](Kind kind, const std::string& name) { return base::contains(names, Named{kind, name}); };
  for (std::size_t i = 0; i < topology.clusters.size(); ++i) {
    const ClusterNode& cluster = topology.clusters[i];
    marks.clusters[i] = is(Kind::cluster, cluster.name) || is(Kind::network, cluster.network) ||
                        is(Kind::mesh, topology.meshes[cluster.mesh].name);
  }
  for (std::size_t i = 0; i < topology.hosts.size(); ++i) {
    const HostNode& host = topology.hosts[i];
    marks.hosts[i] = is(Kind::host, host.name) || is(Kind::export_, host.exported) ||
                     std::any_of(host.aliases.begin(), host.aliases.end(),
                                 [&](const std::string& alias) { return is(Kind::host, alias); });
  }
  return marks;
}

/// Where the kept items of a list are then; UINT32_MAX for the others.
template <class Item>
std::vector<std::uint32_t> keep(std::vector<Item>& items, const std::vector<bool>& kept) {
  std::vector<std::uint32_t> moved(items.size(), UINT32_MAX);
  std::vector<Item> left;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!kept[i]) continue;
    moved[i] = static_cast<std::uint32_t>(left.size());
    left.push_back(std::move(items[i]));
  }
  items = std::move(left);
  return moved;
}

/// Leaves out clusters and hosts, and what then hangs in the air.
void drop(Topology& all, const std::vector<bool>& clusters, const std::vector<bool>& hosts) {
  std::vector<bool> meshes(all.meshes.size());
  for (std::size_t i = 0; i < all.clusters.size(); ++i) {
    if (clusters[i]) meshes[all.clusters[i].mesh] = true;
  }
  const auto mesh_moved = keep(all.meshes, meshes);
  const auto cluster_moved = keep(all.clusters, clusters);
  const auto host_moved = keep(all.hosts, hosts);
  for (ClusterNode& cluster : all.clusters) cluster.mesh = mesh_moved[cluster.mesh];
  for (HostNode& host : all.hosts) {
    for (std::uint32_t& cluster : host.local) cluster = cluster_moved[cluster];
    std::erase(host.local, UINT32_MAX);
  }
  for (Serving& serving : all.servings) {
    serving.cluster = cluster_moved[serving.cluster];
    serving.host = host_moved[serving.host];
  }
  std::erase_if(all.servings, [](const Serving& s) { return s.cluster == UINT32_MAX || s.host == UINT32_MAX; });
  for (Link& link : all.links) {
    link.server = cluster_moved[link.server];
    link.consumer = cluster_moved[link.consumer];
    link.host = host_moved[link.host];
  }
}

}  // namespace

Topology narrowed(const Topology& topology, const Focus& focus) {
  if (!focus.any()) return topology;
  Topology all = topology;
  std::vector<Named> names = focus.names;
  base::sort_unique(names);
  const Marks marks = marks_of(all, names);
  const bool every = names.empty();
  const auto passes = [&](Change change) { return !focus.only_changes || change != Change::none; };
  std::erase_if(all.links, [&](const Link& link) {
    const bool touched =
        every || marks.clusters[link.server] || marks.clusters[link.consumer] || marks.hosts[link.host];
    return !touched || !passes(link.change);
  });
  std::vector<std::pair<std::uint32_t, std::uint32_t>> called;
  for (const Link& link : all.links) called.emplace_back(link.server, link.host);
  base::sort_unique(called);
  std::erase_if(all.servings, [&](const Serving& serving) {
    const bool touched = every || marks.clusters[serving.cluster] || marks.hosts[serving.host];
    return !base::contains(called, {serving.cluster, serving.host}) && (!touched || !passes(serving.change));
  });
  std::vector<bool> clusters(all.clusters.size()), hosts(all.hosts.size());
  for (std::size_t i = 0; i < clusters.size(); ++i)
    clusters[i] = marks.clusters[i] || (every && passes(all.clusters[i].change));
  for (std::size_t i = 0; i < hosts.size(); ++i) hosts[i] = marks.hosts[i] || (every && passes(all.hosts[i].change));
  for (const Link& link : all.links) clusters[link.server] = clusters[link.consumer] = hosts[link.host] = true;
  for (const Serving& serving : all.servings) clusters[serving.cluster] = hosts[serving.host] = true;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    for (const std::uint32_t cluster : all.hosts[i].local) {
      if (marks.clusters[cluster]) hosts[i] = true;
      if (marks.hosts[i]) clusters[cluster] = true;
    }
  }
  drop(all, clusters, hosts);
  return all;
}

Topology by_mesh(const Topology& topology) {
  Topology all = topology;
  std::vector<std::size_t> members(all.meshes.size());
  for (const ClusterNode& cluster : all.clusters) ++members[cluster.mesh];
  std::vector<ClusterNode> nodes;
  for (std::uint32_t i = 0; i < all.meshes.size(); ++i) {
    const MeshNode& mesh = all.meshes[i];
    nodes.push_back({.name = mesh.name,
                     .mesh = i,
                     .network = base::plural(members[i], "cluster"),
                     .gateway = {},
                     .facts = mesh.facts,
                     .change = mesh.change});
  }
  const auto of = [&](std::uint32_t cluster) { return topology.clusters[cluster].mesh; };
  for (HostNode& host : all.hosts) {
    for (std::uint32_t& cluster : host.local) cluster = of(cluster);
    base::sort_unique(host.local);
  }
  for (Serving& serving : all.servings) serving.cluster = of(serving.cluster);
  for (Link& link : all.links) {
    link.server = of(link.server);
    link.consumer = of(link.consumer);
  }
  std::erase_if(all.links, [](const Link& link) { return link.server == link.consumer; });
  // What is the same for some clusters of a mesh and differs for others has changed.
  const auto fold = [](auto& items, auto ends) {
    std::sort(items.begin(), items.end(), [&](const auto& a, const auto& b) { return ends(a) < ends(b); });
    std::size_t last = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0 && ends(items[last]) == ends(items[i])) {
        if (items[last].change != items[i].change) items[last].change = Change::changed;
      } else {
        last = i == 0 ? 0 : last + 1;
        items[last] = items[i];
      }
    }
    if (!items.empty()) items.resize(last + 1);
  };
  fold(all.servings, [](const Serving& s) { return std::pair(s.cluster, s.host); });
  fold(all.links, [](const Link& l) { return std::tuple(l.server, l.consumer, l.host); });
  all.folded = all.clusters.size();
  all.clusters = std::move(nodes);
  return all;
}

}  // namespace meshfed::graph
