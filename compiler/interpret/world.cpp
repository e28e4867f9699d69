#include "interpret/world.hpp"

#include <algorithm>
#include <utility>

#include "interpret/read.hpp"

namespace meshfed::interpret {
namespace {

std::string place(std::string_view address, std::int64_t port) {
  return std::string(address).append(" ").append(std::to_string(port));
}

}  // namespace

World::World(Facts facts, Load load) : facts_(std::move(facts)), load_(std::move(load)) {
  std::sort(facts_.clusters.begin(), facts_.clusters.end(),
            [](const ClusterFacts& a, const ClusterFacts& b) { return a.name < b.name; });
  for (const Door& door : facts_.doors) doors_[place(door.address, door.port)].push_back(&door);
  for (std::size_t i = 0; i < facts_.clusters.size(); ++i) entries_.emplace_back();
}

const Cluster* World::find(std::string_view name) const {
  const auto& clusters = facts_.clusters;
  const auto found =
      std::lower_bound(clusters.begin(), clusters.end(), name,
                       [](const ClusterFacts& one, std::string_view wanted) { return one.name < wanted; });
  if (found == clusters.end() || found->name != name) return nullptr;
  Entry& entry = entries_[static_cast<std::size_t>(found - clusters.begin())];
  std::call_once(entry.read, [&] {
    auto parts = load_(found->name);
    auto others = std::make_shared<Objects>();
    for (const yaml::Value& object : found->objects) read(object, *others);
    parts.push_back(std::move(others));
    entry.cluster = std::make_unique<Cluster>(*found, std::move(parts));
    entry.listeners.resize(entry.cluster->gateways.size());
    for (std::size_t i = 0; i < entry.cluster->gateways.size(); ++i) entry.built.emplace_back();
  });
  return entry.cluster.get();
}

const Door* World::door(std::string_view address, std::int64_t port, std::string_view viewer) const {
  const auto known = doors_.find(place(address, port));
  if (known == doors_.end()) return nullptr;
  const Door* for_all = nullptr;
  for (const Door* door : known->second) {
    if (door->viewers.empty()) for_all = door;
    if (std::find(door->viewers.begin(), door->viewers.end(), viewer) != door->viewers.end()) return door;
  }
  return for_all;
}

const std::vector<GatewayListener>& World::listeners(const Cluster& cluster, const GatewayPods& gateway) const {
  const auto facts = std::lower_bound(facts_.clusters.begin(), facts_.clusters.end(), cluster.facts.name,
                                      [](const ClusterFacts& one, const std::string& name) { return one.name < name; });
  Entry& entry = entries_[static_cast<std::size_t>(facts - facts_.clusters.begin())];
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
