// Meshes with remote secrets: the clusters of each read each other.
#pragma once

#include "model/resolved_federation.hpp"

namespace meshfed::check {

inline bool has_secrets(const model::ResolvedFederation& resolved, model::MeshId mesh) {
  return mesh != model::kNone && resolved.mesh(mesh).remote_secrets.usable() && *resolved.mesh(mesh).remote_secrets;
}

/// The cluster's istiod reads the other clusters of its mesh. False for one whose mesh or network is not known.
inline bool reads_others(const model::ResolvedFederation& resolved, model::ClusterId cluster) {
  const model::ClusterInfo& own = resolved.clusters[cluster];
  return own.usable() && has_secrets(resolved, own.mesh);
}

}  // namespace meshfed::check
