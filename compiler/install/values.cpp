// The facts: what a federation says of an istiod.
#include "base/sorted.hpp"
#include "install/install.hpp"

namespace meshfed::install {
namespace {

using Authority = k8s::IstioValues::Authority;
using model::ClusterId;
using model::Istio;
using model::MeshId;
using model::ResolvedFederation;

/// What the charts of a minor have to be told, and can be told: a key that they do not know, they drop without a word.
/// All else that is written, the charts of every minor know.
struct Charts {
  const char* hub;    // empty: they know where images stay
  bool know_readers;  // `global.enableReaderRBAC`: whether an account lets other clusters read this one
};

/// By minor. Hosting that ends in December 2026 is the only one that charts of 1.30 know, and one of two up to 1.29:
/// https://istio.io/latest/blog/2026/retirement-of-gcr.io-follow-up/ and retirement-of-gcp/. Readers are optional from
/// 1.30.0 on: github.com/istio/istio/blob/1.30.0/releasenotes/notes/56326-reader-rbac-multicluster-only.yaml.
constexpr Charts kCharts[] = {
    {"docker.io/istio", false},  // 1.26
    {"docker.io/istio", false},  // 1.27
    {"docker.io/istio", false},  // 1.28
    {"docker.io/istio", false},  // 1.29
    {"docker.io/istio", true},   // 1.30
    {"", true},                  // 1.31
    {"", true},                  // 1.32
};
static_assert(std::size(kCharts) == std::size(model::kWords<Istio>));

const Charts& charts_of(const model::Settings& settings) {
  return kCharts[static_cast<std::size_t>(settings.istio->minor)];
}

/// A federation needs no reader.
std::optional<bool> readers(const ResolvedFederation& resolved, ClusterId cluster) {
  if (!charts_of(resolved.clusters[cluster].settings).know_readers) return std::nullopt;
  return *resolved.mesh_of(cluster).remote_secrets;
}

k8s::StringMap environment(const ResolvedFederation& resolved, ClusterId cluster) {
  k8s::StringMap variables;
  if (*resolved.clusters[cluster].settings.alpha_gateway_api) variables["PILOT_ENABLE_ALPHA_GATEWAY_API"] = "true";
  if (*resolved.federation.trust->mode == model::TrustMode::roots) variables["ISTIO_MULTIROOT_MESH"] = "true";
  return variables;
}

/// Without capture, proxies do not resolve hosts of ServiceEntries. Addresses for these are allocated by istiod itself.
k8s::StringMap proxy_metadata(const ResolvedFederation& resolved, ClusterId cluster) {
  k8s::StringMap variables;
  if (*resolved.clusters[cluster].settings.dns_capture) variables["ISTIO_META_DNS_CAPTURE"] = "true";
  if (*resolved.federation.trust->mode == model::TrustMode::roots) variables["PROXY_CONFIG_XDS_AGENT"] = "true";
  return variables;
}

/// The root of each peer. Its trust domain is accepted only if it calls: of a mesh that is only called, the root alone.
std::vector<Authority> roots_of_peers(const ResolvedFederation& resolved, MeshId mesh, bool aliases) {
  std::vector<Authority> authorities;
  const std::string& own = resolved.mesh(mesh).root_file.pem;
  for (const MeshId peer : resolved.peers(mesh)) {
    Authority authority;
    const std::string& domain = *resolved.mesh(peer).trust_domain;
    const bool calls = base::contains(resolved.meshes[mesh].callers, peer);
    if (calls && !aliases && domain != *resolved.mesh(mesh).trust_domain) authority.trust_domains = {domain};
    if (resolved.mesh(peer).root_file.pem != own) authority.pem = resolved.mesh(peer).root_file.pem;
    if (!authority.pem.empty() || !authority.trust_domains.empty()) authorities.push_back(std::move(authority));
  }
  return authorities;
}

void accept_callers(const ResolvedFederation& resolved, MeshId mesh, k8s::IstioValues& values) {
  const model::Trust& trust = *resolved.federation.trust;
  const std::vector<std::string_view> domains = resolved.foreign_domains(mesh);
  const bool aliases = *trust.domains == model::ForeignDomains::aliases;
  if (aliases) values.trust_domain_aliases.assign(domains.begin(), domains.end());
  if (*trust.mode == model::TrustMode::roots) {
    values.authorities = roots_of_peers(resolved, mesh, aliases);
  } else if (!domains.empty() && !aliases) {
    values.authorities = {{.pem = "", .trust_domains = {domains.begin(), domains.end()}}};
  }
}

}  // namespace

k8s::IstioValues values_of(const ResolvedFederation& resolved, ClusterId id) {
  const model::ClusterInfo& info = resolved.clusters[id];
  const model::Mesh& mesh = resolved.mesh(info.mesh);
  const model::Settings& settings = info.settings;
  k8s::IstioValues values{.ns = *mesh.root_namespace,
                          .revision = settings.revision.given() ? *settings.revision : "",
                          .mesh_id = *mesh.name,
                          .cluster = *resolved.cluster(id).name,
                          .network = *resolved.network(info.network).name,
                          .trust_domain = *mesh.trust_domain,
                          .hub = charts_of(settings).hub,
                          .cluster_domain = settings.cluster_domain.given() ? *settings.cluster_domain : "",
                          .readers = readers(resolved, id),
                          .environment = environment(resolved, id),
                          .proxy_metadata = proxy_metadata(resolved, id)};
  accept_callers(resolved, info.mesh, values);
  if (*resolved.cacerts(info.mesh)->from == model::CacertsFrom::istio_csr) {
    values.authority_address = "cert-manager-istio-csr.cert-manager.svc:443";
    values.environment["ENABLE_CA_SERVER"] = "false";
  }
  return values;
}

}  // namespace meshfed::install
