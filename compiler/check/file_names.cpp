// Names that become directories and files, on systems that have them for something else.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "check/rules.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::ExportId;
using model::Name;
using model::ResolvedFederation;
using resolve::concerned;
using resolve::each_export;

constexpr auto kDevices = std::to_array<std::string_view>({"aux", "con", "nul", "prn"});

/// The device that Windows takes a file of this name for, be there an extension; names are in lower case. "Naming
/// Files, Paths, and Namespaces", Microsoft Learn.
std::string_view device_in(std::string_view name) {
  const std::string_view stem = name.substr(0, name.find('.'));
  const bool numbered =
      stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
  return numbered || std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end() ? stem : "";
}

/// `name` is what the key says, and `path` an example of what it becomes. Null if there is nothing to report.
diag::Report* look(const source::Span& span, std::string_view what, std::string_view name, const std::string& path,
                   diag::Sink& sink) {
  const std::string_view device = device_in(name);
  return device.empty() ? nullptr : &sink.report(span, diag::WindowsDeviceName, what, name, path, device);
}

void look_at_clusters(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Name& name = resolved.cluster(id).name;
    if (!name.given()) continue;
    if (diag::Report* report = look(name.span, "cluster", *name, fmt::format("{}/", *name), sink))
      report->about_cluster(id);
  }
}

/// Each name once, where it stands first.
void look_at_namespaces(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::set<std::string_view> seen;
  const auto look_at = [&](const Name& ns) {
    if (ns.given() && seen.insert(*ns).second) look(ns.span, "namespace", *ns, fmt::format("{}/", *ns), sink);
  };
  for (const model::Mesh& mesh : resolved.federation.meshes) look_at(mesh.root_namespace);
  for (const model::Cluster& cluster : resolved.federation.clusters) {
    if (cluster.gateway.given()) look_at((*cluster.gateway)->namespace_);
    if (cluster.egress_gateway.given()) look_at(cluster.egress_gateway->namespace_);
  }
  each_export(resolved, [&](ExportId, const model::Export& exported, const auto&) {
    look_at(exported.namespace_);
    for (const model::Place& place : exported.at) look_at(place.namespace_);
  });
}

bool has_file_of_its_own(const ResolvedFederation& resolved, const model::ExportInfo& info) {
  const std::vector<ClusterId> clusters = concerned(info);
  return std::any_of(clusters.begin(), clusters.end(), [&](ClusterId id) {
    return resolved.clusters[id].usable() && *resolved.clusters[id].settings.files == model::Files::host;
  });
}

void look_at_hosts(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const model::Export& exported, const model::ExportInfo& info) {
    const Name& named = exported.host.given()      ? exported.host
                        : exported.service.given() ? exported.service
                                                   : exported.name;
    if (!info.usable || !named.given() || !has_file_of_its_own(resolved, info)) return;
    if (diag::Report* report = look(named.span, "host", info.host, fmt::format("{}.yaml", info.host), sink))
      report->about_export(id);
  });
}

// MF0814: no cluster, namespace or host makes a path that Windows has for a device.
void paths_exist_on_windows(const ResolvedFederation& resolved, diag::Sink& sink) {
  look_at_clusters(resolved, sink);
  look_at_namespaces(resolved, sink);
  look_at_hosts(resolved, sink);
}

}  // namespace

void check_file_names(const ResolvedFederation& resolved, diag::Sink& sink) { paths_exist_on_windows(resolved, sink); }

}  // namespace meshfed::check
