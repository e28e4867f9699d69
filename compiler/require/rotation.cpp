// Another root certificate: old and new are trusted side by side until nothing is left of the old one.
#include <fmt/format.h>

#include "base/text.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {
namespace {

using model::MeshId;
using model::ResolvedFederation;

std::string clusters_of(const ResolvedFederation& resolved, const std::vector<MeshId>& meshes) {
  std::vector<std::string> names;
  for (const MeshId mesh : meshes) {
    for (const model::ClusterId id : resolved.meshes[mesh].clusters) names.push_back(*resolved.cluster(id).name);
  }
  return base::join(names, ", ", 20);
}

std::string names_of(const ResolvedFederation& resolved, const std::vector<MeshId>& meshes) {
  std::vector<std::string> names;
  for (const MeshId mesh : meshes) names.push_back(*resolved.mesh(mesh).name);
  return base::join(names, ", ", 20);
}

/// Every mesh has the root: all of them change together.
std::vector<std::string> steps_for_all(const ResolvedFederation& resolved) {
  std::vector<MeshId> meshes;
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) meshes.push_back(id);
  const std::string clusters = clusters_of(resolved, meshes);
  return {
      "issue the new root, and with it an intermediate certificate for each mesh, with the same name constraints",
      "append the new root to the file that `root` names in each mesh, and check: `meshfedc validate`",
      fmt::format("append it to root-cert.pem of the Secret cacerts in {}, and restart istiod there", clusters),
      "wait until every proxy of every mesh trusts both: `istioctl proxy-config secret` shows two certificates in "
      "ROOTCA",
      fmt::format("replace ca-cert.pem, ca-key.pem and cert-chain.pem in {}, keep both roots, and restart istiod there",
                  clusters),
      "wait for a day, or restart all workloads and gateways: then all of them have certificates of the new root",
      "remove the old root from the files and from root-cert.pem everywhere, and restart istiod",
  };
}

/// Only its peers know the root, by what their istiods are installed with.
std::vector<std::string> steps_for_one(const ResolvedFederation& resolved, MeshId mesh) {
  const std::string own = clusters_of(resolved, {mesh});
  const std::vector<MeshId> peers = resolved.peers(mesh);
  const std::string others = clusters_of(resolved, peers);
  const std::string& name = *resolved.mesh(mesh).name;
  std::vector<std::string> steps = {
      fmt::format("issue the new root, and with it an intermediate certificate for {}, with the same name constraints",
                  name),
      fmt::format("append the new root to the file that `root` names in [mesh.{}], and build", name),
  };
  if (!peers.empty())
    steps.push_back(
        fmt::format("install the istiods of {} ({}) with both roots, and wait until their proxies trust both",
                    names_of(resolved, peers), others));
  steps.push_back(
      fmt::format("append the new root to root-cert.pem of the Secret cacerts in {}, and restart istiod there", own));
  steps.emplace_back(
      "wait until every proxy of the mesh trusts both: `istioctl proxy-config secret` shows two certificates in "
      "ROOTCA");
  steps.push_back(
      fmt::format("replace ca-cert.pem, ca-key.pem and cert-chain.pem in {}, and restart istiod there", own));
  steps.emplace_back("wait for a day, or restart the workloads and gateways of the mesh");
  steps.push_back(fmt::format("remove the old root from that file and from root-cert.pem, build, and install {} again",
                              peers.empty() ? own : others));
  return steps;
}

}  // namespace

Procedure rotate_root(const check::Checked& checked, MeshId mesh) {
  const ResolvedFederation& resolved = checked.resolved();
  const bool own = *resolved.federation.trust->mode == model::TrustMode::roots;
  const std::string& name = *resolved.mesh(mesh).name;
  if (own) return {fmt::format("Another root for {}", name), steps_for_one(resolved, mesh)};
  return {fmt::format("Another root for {}, and for all meshes, which share it", name), steps_for_all(resolved)};
}

}  // namespace meshfed::require
