// Where istiod's own key and certificate come from: never their content.
#include <fmt/core.h>

#include "install/context.hpp"

namespace meshfed::install {
namespace {

using model::CacertsFrom;

constexpr const char* kSecret = "cacerts";  // istiod looks for that name

/// Of files, as Istio's documentation has it; with a key per cluster there would be one mesh with several authorities.
k8s::ExternalSecret external_secret(const Context& context, const model::Cacerts& from) {
  return {.meta = context.meta(kSecret, context.values.ns),
          .store = *from.store,
          .key = from.key.given() ? *from.key : context.values.mesh_id,
          .entries = {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"}};
}

/// Constraints keep meshes apart only if each has a trust domain of its own.
k8s::Certificate certificate(const Context& context, const model::Cacerts& from) {
  k8s::Certificate made{.meta = context.meta(kSecret, context.values.ns),
                        .common_name = fmt::format("{} {}", context.values.mesh_id, context.values.cluster),
                        .issuer = *from.issuer};
  if (context.resolved.has_own_trust_domain(context.resolved.clusters[context.id].mesh))
    made.permitted_uri_domains = {context.values.trust_domain};
  made.common_name.resize(std::min<std::size_t>(made.common_name.size(), 64));  // X.509's limit
  return made;
}

}  // namespace

void add_cacerts(const Context& context, k8s::ClusterPlan& plan) {
  const model::Cacerts& from = *context.resolved.cacerts(context.resolved.clusters[context.id].mesh);
  switch (*from.from) {
    case CacertsFrom::external_secret:
      plan.files.push_back({"cacerts.yaml", {external_secret(context, from)}});
      return;
    case CacertsFrom::cert_manager:
      plan.files.push_back({"cacerts.yaml", {certificate(context, from)}});
      return;
    case CacertsFrom::none:
    case CacertsFrom::istio_csr:
      return;
  }
}

}  // namespace meshfed::install
