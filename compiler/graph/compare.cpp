// Two revisions as one picture.
#include <algorithm>
#include <map>

#include "graph/topology.hpp"

namespace meshfed::graph {
namespace {

using Ids = std::vector<std::uint32_t>;

/// Puts what both have into `after`, by key. `ids` is where the items of `before` are then.
template <class Item, class Key, class Same>
Ids unite(const std::vector<Item>& before, std::vector<Item>& after, Key key, Same same) {
  std::map<std::string, std::uint32_t> places;
  for (std::uint32_t i = 0; i < after.size(); ++i) {
    places.emplace(key(after[i]), i);
    after[i].change = Change::added;
  }
  Ids ids;
  for (const Item& item : before) {
    const auto [place, is_new] = places.emplace(key(item), static_cast<std::uint32_t>(after.size()));
    ids.push_back(place->second);
    if (is_new) {
      after.push_back(item);
      after.back().change = Change::removed;
    } else {
      after[place->second].change = same(item, after[place->second]) ? Change::none : Change::changed;
    }
  }
  return ids;
}

/// What two ascending lists have, each with what became of it. `ends` tells which items are the same one.
template <class Item, class Ends, class Same>
std::vector<Item> merged(std::vector<Item> before, std::vector<Item> after, Ends ends, Same same) {
  const auto less = [&](const Item& a, const Item& b) { return ends(a) < ends(b); };
  std::sort(before.begin(), before.end(), less);
  std::sort(after.begin(), after.end(), less);
  std::vector<Item> all;
  auto old = before.begin();
  for (Item& item : after) {
    for (; old != before.end() && less(*old, item); ++old) {
      old->change = Change::removed;
      all.push_back(*old);
    }
    const bool known = old != before.end() && !less(item, *old);
    item.change = !known ? Change::added : same(*old, item) ? Change::none : Change::changed;
    if (known) ++old;
    all.push_back(item);
  }
  for (; old != before.end(); ++old) {
    old->change = Change::removed;
    all.push_back(*old);
  }
  return all;
}

void renumber(Topology& all, const Ids& clusters, const Ids& hosts) {
  for (HostNode& host : all.hosts)
    for (std::uint32_t& cluster : host.local) cluster = clusters[cluster];
  for (Serving& serving : all.servings) serving = {clusters[serving.cluster], hosts[serving.host], serving.change};
  for (Link& link : all.links)
    link = {clusters[link.server], clusters[link.consumer], hosts[link.host], link.way, link.change};
}

}  // namespace

Topology compare(Topology before, Topology after) {
  const auto name = [](const auto& item) { return item.name; };
  const Ids meshes =
      unite(before.meshes, after.meshes, name, [](const MeshNode& a, const MeshNode& b) { return a.facts == b.facts; });
  for (ClusterNode& cluster : before.clusters) cluster.mesh = meshes[cluster.mesh];
  const Ids clusters = unite(before.clusters, after.clusters, name, [](const ClusterNode& a, const ClusterNode& b) {
    return a.mesh == b.mesh && a.facts == b.facts;
  });
  const Ids hosts = unite(
      before.hosts, after.hosts, [](const HostNode& host) { return host.name + " " + host.exported; },
      [](const HostNode& a, const HostNode& b) { return a.digest == b.digest; });
  std::vector<bool> tells_else(after.hosts.size());  // of a host something that callers see
  for (std::size_t i = 0; i < before.hosts.size(); ++i)
    tells_else[hosts[i]] = before.hosts[i].facts != after.hosts[hosts[i]].facts;
  renumber(before, clusters, hosts);
  for (std::size_t i = 0; i < before.hosts.size(); ++i) {
    HostNode& host = after.hosts[hosts[i]];
    if (host.change == Change::removed) host.local = before.hosts[i].local;
  }
  after.servings = merged(
      std::move(before.servings), std::move(after.servings),
      [](const Serving& s) { return std::pair(s.cluster, s.host); },
      [](const Serving&, const Serving&) { return true; });
  after.links = merged(
      std::move(before.links), std::move(after.links),
      [](const Link& l) { return std::tuple(l.server, l.consumer, l.host); },
      [&](const Link& old, const Link& now) { return old.way == now.way && !tells_else[now.host]; });
  arrange(after);
  after.compared = true;
  return after;
}

}  // namespace meshfed::graph
