// Another root certificate: old and new are trusted side by side until nothing is left of the old one.
#include <fmt/format.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {
namespace {

using model::Mesh;
using model::MeshId;
using model::Name;
using model::ResolvedFederation;

using Words = std::vector<std::string>;

constexpr std::size_t kShown = 20;

std::string listed(const Words& words) { return base::join(words, ", ", kShown); }

/// The meshes that have the root, and what is theirs.
struct Owners {
  const ResolvedFederation& resolved;
  std::vector<MeshId> meshes;
  bool own;  // each mesh has another root, and other meshes know it by what their istiods are installed with

  Words names(const std::vector<MeshId>& of) const {
    Words names;
    for (const MeshId mesh : of) names.push_back(*resolved.mesh(mesh).name);
    return names;
  }

  Words clusters(const std::vector<MeshId>& of) const {
    Words names;
    for (const MeshId mesh : of) {
      for (const model::ClusterId id : resolved.meshes[mesh].clusters) names.push_back(*resolved.cluster(id).name);
    }
    return names;
  }

  Words files(Name Mesh::*key) const {
    Words files;
    for (const MeshId mesh : meshes) {
      const Name& file = resolved.mesh(mesh).*key;
      if (file.given()) files.push_back(*file);
    }
    base::sort_unique(files);
    return files;
  }

  std::vector<MeshId> peers() const { return own ? resolved.peers(meshes.front()) : std::vector<MeshId>{}; }
};

/// Root files are part of what is written to install other meshes' istiods, if anywhere.
std::string_view command(const Owners& of) { return of.own ? "build" : "check: `meshfedc validate`"; }

void install_peers(const Owners& of, std::string_view roots, std::vector<Step>& steps) {
  const std::vector<MeshId> peers = of.peers();
  if (peers.empty()) return;
  const Words clusters = of.clusters(peers);
  steps.push_back({"install",
                   fmt::format("install the istiods of {} ({}) with {} of {}", listed(of.names(peers)),
                               listed(clusters), roots, listed(of.names(of.meshes))),
                   clusters});
}

/// With `mode = "roots"`, istiod sends roots to its proxies at once; else they come with the next certificate.
void wait_for_trust(const Owners& of, std::vector<Step>& steps) {
  std::vector<MeshId> meshes = of.peers();
  meshes.insert(meshes.end(), of.meshes.begin(), of.meshes.end());
  base::sort_unique(meshes);
  const std::string names = listed(of.names(meshes));
  std::string text = of.own ? fmt::format("wait until every proxy of {} trusts both roots", names)
                            : fmt::format(
                                  "wait for a day, or restart all workloads and gateways of {}: proxies get "
                                  "both roots with their next certificate",
                                  names);
  text += "; `istioctl proxy-config secret POD -o json` shows them in ROOTCA";
  steps.push_back({"wait-for-trust", std::move(text), of.clusters(meshes)});
}

void trust_both(const Owners& of, std::vector<Step>& steps) {
  const Words clusters = of.clusters(of.meshes), files = of.files(&Mesh::root);
  if (!files.empty())
    steps.push_back(
        {"append-to-files", fmt::format("append the new root to {}, and {}", listed(files), command(of)), {}, files});
  install_peers(of, "both roots", steps);
  steps.push_back({"append-root",
                   fmt::format("append the new root to root-cert.pem of the Secret cacerts in {}, and restart istiod "
                               "there",
                               listed(clusters)),
                   clusters});
  wait_for_trust(of, steps);
}

void sign_with_the_new(const Owners& of, std::vector<Step>& steps) {
  const Words clusters = of.clusters(of.meshes), files = of.files(&Mesh::intermediate);
  steps.push_back({"sign",
                   fmt::format("replace ca-cert.pem, ca-key.pem and cert-chain.pem of the Secret cacerts in {}, keep "
                               "both roots in root-cert.pem, and restart istiod there",
                               listed(clusters)),
                   clusters});
  if (!files.empty())
    steps.push_back(
        {"replace-files",
         fmt::format("replace the intermediate certificate in {}, and check: `meshfedc validate`", listed(files)),
         {},
         files});
  steps.push_back({"renew",
                   fmt::format("wait for a day, or restart all workloads and gateways of {}: then all have "
                               "certificates of the new root",
                               listed(of.names(of.meshes))),
                   clusters});
}

void forget_the_old(const Owners& of, std::vector<Step>& steps) {
  const Words clusters = of.clusters(of.meshes), files = of.files(&Mesh::root);
  steps.push_back({"remove-root",
                   fmt::format("remove the old root from root-cert.pem of the Secret cacerts in {}, and restart "
                               "istiod there",
                               listed(clusters)),
                   clusters});
  if (!files.empty())
    steps.push_back({"remove-from-files",
                     fmt::format("remove the old root from {}, and {}", listed(files), command(of)),
                     {},
                     files});
  install_peers(of, "only the new root", steps);
}

}  // namespace

Procedure rotate_root(const check::Checked& checked, MeshId mesh) {
  const ResolvedFederation& resolved = checked.resolved();
  Owners of{resolved, {mesh}, *resolved.federation.trust->mode == model::TrustMode::roots};
  const std::string& name = *resolved.mesh(mesh).name;
  if (!of.own) {
    of.meshes.clear();
    for (MeshId id = 0; id < resolved.meshes.size(); ++id) of.meshes.push_back(id);
  }
  Procedure done{of.own ? fmt::format("Another root for {}", name)
                        : fmt::format("Another root for {}, and for all meshes, which share it", name),
                 {}};
  done.steps.push_back(
      {"issue", fmt::format("issue the new root, and with it {} for {}, with the same name constraints",
                            of.meshes.size() == 1 ? "an intermediate certificate" : "intermediate certificates",
                            listed(of.names(of.meshes)))});
  trust_both(of, done.steps);
  sign_with_the_new(of, done.steps);
  forget_the_old(of, done.steps);
  return done;
}

}  // namespace meshfed::require
