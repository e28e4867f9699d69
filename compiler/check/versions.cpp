// Target profiles: what a version of Istio does that somebody should know of.
#include <algorithm>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "check/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Istio;
using model::World;

const source::Span& version_span(const World& world, ClusterId id) {
  return span_or(world.clusters[id].settings.istio, world.cluster(id).name.span);
}

bool has_version(const World& world, ClusterId id) { return world.clusters[id].settings.istio.given(); }

/// Gateways with TLS listeners that this cluster's istiod deploys.
bool deploys_a_gateway(const World& world, const Traffic& traffic, ClusterId id) {
  const auto& gateway = world.cluster(id).gateway;
  if (gateway.given() && *gateway && *(*gateway)->deploy) return true;
  return !egress_networks(world, traffic, id).empty();
}

// MF0704: istiod reports the listeners of its gateways as supported.
void gateways_look_healthy(const World& world, diag::Sink& sink) {
  const Traffic traffic = traffic_of(world);
  for (ClusterId id = 0; id < world.clusters.size(); ++id) {
    const model::Settings& settings = world.clusters[id].settings;
    if (!has_version(world, id) || *settings.istio >= Istio::v1_30) continue;
    if (!settings.alpha_gateway_api.usable() || *settings.alpha_gateway_api) continue;
    if (!deploys_a_gateway(world, traffic, id)) continue;
    sink.report(version_span(world, id), diag::GatewaysLookDegraded, model::word(*settings.istio)).about_cluster(id);
  }
}

/// The clusters where a ServiceEntry of ours selects pods.
std::vector<bool> selecting_clusters(const World& world) {
  std::vector<bool> selecting(world.clusters.size());
  for (const model::ExportInfo& info : world.exports) {
    if (!info.usable || info.naming != model::Naming::global) continue;
    for (const ClusterId cluster : info.from) selecting[cluster] = true;
    for (const ClusterId cluster : info.merge) selecting[cluster] = true;
  }
  return selecting;
}

// MF0705: istiod sees every pod that a host selects (istio#61157, mended in 1.31).
void selected_pods_are_seen(const World& world, diag::Sink& sink) {
  const std::vector<bool> selecting = selecting_clusters(world);
  for (ClusterId id = 0; id < world.clusters.size(); ++id) {
    const auto& istio = world.clusters[id].settings.istio;
    if (!selecting[id] || !istio.given() || *istio >= Istio::v1_31) continue;
    sink.report(version_span(world, id), diag::RestartForSelector, model::word(*istio)).about_cluster(id);
  }
}

/// The day on which a minor went out of support, as known on 2026-08-22: six weeks after the release of the second
/// minor after it (istio.io, "Supported Releases"). Empty for those still supported then.
constexpr std::string_view end_of_support(Istio istio) {
  switch (istio) {
    case Istio::v1_26:
      return "2025-12-22";
    case Istio::v1_27:
      return "2026-03-30";
    case Istio::v1_28:
      return "2026-06-29";
    case Istio::v1_29:
    case Istio::v1_30:
    case Istio::v1_31:
      break;
  }
  return {};
}

// MF0706: every cluster runs a supported Istio.
void versions_are_supported(const World& world, diag::Sink& sink) {
  for (ClusterId id = 0; id < world.clusters.size(); ++id) {
    if (!has_version(world, id)) continue;
    const Istio istio = *world.clusters[id].settings.istio;
    const std::string_view end = end_of_support(istio);
    if (end.empty()) continue;
    sink.report(version_span(world, id), diag::OutOfSupport, model::word(istio), end).about_cluster(id);
  }
}

// MF0707: the clusters of a mesh are at most two minor versions apart.
void versions_are_close(const World& world, diag::Sink& sink) {
  for (model::MeshId mesh = 0; mesh < world.meshes.size(); ++mesh) {
    std::vector<ClusterId> clusters = world.meshes[mesh].clusters;
    std::erase_if(clusters, [&](ClusterId id) { return !has_version(world, id); });
    if (clusters.empty()) continue;
    const auto [oldest, newest] = std::minmax_element(clusters.begin(), clusters.end(), [&](ClusterId a, ClusterId b) {
      return *world.clusters[a].settings.istio < *world.clusters[b].settings.istio;
    });
    const Istio old = *world.clusters[*oldest].settings.istio;
    const Istio recent = *world.clusters[*newest].settings.istio;
    if (static_cast<int>(recent) - static_cast<int>(old) <= 2) continue;
    sink.report(version_span(world, *oldest), diag::VersionsFarApart, *world.cluster(*oldest).name, model::word(old),
                *world.cluster(*newest).name, model::word(recent), *world.mesh(mesh).name)
        .note(version_span(world, *newest), "the newer one")
        .about_cluster(*oldest);
  }
}

}  // namespace

void check_versions(const World& world, diag::Sink& sink) {
  gateways_look_healthy(world, sink);
  selected_pods_are_seen(world, sink);
  versions_are_supported(world, sink);
  versions_are_close(world, sink);
}

}  // namespace meshfed::check
