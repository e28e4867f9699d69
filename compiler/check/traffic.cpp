#include "check/traffic.hpp"

#include "base/sorted.hpp"

namespace meshfed::check {

using model::ClusterId;
using model::kNone;
using model::NetworkId;
using model::World;

namespace {

/// The networks that have a view of their own of some gateway of the network.
std::vector<NetworkId> special_viewers(const World& world, NetworkId network) {
  std::vector<NetworkId> special;
  for (const ClusterId cluster : world.networks[network].clusters) {
    const model::Gateway* gateway = live_gateway(world, cluster);
    if (!gateway) continue;
    for (const model::View& view : gateway->seen_from) {
      if (const NetworkId viewer = world.find_network(*view.network); viewer != kNone) special.push_back(viewer);
    }
  }
  base::sort_unique(special);
  return special;
}

}  // namespace

Traffic traffic_of(const World& world) {
  Traffic traffic;
  traffic.wanted.resize(world.clusters.size());
  traffic.consumers.resize(world.networks.size());
  each_import(world, [&](ClusterId cluster, model::ExportId, NetworkId network) {
    std::vector<NetworkId>& wanted = traffic.wanted[cluster];
    if (wanted.empty() || wanted.back() != network) wanted.push_back(network);
  });
  for (ClusterId cluster = 0; cluster < world.clusters.size(); ++cluster) {
    base::sort_unique(traffic.wanted[cluster]);
    for (const NetworkId network : traffic.wanted[cluster]) {
      traffic.consumers[network].push_back(world.clusters[cluster].network);
    }
  }
  for (std::vector<NetworkId>& consumers : traffic.consumers) base::sort_unique(consumers);
  return traffic;
}

bool all_known(const World& world) {
  return std::all_of(world.exports.begin(), world.exports.end(), [](const auto& info) { return info.usable; }) &&
         std::all_of(world.clusters.begin(), world.clusters.end(), [](const auto& info) { return info.usable(); });
}

std::vector<NetworkId> egress_networks(const World& world, const Traffic& traffic, ClusterId cluster) {
  std::vector<NetworkId> networks;
  if (world.clusters[cluster].settings.egress.bad()) return networks;
  for (const NetworkId network : traffic.wanted[cluster]) {
    const bool by_gateway = world.egress(cluster, network) == model::EgressMode::gateway;
    if (by_gateway && !world.networks[network].pending) networks.push_back(network);
  }
  return networks;
}

const model::Gateway* live_gateway(const World& world, ClusterId cluster) {
  const auto& gateway = world.cluster(cluster).gateway;
  if (!gateway.given() || !*gateway) return nullptr;
  return (*gateway)->pending.bad() || *(*gateway)->pending ? nullptr : &**gateway;
}

std::vector<model::MeshId> meshes_of(const World& world, const std::vector<ClusterId>& clusters) {
  std::vector<model::MeshId> meshes;
  for (const ClusterId cluster : clusters) {
    const model::MeshId mesh = world.clusters[cluster].mesh;
    if (mesh != kNone && (meshes.empty() || meshes.back() != mesh)) meshes.push_back(mesh);
  }
  base::sort_unique(meshes);
  return meshes;
}

std::vector<model::MeshId> reached_from(const World& world, model::ExportId id) {
  const model::ExportInfo& info = world.exports[id];
  std::vector<ClusterId> clusters = info.consumers;
  clusters.insert(clusters.end(), info.from.begin(), info.from.end());
  clusters.insert(clusters.end(), info.merge.begin(), info.merge.end());
  return meshes_of(world, clusters);
}

std::vector<model::MeshId> serving_meshes(const World& world, model::ExportId id) {
  const model::ExportInfo& info = world.exports[id];
  std::vector<ClusterId> clusters = info.from;
  clusters.insert(clusters.end(), info.merge.begin(), info.merge.end());
  return meshes_of(world, clusters);
}

std::vector<Sight> sights(const World& world, const Traffic& traffic) {
  std::vector<Sight> all;
  for (NetworkId network = 0; network < world.networks.size(); ++network) {
    if (world.networks[network].pending || traffic.consumers[network].empty()) continue;
    const std::vector<NetworkId> special = special_viewers(world, network);
    Sight common{network, {}};
    for (const NetworkId viewer : traffic.consumers[network]) {
      if (std::binary_search(special.begin(), special.end(), viewer))
        all.push_back({network, {viewer}});
      else
        common.viewers.push_back(viewer);
    }
    if (!common.viewers.empty()) all.push_back(std::move(common));
  }
  return all;
}

}  // namespace meshfed::check
