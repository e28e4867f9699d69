// Another Istio in a cluster: in which order, and what it does otherwise.
#include <fmt/format.h>

#include "model/naming.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {
namespace {

using model::Istio;

/// What a minor does otherwise than the one before it, as far as a federation notices.
struct Change {
  Istio minor;
  std::string_view text;
};

constexpr Change kChanges[] = {
    {Istio::v1_30, "istiod reads TLSRoute v1, and needs Gateway API 1.5 or later for it; up to 1.29 it reads v1alpha2"},
    {Istio::v1_30, "`PILOT_ENABLE_ALPHA_GATEWAY_API` is no longer needed: remove `alpha_gateway_api`"},
    {Istio::v1_30, "the charts can leave out the account that lets other clusters read this one (`enableReaderRBAC`)"},
    {Istio::v1_31,
     "endpoints that are not ready are sent to proxies unless a DestinationRule sets `minHealthPercent`; "
     "those of meshfedc do"},
    {Istio::v1_31, "`meshConfig.serviceEntryVisibility` exists, and can hide imported hosts"},
    {Istio::v1_31, "pods that only a ServiceEntry selects are found without a restart of istiod"},
    {Istio::v1_31,
     "charts and images take their images from `registry.istio.io`: proxies need to reach it, or `hub` is set"},
};

std::string minor_after(Istio minor) {
  return std::string(model::word(static_cast<Istio>(static_cast<std::uint8_t>(minor) + 1)));
}

void add_intermediate_minors(Istio from, Istio to, std::vector<std::string>& steps) {
  for (Istio at = from; static_cast<int>(to) - static_cast<int>(at) > 2;
       at = static_cast<Istio>(static_cast<std::uint8_t>(at) + 2)) {
    const Istio next = static_cast<Istio>(static_cast<std::uint8_t>(at) + 1);
    steps.push_back(
        fmt::format("upgrade to {} first, with all of these steps: Istio supports upgrades by at most two "
                    "minor versions",
                    minor_after(next)));
  }
}

}  // namespace

Procedure upgrade(const check::Checked& checked, model::ClusterId id, const model::IstioVersion& to) {
  const model::ResolvedFederation& resolved = checked.resolved();
  const model::Settings& settings = resolved.clusters[id].settings;
  const model::IstioVersion from = *settings.istio;
  const std::string& name = *resolved.cluster(id).name;
  Procedure done{fmt::format("Upgrade of {} from {} to {}", name, model::word(from), model::word(to)), {}};
  std::vector<std::string>& steps = done.steps;
  add_intermediate_minors(from.minor, to.minor, steps);
  for (const Change& change : kChanges) {
    if (from.minor < change.minor && change.minor <= to.minor)
      steps.push_back(fmt::format("know what {} does otherwise: {}", model::word(change.minor), change.text));
  }
  steps.push_back(
      fmt::format("set `istio = \"{}\"` for {} and see what changes: `meshfedc diff`", model::word(to), name));
  if (resolved.installs(id))
    steps.push_back(fmt::format(
        "build, and apply `<output>-install/{}/`: the chart `base` with its CRDs first, then istiod", name));
  else
    steps.emplace_back("install the CRDs of the new Istio (chart `base`), then istiod");
  if (resolved.bundle(id) < model::shipped_bundle(to.minor) && !settings.gateway_api.given())
    steps.push_back(
        fmt::format("install the Gateway API CRDs of {} once the new istiod runs: an older one stops reading "
                    "TLSRoutes when they are newer than it",
                    model::word(model::shipped_bundle(to.minor))));
  steps.push_back(
      fmt::format("apply the federation's objects of {}, and wait until its gateways have restarted", name));
  steps.emplace_back("restart the workloads, whose proxies then have the new version");
  return done;
}

}  // namespace meshfed::require
