#include "resolve/traffic.hpp"

#include <iterator>

#include "base/sorted.hpp"

namespace meshfed::resolve {

using model::ClusterId;
using model::kNone;
using model::NetworkId;
using model::ResolvedFederation;

namespace {

/// The networks that have a view of their own of some gateway of the network.
std::vector<NetworkId> special_viewers(const ResolvedFederation& resolved, NetworkId network) {
  std::vector<NetworkId> special;
  for (const ClusterId cluster : resolved.networks[network].clusters) {
    const model::Gateway* gateway = live_gateway(resolved, cluster);
    if (!gateway) continue;
    for (const model::View& view : gateway->seen_from) {
      if (const NetworkId viewer = resolved.find_network(*view.network); viewer != kNone) special.push_back(viewer);
    }
  }
  base::sort_unique(special);
  return special;
}

}  // namespace

Traffic traffic_of(const ResolvedFederation& resolved) {
  Traffic traffic;
  traffic.wanted.resize(resolved.clusters.size());
  traffic.consumers.resize(resolved.networks.size());
  each_import(resolved, [&](ClusterId cluster, model::ExportId, NetworkId network) {
    std::vector<NetworkId>& wanted = traffic.wanted[cluster];
    if (wanted.empty() || wanted.back() != network) wanted.push_back(network);
  });
  for (ClusterId cluster = 0; cluster < resolved.clusters.size(); ++cluster) {
    base::sort_unique(traffic.wanted[cluster]);
    for (const NetworkId network : traffic.wanted[cluster]) {
      traffic.consumers[network].push_back(resolved.clusters[cluster].network);
    }
  }
  for (std::vector<NetworkId>& consumers : traffic.consumers) base::sort_unique(consumers);
  return traffic;
}

bool all_known(const ResolvedFederation& resolved) {
  return std::all_of(resolved.exports.begin(), resolved.exports.end(), [](const auto& info) { return info.usable; }) &&
         std::all_of(resolved.clusters.begin(), resolved.clusters.end(),
                     [](const auto& info) { return info.usable(); });
}

std::vector<NetworkId> egress_networks(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId cluster) {
  std::vector<NetworkId> networks;
  if (resolved.clusters[cluster].settings.egress.bad()) return networks;
  for (const NetworkId network : traffic.wanted[cluster]) {
    const bool by_gateway = resolved.egress(cluster, network) == model::EgressMode::gateway;
    if (by_gateway && !resolved.networks[network].pending) networks.push_back(network);
  }
  return networks;
}

std::vector<std::vector<NetworkId>> networks_of_several_addresses(const ResolvedFederation& resolved,
                                                                  const Traffic& traffic) {
  std::vector<std::vector<NetworkId>> several(resolved.clusters.size());
  for (ClusterId cluster = 0; cluster < several.size(); ++cluster) {
    const auto& wanted = traffic.wanted[cluster];
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(several[cluster]), [&](NetworkId network) {
      return !resolved.networks[network].pending && resolved.dials_several_addresses(cluster, network);
    });
  }
  return several;
}

const model::Gateway* live_gateway(const ResolvedFederation& resolved, ClusterId cluster) {
  const auto& gateway = resolved.cluster(cluster).gateway;
  if (!gateway.given() || !*gateway) return nullptr;
  return (*gateway)->pending.bad() || *(*gateway)->pending ? nullptr : &**gateway;
}

std::vector<model::MeshId> meshes_of(const ResolvedFederation& resolved, const std::vector<ClusterId>& clusters) {
  std::vector<model::MeshId> meshes;
  for (const ClusterId cluster : clusters) {
    const model::MeshId mesh = resolved.clusters[cluster].mesh;
    if (mesh != kNone && (meshes.empty() || meshes.back() != mesh)) meshes.push_back(mesh);
  }
  base::sort_unique(meshes);
  return meshes;
}

std::vector<model::MeshId> reached_from(const ResolvedFederation& resolved, model::ExportId id) {
  const model::ExportInfo& info = resolved.exports[id];
  std::vector<ClusterId> clusters = info.consumers;
  clusters.insert(clusters.end(), info.from.begin(), info.from.end());
  clusters.insert(clusters.end(), info.merge.begin(), info.merge.end());
  return meshes_of(resolved, clusters);
}

std::vector<model::MeshId> serving_meshes(const ResolvedFederation& resolved, model::ExportId id) {
  const model::ExportInfo& info = resolved.exports[id];
  std::vector<ClusterId> clusters = info.from;
  clusters.insert(clusters.end(), info.merge.begin(), info.merge.end());
  return meshes_of(resolved, clusters);
}

std::vector<Viewpoint> viewpoints(const ResolvedFederation& resolved, const Traffic& traffic) {
  std::vector<Viewpoint> all;
  for (NetworkId network = 0; network < resolved.networks.size(); ++network) {
    if (resolved.networks[network].pending || traffic.consumers[network].empty()) continue;
    const std::vector<NetworkId> special = special_viewers(resolved, network);
    Viewpoint common{network, {}};
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

}  // namespace meshfed::resolve
