// Pods of other exports that a host finds where the clusters of a mesh read each other: its selector takes all pods
// that have the labels, in every cluster, whatever they were declared for.
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "check/labels.hpp"
#include "check/readers.hpp"
#include "check/rules.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::MeshId;
using model::Name;
using model::ResolvedFederation;
using resolve::each_export;

using Label = std::pair<const std::string_view, std::string_view>;

/// A host that selects pods in a mesh, and two of the clusters that do, on different networks; kNone if all are on one.
struct Finder {
  ExportId id = kNone;
  Labels labels = {};
  ClusterId one = kNone;
  ClusterId other = kNone;
};

/// Pods of a cluster, by what is said of them.
using Pods = std::tuple<ClusterId, std::string_view, Labels>;

/// Calls `visit(cluster)` for each cluster that reads others and has a part in the export.
template <class Visit>
void each_reader(const ResolvedFederation& resolved, const ExportInfo& info, Visit visit) {
  for (const std::vector<ClusterId>* clusters : {&info.from, &info.merge, &info.consumers}) {
    for (const ClusterId cluster : *clusters) {
      if (reads_others(resolved, cluster)) visit(cluster);
    }
  }
}

/// The hosts that select pods, by mesh, namespace and their first label.
class Finders {
 public:
  explicit Finders(const ResolvedFederation& resolved) : resolved_(resolved) {
    each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
      if (info.usable) add(id, info);
    });
  }

  /// Calls `visit(finder)` for each that has the label as its first.
  template <class Visit>
  void each(MeshId mesh, std::string_view ns, const Label& label, Visit visit) const {
    const auto found = all_.find({mesh, ns, label.first, label.second});
    if (found == all_.end()) return;
    for (const Finder& finder : found->second) visit(finder);
  }

 private:
  /// A Service selects pods of its own cluster, and its aliases those of all.
  void add(ExportId id, const ExportInfo& info) {
    std::map<std::tuple<MeshId, std::string_view, Labels>, Finder> own;
    each_reader(resolved_, info, [&](ClusterId cluster) {
      if (info.naming == model::Naming::service && !resolved_.has_aliases(cluster, id)) return;
      if (!resolved_.selects_pods(cluster, id)) return;
      const model::Selectors selectors = resolved_.selectors(resolved_.pods_of(cluster, id), id);
      if (!selects_pods(selectors)) return;
      const std::string_view ns = resolved_.host_namespace(cluster, id);
      Finder& finder = own[{resolved_.clusters[cluster].mesh, ns, labels_of(selectors)}];
      if (finder.one == kNone)
        finder.one = cluster;
      else if (finder.other == kNone && resolved_.clusters[finder.one].network != resolved_.clusters[cluster].network)
        finder.other = cluster;
    });
    for (auto& [key, finder] : own) {
      const auto& [mesh, ns, labels] = key;
      if (labels.empty()) continue;
      finder.id = id;
      finder.labels = labels;
      const auto& [name, value] = *labels.begin();
      all_[{mesh, ns, name, value}].push_back(finder);
    }
  }

  const ResolvedFederation& resolved_;
  std::map<std::tuple<MeshId, std::string_view, std::string_view, std::string_view>, std::vector<Finder>> all_;
};

void report_found(const ResolvedFederation& resolved, const Finder& finder, ClusterId caller, ExportId other,
                  ClusterId cluster, diag::Sink& sink) {
  const Export& exported = resolved.exported(finder.id);
  const Export& met = resolved.exported(other);
  const model::Cluster& there = resolved.cluster(cluster);
  sink.report(selection_span(resolved.selectors(resolved.pods_of(finder.one, finder.id), finder.id)),
              diag::PodsBehindClosedGateway, *resolved.cluster(caller).name, *exported.name, *there.name)
      .advise(fmt::format("add \"{}\" to `from`, or select labels that the pods of export \"{}\" do not have",
                          *there.name, *met.name))
      .note(met.name.span, "its pods have these labels")
      .note(resolved.mesh_of(cluster).remote_secrets.span, "the clusters of the mesh read each other");
}

}  // namespace

// MF0538, of pods that another export was declared for. One report for a host.
void check_found_pods(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Finders finders(resolved);
  std::set<Pods> seen;
  std::set<ExportId> reported;
  const auto look_at = [&](ExportId id, ClusterId cluster) {
    const model::Selectors selectors = resolved.selectors(cluster, id);
    const Name& ns = resolved.workload_namespace(cluster, id);
    if (!resolved.has_workloads(cluster, id) || !ns.given() || !selects_pods(selectors)) return;
    const auto looked_at = seen.emplace(cluster, *ns, labels_of(selectors));
    if (!looked_at.second) return;
    const Labels& labels = std::get<Labels>(*looked_at.first);
    const model::ClusterInfo& own = resolved.clusters[cluster];
    for (const Label& label : labels) {
      finders.each(own.mesh, *ns, label, [&](const Finder& finder) {
        const bool beside = resolved.clusters[finder.one].network == own.network;
        const ClusterId caller = beside ? finder.other : finder.one;
        if (caller == kNone || resolved.has_workloads(cluster, finder.id)) return;
        if (!selects(finder.labels, labels) || !reported.insert(finder.id).second) return;
        report_found(resolved, finder, caller, id, cluster, sink);
      });
    }
  };
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    if (info.usable) each_reader(resolved, info, [&](ClusterId cluster) { look_at(id, cluster); });
  });
}

}  // namespace meshfed::check
