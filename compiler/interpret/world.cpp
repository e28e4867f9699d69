#include "interpret/world.hpp"

#include <algorithm>
#include <utility>

#include "interpret/read.hpp"

namespace meshfed::interpret {

World::World(Facts facts, Load load) : facts_(std::move(facts)), load_(std::move(load)) {
  std::sort(facts_.clusters.begin(), facts_.clusters.end(),
            [](const ClusterFacts& a, const ClusterFacts& b) { return a.name < b.name; });
  for (const Door& door : facts_.doors) doors_[door.address].push_back(&door);
  for (std::size_t i = 0; i < facts_.clusters.size(); ++i) entries_.emplace_back();
}

std::optional<std::size_t> World::place_of(std::string_view name) const {
  const auto& clusters = facts_.clusters;
  const auto found =
      std::lower_bound(clusters.begin(), clusters.end(), name,
                       [](const ClusterFacts& one, std::string_view wanted) { return one.name < wanted; });
  if (found == clusters.end() || found->name != name) return std::nullopt;
  return static_cast<std::size_t>(found - clusters.begin());
}

/// Those that are applied, and those that the facts have.
const Parts& World::parts_of(std::size_t cluster) const {
  Entry& entry = entries_[cluster];
  std::call_once(entry.read, [&] {
    const ClusterFacts& facts = facts_.clusters[cluster];
    entry.parts = load_(facts.name);
    auto others = std::make_shared<Objects>();
    for (const yaml::Value& object : facts.objects) read(object, *others);
    entry.parts.push_back(std::move(others));
  });
  return entry.parts;
}

void World::make(std::size_t cluster) const {
  const ClusterFacts& facts = facts_.clusters[cluster];
  std::vector<Read> others;
  for (const std::string& name : facts.reads) {
    if (const auto other = place_of(name)) others.push_back({&facts_.clusters[*other], parts_of(*other)});
  }
  Entry& entry = entries_[cluster];
  entry.cluster = std::make_unique<Cluster>(facts, parts_of(cluster), std::move(others));
  entry.listeners.resize(entry.cluster->gateways.size());
  for (std::size_t i = 0; i < entry.cluster->gateways.size(); ++i) entry.built.emplace_back();
}

const Cluster* World::find(std::string_view name) const {
  const auto cluster = place_of(name);
  return cluster ? &made(*cluster) : nullptr;
}

const Cluster& World::made(std::size_t cluster) const {
  Entry& entry = entries_[cluster];
  std::call_once(entry.made, [&] { make(cluster); });
  return *entry.cluster;
}

const Door* World::door(std::string_view address, std::int64_t port, std::string_view viewer) const {
  const auto known = doors_.find(address);
  if (known == doors_.end()) return nullptr;
  const Door* for_all = nullptr;
  for (const Door* door : known->second) {
    if (door->port != port) continue;
    if (door->viewers.empty()) for_all = door;
    if (std::find(door->viewers.begin(), door->viewers.end(), viewer) != door->viewers.end()) return door;
  }
  return for_all;
}

const std::vector<GatewayListener>& World::listeners(const Cluster& cluster, const GatewayPods& gateway) const {
  Entry& entry = entries_[place_of(cluster.facts)];
  const auto at = static_cast<std::size_t>(&gateway - cluster.gateways.data());
  std::call_once(entry.built[at], [&] { entry.listeners[at] = listeners_of(cluster, gateway); });
  return entry.listeners[at];
}

const GatewayListener* World::listener(const Cluster& cluster, const GatewayPods& gateway, std::int64_t port) const {
  for (const GatewayListener& one : listeners(cluster, gateway)) {
    if (one.port() == port) return &one;
  }
  return nullptr;
}

}  // namespace meshfed::interpret
