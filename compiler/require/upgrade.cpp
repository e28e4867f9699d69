// Another Istio in a cluster: in which order, and what it does otherwise.
#include <fmt/format.h>

#include "model/naming.hpp"
#include "require/elsewhere.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {
namespace {

using model::GatewayApi;
using model::Istio;

/// What a minor does otherwise than the one before it, as far as a federation notices. Sources are Istio's release and
/// upgrade notes: https://istio.io/latest/news/releases/1.31.x/announcing-1.31/upgrade-notes/, likewise of 1.30.
struct Change {
  Istio minor;
  std::string_view text;
};

constexpr Change kChanges[] = {
    {Istio::v1_30, "istiod reads TLSRoute v1, and needs Gateway API 1.5 or later for it; up to 1.29 it reads v1alpha2"},
    {Istio::v1_30, "`PILOT_ENABLE_ALPHA_GATEWAY_API` is no longer needed: then `alpha_gateway_api` can go"},
    {Istio::v1_30, "the charts can leave out the account that lets other clusters read this one (`enableReaderRBAC`)"},
    {Istio::v1_30,
     "charts take their images from `registry.istio.io`, which ends in December 2026, unless `hub` is set; what "
     "`install` writes sets it"},
    {Istio::v1_31,
     "endpoints that are not ready are sent to proxies unless a DestinationRule sets `minHealthPercent`; "
     "those of meshfedc do"},
    {Istio::v1_31, "`meshConfig.serviceEntryVisibility` exists, and can hide imported hosts"},
    {Istio::v1_31, "pods that only a ServiceEntry selects are found without a restart of istiod"},
    {Istio::v1_31,
     "images are at `docker.io/istio` and charts at `blob.istio.io`; `gcr.io/istio-release`, `registry.istio.io` and "
     "`istio-release.storage.googleapis.com` get no more of them"},
};

std::string minor_after(Istio minor) {
  return std::string(model::word(static_cast<Istio>(static_cast<std::uint8_t>(minor) + 1)));
}

void add_intermediate_minors(Istio from, Istio to, std::vector<Step>& steps) {
  for (Istio at = from; static_cast<int>(to) - static_cast<int>(at) > 2;
       at = static_cast<Istio>(static_cast<std::uint8_t>(at) + 2)) {
    const Istio next = static_cast<Istio>(static_cast<std::uint8_t>(at) + 1);
    steps.push_back({"upgrade-first",
                     fmt::format("upgrade to {} first, with all of these steps: Istio supports upgrades by at most two "
                                 "minor versions",
                                 minor_after(next))});
  }
}

/// What is known of the cluster, and of the versions that it goes from and to.
struct Upgrade {
  const model::ResolvedFederation& resolved;
  model::ClusterId id;
  model::IstioVersion from, to;

  const std::string& name() const { return *resolved.cluster(id).name; }
  const model::Settings& settings() const { return resolved.clusters[id].settings; }

  bool has_tls_routes() const {
    const auto& egress = resolved.cluster(id).egress_gateway;
    return egress.given() && *egress->route == model::EgressRoute::tlsroute && leaves_by_gateway(resolved, id);
  }

  /// Up to 1.29, istiod reads TLSRoutes of CRDs before 1.5 only; later, of these and later ones only.
  bool misses_tls_routes() const { return has_tls_routes() && from.minor < Istio::v1_30 && to.minor >= Istio::v1_30; }

  GatewayApi shipped() const { return model::shipped_bundle(to.minor); }

  /// Which CRDs there are may be declared; then they stay as they are, unless TLSRoutes need others.
  bool needs_bundle() const {
    return resolved.bundle(id) < shipped() && (!settings().gateway_api.given() || misses_tls_routes());
  }
};

void set(const Upgrade& of, std::string text, std::vector<Step>& steps) {
  steps.push_back({"set", std::move(text), {of.name()}});
}

void apply(const Upgrade& of, std::vector<Step>& steps) {
  steps.push_back({"apply", fmt::format("build, and apply the federation's objects of {}", of.name()), {of.name()}});
}

/// Whichever changes first, istiod or the CRDs: until the other one does, no TLSRoute is read.
void leave_tls_routes(const Upgrade& of, std::vector<Step>& steps) {
  if (!of.misses_tls_routes()) return;
  set(of,
      fmt::format("set `egress_gateway.route = \"virtualservice\"` for {}: between the upgrades of istiod and of the "
                  "Gateway API CRDs, istiod reads no TLSRoutes",
                  of.name()),
      steps);
  apply(of, steps);
}

void return_to_tls_routes(const Upgrade& of, std::vector<Step>& steps) {
  if (of.misses_tls_routes())
    set(of, fmt::format("set `egress_gateway.route = \"tlsroute\"` for {} again", of.name()), steps);
}

void set_version(const Upgrade& of, std::vector<Step>& steps) {
  const bool bundle = of.needs_bundle() && of.settings().gateway_api.given();
  set(of,
      fmt::format("set `istio = \"{}\"`{} for {} and see what changes: `meshfedc diff`", model::word(of.to),
                  bundle ? fmt::format(" and `gateway_api = \"{}\"`", model::word(of.shipped())) : "", of.name()),
      steps);
}

void install(const Upgrade& of, std::vector<Step>& steps) {
  const std::string what =
      of.resolved.installs(of.id)
          ? fmt::format("build, and apply `<output>-install/{}/`: the chart `base` with its CRDs first, then istiod",
                        of.name())
          : "install the CRDs of the new Istio (chart `base`), then istiod";
  steps.push_back({"install", what + "; wait until it has restarted the gateways that it deploys", {of.name()}});
}

void install_bundle(const Upgrade& of, std::vector<Step>& steps) {
  if (!of.needs_bundle()) return;
  steps.push_back({"gateway-api",
                   fmt::format("install the Gateway API CRDs of {} once the new istiod runs: an older one stops "
                               "reading TLSRoutes when they are newer than it",
                               model::word(of.shipped())),
                   {of.name()}});
}

}  // namespace

Procedure upgrade(const check::Checked& checked, model::ClusterId id, const model::IstioVersion& to) {
  const model::ResolvedFederation& resolved = checked.resolved();
  const Upgrade of{resolved, id, *resolved.clusters[id].settings.istio, to};
  Procedure done{fmt::format("Upgrade of {} from {} to {}", of.name(), model::word(of.from), model::word(to)), {}};
  std::vector<Step>& steps = done.steps;
  add_intermediate_minors(of.from.minor, to.minor, steps);
  for (const Change& change : kChanges) {
    if (of.from.minor < change.minor && change.minor <= to.minor)
      steps.push_back({"know", fmt::format("know what {} does otherwise: {}", model::word(change.minor), change.text)});
  }
  leave_tls_routes(of, steps);
  set_version(of, steps);
  install(of, steps);
  install_bundle(of, steps);
  return_to_tls_routes(of, steps);
  apply(of, steps);
  steps.push_back({"restart",
                   "restart the workloads, and gateways that others deploy: their proxies then have the new version",
                   {of.name()}});
  return done;
}

}  // namespace meshfed::require
