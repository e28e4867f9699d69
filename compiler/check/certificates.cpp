// Certificates of the meshes' authorities: whether they make a chain that proxies accept, and for whom they may issue.
#include <algorithm>
#include <ctime>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "check/rules.hpp"

namespace meshfed::check {
namespace {

using base::Certificate;
using model::Mesh;
using model::MeshId;
using model::Name;
using model::ResolvedFederation;
using model::TrustMode;

/// A certificate, and the key that names its file.
using Visit = std::function<void(const Name&, const Certificate&)>;

void each_certificate(const Mesh& mesh, const Visit& visit) {
  for (const Certificate& one : mesh.root_file.certificates) visit(mesh.root, one);
  for (const Certificate& one : mesh.intermediate_file.certificates) visit(mesh.intermediate, one);
}

std::string day_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

// MF1225: what signs certificates may do so.
void authorities_may_sign(const Name& file, const Certificate& one, diag::Sink& sink) {
  if (one.authority && one.signs_certificates) return;
  sink.report(file.span, diag::NotAnAuthority, one.subject, *file,
              one.authority ? "its key usage lacks `keyCertSign`" : "its basic constraints lack `CA:TRUE`");
}

// MF1229: certificates are valid on the day that is asked for; of the clock nothing is asked.
void certificates_are_valid(const Name& file, const Certificate& one, std::int64_t at, diag::Sink& sink) {
  if (one.not_before <= at && at < one.not_after) return;
  const bool early = at < one.not_before;
  sink.report(file.span, diag::NotValidAt, one.subject, *file, early ? "is valid only from" : "expires on",
              day_of(early ? one.not_before : one.not_after), day_of(at));
}

constexpr int kLeastBits = 1024;  // which Go accepts
constexpr int kSafeBits = 2048;

// MF1231, MF1232: proxies and istiod can verify them.
void certificates_are_verifiable(const Name& file, const Certificate& one, diag::Sink& sink) {
  if (!one.weakness.empty() && !one.self_issued)  // nobody verifies what a root says of itself
    sink.report(file.span, diag::WeakSignature, one.subject, *file, fmt::format("is signed with {}", one.weakness));
  if (one.rsa_bits != 0 && one.rsa_bits < kLeastBits)
    sink.report(file.span, diag::WeakSignature, one.subject, *file,
                fmt::format("has an RSA key of {} bits", one.rsa_bits));
  if (one.unknown_critical) sink.report(file.span, diag::UnknownCritical, one.subject, *file);
}

// MF1239: nobody finds the private key.
void keys_are_long(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    each_certificate(resolved.mesh(id), [&](const Name& file, const Certificate& one) {
      if (one.rsa_bits < kLeastBits || one.rsa_bits >= kSafeBits) return;
      for (const model::ClusterId cluster : resolved.meshes[id].clusters)
        sink.report(file.span, diag::ShortKey, one.subject, *file, one.rsa_bits).about_cluster(cluster);
    });
  }
}

// MF1226: a root is signed by itself.
void roots_sign_themselves(const Mesh& mesh, diag::Sink& sink) {
  for (const Certificate& root : mesh.root_file.certificates) {
    if (!root.self_issued || !base::is_signed_by(root, root))
      sink.report(mesh.root.span, diag::RootNotSelfSigned, root.subject, *mesh.root);
  }
}

/// The root that signed it; null if none did.
const Certificate* root_of(const Mesh& mesh, const Certificate& one) {
  const std::vector<Certificate>& roots = mesh.root_file.certificates;
  const auto found =
      std::find_if(roots.begin(), roots.end(), [&](const auto& root) { return is_signed_by(one, root); });
  return found == roots.end() ? nullptr : &*found;
}

// MF1230: so many authorities may stand below this one.
void depth_suffices(const Name& file, const Certificate& one, std::size_t below, diag::Sink& sink) {
  if (!one.depth || *one.depth >= static_cast<std::int64_t>(below)) return;
  sink.report(file.span, diag::TooDeep, one.subject, *file, *one.depth, below);
}

/// The first certificate that the next one has not signed; the number of all if there is none.
std::size_t first_gap(const std::vector<Certificate>& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (!base::is_signed_by(chain[i], chain[i + 1])) return i;
  }
  return chain.size();
}

// MF1227, MF1228, MF1230, MF1238: the intermediate leads to the root, by whatever stands between them in its file.
void intermediates_lead_to_the_root(const Mesh& mesh, diag::Sink& sink) {
  const std::vector<Certificate>& chain = mesh.intermediate_file.certificates;
  if (chain.empty()) return;
  const Name& file = mesh.intermediate;
  for (std::size_t i = 0; i < chain.size(); ++i) depth_suffices(file, chain[i], i, sink);
  const std::size_t gap = first_gap(chain);
  if (gap != chain.size()) {
    sink.report(file.span, diag::BrokenChain, chain[gap].subject, chain[gap + 1].subject, *file);
    return;
  }
  if (mesh.root_file.certificates.empty()) return;
  if (std::ranges::count(mesh.root_file.certificates, chain.front()) > 0) {
    sink.report(file.span, diag::SignsWithTheRoot, *mesh.name).note(mesh.root.span, "the root");
  } else if (const Certificate* root = root_of(mesh, chain.back())) {
    depth_suffices(mesh.root, *root, chain.size(), sink);
  } else if (std::ranges::count(mesh.root_file.certificates, chain.back()) == 0) {
    sink.report(file.span, diag::NotIssuedByRoot, chain.back().subject, *file, *mesh.name)
        .note(mesh.root.span, fmt::format("the root is \"{}\"", mesh.root_file.certificates.front().subject));
  }
}

// MF1233: an authority may issue the identities of its own mesh.
void authorities_serve_their_mesh(const Mesh& mesh, diag::Sink& sink) {
  if (!mesh.trust_domain.usable()) return;
  each_certificate(mesh, [&](const Name& file, const Certificate& one) {
    if (base::permits(one, *mesh.trust_domain)) return;
    sink.report(file.span, diag::OwnDomainNotPermitted, one.subject, *file, *mesh.trust_domain, *mesh.name)
        .advise(fmt::format("issue it again with the name constraint `permitted;URI:{}`, or correct `trust_domain`",
                            *mesh.trust_domain));
  });
}

/// Trust domains in byte order, without repetitions.
using Domains = std::vector<std::string_view>;

Domains domains_of(const ResolvedFederation& resolved) {
  Domains domains;
  for (const Mesh& mesh : resolved.federation.meshes) {
    if (mesh.trust_domain.usable()) domains.push_back(*mesh.trust_domain);
  }
  base::sort_unique(domains);
  return domains;
}

/// Those that constraints may mean.
Domains meant_by(const std::vector<std::string>& constraints, const Domains& domains) {
  Domains meant;
  for (const std::string& one : constraints) {
    if (one.starts_with('.'))
      std::ranges::copy_if(domains, std::back_inserter(meant),
                           [&](const auto& domain) { return domain.ends_with(one); });
    else if (base::contains(domains, std::string_view(one)))
      meant.push_back(one);
  }
  base::sort_unique(meant);
  return meant;
}

constexpr std::size_t kShownDomains = 5;

/// Those that a chain permits besides the mesh's own: as many as are shown, and one more.
std::vector<std::string> permitted_besides(const std::vector<Certificate>& chain, const std::string& own,
                                           const Domains& domains) {
  const auto narrow = std::ranges::find_if(chain, &Certificate::constrains_uris);
  std::vector<std::string> permitted;
  for (const std::string_view domain : narrow == chain.end() ? domains : meant_by(narrow->permitted, domains)) {
    const auto permits = [&](const Certificate& one) { return base::permits(one, domain); };
    if (domain == own || !std::ranges::all_of(chain, permits)) continue;
    permitted.push_back(fmt::format("\"{}\"", domain));
    if (permitted.size() > kShownDomains) break;
  }
  return permitted;
}

/// What other meshes accept of a mesh: a certificate, and those that sign it.
struct Accepted {
  std::string_view what;
  const Name* file;
  std::vector<std::vector<Certificate>> chains;  // any of them
};

/// Where each mesh has a root of its own, others accept all that it signs; where one is shared, the intermediate alone
/// is this mesh's.
Accepted accepted_of(const ResolvedFederation& resolved, MeshId id) {
  const Mesh& mesh = resolved.mesh(id);
  const std::vector<Certificate>& roots = mesh.root_file.certificates;
  if (*resolved.federation.trust->mode == TrustMode::roots && !roots.empty()) {
    Accepted accepted{"root", &mesh.root, {}};
    if (resolved.peers(id).empty()) return accepted;
    for (const Certificate& root : roots) accepted.chains.push_back({root});
    return accepted;
  }
  std::vector<Certificate> chain = mesh.intermediate_file.certificates;
  if (chain.empty()) return {"authority", &mesh.intermediate, {}};
  if (const Certificate* root = root_of(mesh, chain.back())) chain.push_back(*root);
  return {"authority", &mesh.intermediate, {std::move(chain)}};
}

// MF1234: an authority issues for no other mesh.
void authorities_keep_to_their_mesh(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Domains domains = domains_of(resolved);
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    const Mesh& mesh = resolved.mesh(id);
    if (!mesh.trust_domain.usable()) continue;
    const Accepted accepted = accepted_of(resolved, id);
    std::vector<std::string> permitted;
    for (const std::vector<Certificate>& chain : accepted.chains)
      if (permitted.empty()) permitted = permitted_besides(chain, *mesh.trust_domain, domains);
    if (permitted.empty()) continue;
    if (permitted.size() > kShownDomains) permitted.back() = "others";
    for (const model::ClusterId cluster : resolved.meshes[id].clusters) {
      sink.report(accepted.file->span, diag::MayIssueForOthers, accepted.what, *mesh.name, base::join(permitted))
          .advise(fmt::format("issue it again with the extension `nameConstraints = critical,permitted;URI:{}`",
                              *mesh.trust_domain))
          .about_cluster(cluster);
    }
  }
}

/// Fingerprints of its roots, ascending; none if it names no file, or a bad one.
std::vector<std::string_view> roots(const Mesh& mesh) {
  std::vector<std::string_view> prints;
  for (const Certificate& one : mesh.root_file.certificates) prints.push_back(one.fingerprint);
  base::sort_unique(prints);
  return prints;
}

// MF1235: where one root is said to be shared, there is one. The first mesh that names a root is compared with all
// others.
void shared_roots_are_one(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (*resolved.federation.trust->mode != TrustMode::shared_root) return;
  const Mesh* first = nullptr;
  std::vector<std::string_view> expected;
  for (const Mesh& mesh : resolved.federation.meshes) {
    if (mesh.root_file.certificates.empty()) continue;
    if (!first) {
      first = &mesh;
      expected = roots(mesh);
    }
    if (roots(mesh) == expected) continue;
    sink.report(mesh.root.span, diag::RootsDiffer, *mesh.name, *first->name)
        .note(first->root.span, fmt::format("the root of mesh \"{}\"", *first->name));
  }
}

// MF1236: where roots differ, what is written to install istiod contains those of its peers.
void roots_of_peers_are_known(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (*resolved.federation.trust->mode != TrustMode::roots) return;
  std::vector<MeshId> needed;
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    const model::MeshInfo& mesh = resolved.meshes[id];
    const auto installs = [&](model::ClusterId cluster) { return resolved.installs(cluster); };
    if (std::none_of(mesh.clusters.begin(), mesh.clusters.end(), installs)) continue;
    const std::vector<MeshId> with = resolved.peers(id);
    needed.insert(needed.end(), with.begin(), with.end());
    if (!with.empty()) needed.push_back(id);
  }
  base::sort_unique(needed);
  for (const MeshId id : needed) {
    const Mesh& mesh = resolved.mesh(id);
    if (mesh.root.state != model::State::absent) continue;
    sink.report(mesh.name.span, diag::RootMissing, *mesh.name)
        .note(resolved.federation.trust->mode.span, "declared here")
        .advise(fmt::format("add `root = \"…\"` to [mesh.{}]: the PEM file with its root certificate", *mesh.name));
  }
}

// MF1237: where roots differ and others install istiod, they have something to set.
void installers_know_of_roots(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (*resolved.federation.trust->mode != TrustMode::roots) return;
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    const model::MeshInfo& info = resolved.meshes[id];
    std::vector<std::string> names;
    for (const MeshId peer : resolved.peers(id)) names.push_back(fmt::format("\"{}\"", *resolved.mesh(peer).name));
    if (names.empty()) continue;
    for (const model::ClusterId cluster : info.clusters) {
      if (resolved.installs(cluster)) continue;
      sink.report(resolved.mesh(id).name.span, diag::RootsSetElsewhere, *resolved.mesh(id).name,
                  base::join(names, ", ", 5))
          .about_cluster(cluster);
    }
  }
}

}  // namespace

void check_certificates(const ResolvedFederation& resolved, std::optional<std::int64_t> at, diag::Sink& sink) {
  for (const Mesh& mesh : resolved.federation.meshes) {
    each_certificate(mesh, [&](const Name& file, const Certificate& one) {
      authorities_may_sign(file, one, sink);
      if (at) certificates_are_valid(file, one, *at, sink);
      certificates_are_verifiable(file, one, sink);
    });
    roots_sign_themselves(mesh, sink);
    intermediates_lead_to_the_root(mesh, sink);
    authorities_serve_their_mesh(mesh, sink);
  }
  keys_are_long(resolved, sink);
  authorities_keep_to_their_mesh(resolved, sink);
  shared_roots_are_one(resolved, sink);
  roots_of_peers_are_known(resolved, sink);
  installers_know_of_roots(resolved, sink);
}

}  // namespace meshfed::check
