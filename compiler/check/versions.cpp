// Target profiles: what a version of Istio does that somebody should know of.
#include <algorithm>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Istio;
using model::ResolvedFederation;
using resolve::egress_networks;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;

const source::Span& version_span(const ResolvedFederation& resolved, ClusterId id) {
  return span_or(resolved.clusters[id].settings.istio, resolved.cluster(id).name.span);
}

bool has_version(const ResolvedFederation& resolved, ClusterId id) {
  return resolved.clusters[id].settings.istio.given();
}

/// Gateways with TLS listeners that this cluster's istiod deploys.
bool deploys_a_gateway(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id) {
  const auto& gateway = resolved.cluster(id).gateway;
  if (gateway.given() && *gateway && *(*gateway)->deploy) return true;
  return *resolved.cluster(id).egress_gateway->deploy && !egress_networks(resolved, traffic, id).empty();
}

/// Clusters that say nothing of their Istio, neither by themselves nor by what they inherit, by mesh.
std::vector<std::vector<ClusterId>> clusters_without_version(const ResolvedFederation& resolved) {
  std::vector<std::vector<ClusterId>> without(resolved.meshes.size());
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const model::ClusterInfo& info = resolved.clusters[id];
    const bool absent = info.settings.istio.state == model::State::absent;
    if (absent && info.mesh != model::kNone) without[info.mesh].push_back(id);
  }
  return without;
}

// MF0708: every cluster says which Istio it runs. One report if no cluster does, else one for each mesh where one does
// not: as many as there are lines to be added.
void versions_are_said(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<std::vector<ClusterId>> without = clusters_without_version(resolved);
  const auto says = [&](const auto& info) { return info.settings.istio.state != model::State::absent; };
  if (std::none_of(resolved.clusters.begin(), resolved.clusters.end(), says)) {
    const auto mesh = std::find_if(without.begin(), without.end(), [](const auto& ids) { return !ids.empty(); });
    if (mesh == without.end()) return;
    const bool one = resolved.clusters.size() == 1;
    const std::string who = one ? fmt::format("cluster \"{}\"", *resolved.cluster(mesh->front()).name) : "any cluster";
    sink.report(resolved.cluster(mesh->front()).name.span, diag::IstioMissing, who)
        .advise("add `istio = \"1.31\"` to [defaults], using the minor version that `istioctl version` shows");
    return;
  }
  for (model::MeshId mesh = 0; mesh < without.size(); ++mesh) {
    if (without[mesh].empty()) continue;
    const model::Cluster& first = resolved.cluster(without[mesh].front());
    const bool whole_mesh = without[mesh].size() > 1 && without[mesh] == resolved.meshes[mesh].clusters;
    if (whole_mesh) {
      sink.report(first.name.span, diag::IstioMissing, fmt::format("mesh \"{}\"", *first.mesh))
          .advise(
              fmt::format("add `istio = \"1.31\"` to [mesh.{}], using the minor version that `istioctl version` shows",
                          *first.mesh));
      continue;
    }
    for (const ClusterId id : without[mesh]) {
      const std::string& name = *resolved.cluster(id).name;
      sink.report(resolved.cluster(id).name.span, diag::IstioMissing, fmt::format("cluster \"{}\"", name))
          .advise(fmt::format(
              "add `istio = \"1.31\"` to [cluster.{}], using the minor version that `istioctl version` shows", name));
    }
  }
}

// MF0704: istiod reports the listeners of its gateways as supported.
void gateways_look_healthy(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const model::Settings& settings = resolved.clusters[id].settings;
    if (!has_version(resolved, id) || *settings.istio >= Istio::v1_30) continue;
    if (!settings.alpha_gateway_api.usable() || *settings.alpha_gateway_api) continue;
    if (!deploys_a_gateway(resolved, traffic, id)) continue;
    sink.report(version_span(resolved, id), diag::GatewaysLookDegraded, model::word(*settings.istio)).about_cluster(id);
  }
}

/// The clusters where a ServiceEntry of ours selects pods.
std::vector<bool> selecting_clusters(const ResolvedFederation& resolved) {
  std::vector<bool> selecting(resolved.clusters.size());
  for (model::ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::ExportInfo& info = resolved.exports[id];
    if (!info.usable || info.naming != model::Naming::global) continue;
    for (const ClusterId cluster : info.from) selecting[cluster] = true;
    for (const ClusterId cluster : info.merge) selecting[cluster] = true;
    for (const ClusterId cluster : info.consumers) {
      if (resolved.selects_pods(cluster, id)) selecting[cluster] = true;
    }
  }
  return selecting;
}

/// istio#61157 is mended in 1.31, and in 1.30 from this patch on.
constexpr int kSelectorMended = 4;

bool may_miss_pods(const model::IstioVersion& istio) {
  if (istio.minor == Istio::v1_30) return !istio.is_at_least(kSelectorMended);
  return istio < Istio::v1_30;
}

// MF0705: istiod sees every pod that a host selects.
void selected_pods_are_seen(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<bool> selecting = selecting_clusters(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const auto& istio = resolved.clusters[id].settings.istio;
    if (!selecting[id] || !istio.given() || !may_miss_pods(*istio)) continue;
    sink.report(version_span(resolved, id), diag::RestartForSelector, model::word(*istio)).about_cluster(id);
  }
}

/// When a minor went out of support, patches and all.
struct EndOfSupport {
  Istio minor;
  std::string_view day;
};

/// As known on 2026-11-29: six weeks after the release of the second minor after it (istio.io, "Supported Releases").
/// A minor without a row was supported then, or its day was not known. The date stands in MF0706, too.
constexpr EndOfSupport kEndsOfSupport[] = {
    {Istio::v1_26, "2025-12-22"},
    {Istio::v1_27, "2026-03-30"},
    {Istio::v1_28, "2026-06-29"},
    {Istio::v1_29, "2026-10-12"},
};

std::string_view end_of_support(Istio minor) {
  const auto found = std::ranges::find(kEndsOfSupport, minor, &EndOfSupport::minor);
  return found == std::end(kEndsOfSupport) ? std::string_view() : found->day;
}

// MF0706: every cluster runs a supported Istio.
void versions_are_supported(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    if (!has_version(resolved, id)) continue;
    const model::IstioVersion& istio = *resolved.clusters[id].settings.istio;
    const std::string_view end = end_of_support(istio.minor);
    if (end.empty()) continue;
    sink.report(version_span(resolved, id), diag::OutOfSupport, model::word(istio), end).about_cluster(id);
  }
}

// MF0707: the clusters of a mesh are at most two minor versions apart.
void versions_are_close(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (model::MeshId mesh = 0; mesh < resolved.meshes.size(); ++mesh) {
    std::vector<ClusterId> clusters = resolved.meshes[mesh].clusters;
    std::erase_if(clusters, [&](ClusterId id) { return !has_version(resolved, id); });
    if (clusters.empty()) continue;
    const auto [oldest, newest] = std::minmax_element(clusters.begin(), clusters.end(), [&](ClusterId a, ClusterId b) {
      return *resolved.clusters[a].settings.istio < *resolved.clusters[b].settings.istio;
    });
    const Istio old = *resolved.clusters[*oldest].settings.istio;
    const Istio recent = *resolved.clusters[*newest].settings.istio;
    if (static_cast<int>(recent) - static_cast<int>(old) <= 2) continue;
    sink.report(version_span(resolved, *oldest), diag::VersionsFarApart, *resolved.cluster(*oldest).name,
                model::word(old), *resolved.cluster(*newest).name, model::word(recent), *resolved.mesh(mesh).name)
        .note(version_span(resolved, *newest), "the newer one")
        .about_cluster(*oldest);
  }
}

// MF0730: workloads have sidecars. One report for each place that says otherwise.
void workloads_have_sidecars(const ResolvedFederation& resolved, diag::Sink& sink) {
  const auto look_at = [&](const model::Settings& settings) {
    const auto& dataplane = settings.dataplane;
    if (!dataplane.given() || *dataplane == model::Dataplane::sidecar) return;
    sink.report(dataplane.span, diag::AmbientDataplane);
  };
  look_at(resolved.federation.defaults);
  for (const model::Mesh& mesh : resolved.federation.meshes) look_at(mesh.settings);
  for (const model::Cluster& cluster : resolved.federation.clusters) look_at(cluster.settings);
}

}  // namespace

void check_versions(const ResolvedFederation& resolved, diag::Sink& sink) {
  versions_are_said(resolved, sink);
  gateways_look_healthy(resolved, sink);
  selected_pods_are_seen(resolved, sink);
  versions_are_supported(resolved, sink);
  versions_are_close(resolved, sink);
  workloads_have_sidecars(resolved, sink);
}

}  // namespace meshfed::check
