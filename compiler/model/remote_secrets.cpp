// Clusters of one mesh whose istiods read each other's API servers: they find pods and gateways themselves.
#include <algorithm>

#include "base/sorted.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::model {

const ReadableSources* ResolvedFederation::readable(ClusterId cluster, ExportId exported) const {
  const std::vector<ReadableSources>& all = exports[exported].readable;
  const MeshId own = clusters[cluster].mesh;
  const auto found = std::lower_bound(all.begin(), all.end(), own,
                                      [](const ReadableSources& one, MeshId mesh) { return one.mesh < mesh; });
  return found != all.end() && found->mesh == own ? &*found : nullptr;
}

bool ResolvedFederation::reads(ClusterId cluster, NetworkId network) const {
  const MeshId own = clusters[cluster].mesh;
  return own != kNone && networks[network].mesh == own && *mesh(own).remote_secrets;
}

ReadNetworks ResolvedFederation::read_networks(ClusterId cluster, ExportId exported) const {
  const ReadableSources* sources = readable(cluster, exported);
  if (!sources || (!has_workloads(cluster, exported) && !consumes(cluster, exported))) return {};
  const NetworkId own = clusters[cluster].network;
  const bool beside = base::contains(sources->networks, own);
  const std::size_t count = sources->networks.size() - (beside ? 1 : 0);
  if (count == 0) return {};
  return {count, sources->networks[sources->networks.front() == own ? 1 : 0]};
}

const MergedService* ResolvedFederation::merged_beside(ClusterId cluster, ExportId exported) const {
  const std::vector<MergedService>& all = exports[exported].merged;
  const NetworkId own = clusters[cluster].network;
  const auto found = std::lower_bound(
      all.begin(), all.end(), own, [](const MergedService& one, NetworkId network) { return one.network < network; });
  return found != all.end() && found->network == own && reads(cluster, own) ? &*found : nullptr;
}

bool ResolvedFederation::answers_others(ClusterId cluster, ExportId exported) const {
  if (serves(cluster, exported)) return true;
  const NetworkId own = clusters[cluster].network;
  return own != kNone && reads(cluster, own) && has_workloads(cluster, exported) &&
         base::contains(exports[exported].sources, own);
}

bool ResolvedFederation::reads_beside(ClusterId cluster, ExportId exported) const {
  const ReadableSources* sources = readable(cluster, exported);
  const bool served = sources && base::contains(sources->networks, clusters[cluster].network);
  return (served || merged_beside(cluster, exported)) && consumes(cluster, exported) &&
         !has_workloads(cluster, exported);
}

bool ResolvedFederation::selects_pods(ClusterId cluster, ExportId exported) const {
  return has_workloads(cluster, exported) || reads_beside(cluster, exported) ||
         read_networks(cluster, exported).count > 0;
}

ClusterId ResolvedFederation::pods_of(ClusterId cluster, ExportId exported) const {
  if (has_workloads(cluster, exported) || !selects_pods(cluster, exported)) return cluster;
  const ReadableSources* sources = readable(cluster, exported);
  return sources ? sources->first : merged_beside(cluster, exported)->first;
}

}  // namespace meshfed::model
