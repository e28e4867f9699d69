// What a host finds where the clusters of a mesh read each other, beside pods: the WorkloadEntries that stand for the
// networks of other meshes. istiod selects those of all clusters that it reads
// (PILOT_ENABLE_CROSS_CLUSTER_WORKLOAD_ENTRY, which is on unless somebody turns it off).
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "check/items.hpp"
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
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_export;

/// A cluster that has the host, and the networks that it writes entries for.
struct Reader {
  ClusterId cluster = kNone;
  std::vector<NetworkId> networks = {};
};

/// The clusters of one mesh that find each other's entries of a host.
struct Readers {
  std::vector<Reader> all = {};
  std::map<NetworkId, ClusterId> writers = {};  // one for each network that anybody writes an entry for
};

/// A ServiceEntry that selects nothing has its endpoints in itself. A Service of one name is one Service.
bool finds_entries(const ResolvedFederation& resolved, ExportId id, const ExportInfo& info, ClusterId cluster) {
  if (!reads_others(resolved, cluster)) return false;
  return info.naming == model::Naming::service || resolved.selects_pods(cluster, id);
}

std::map<MeshId, Readers> readers_by_mesh(const ResolvedFederation& resolved, ExportId id, const ExportInfo& info) {
  std::map<MeshId, Readers> meshes;
  std::set<ClusterId> seen;
  for (const std::vector<ClusterId>* clusters : {&info.from, &info.merge, &info.consumers}) {
    for (const ClusterId cluster : *clusters) {
      if (!finds_entries(resolved, id, info, cluster) || !seen.insert(cluster).second) continue;
      Readers& readers = meshes[resolved.clusters[cluster].mesh];
      Reader& reader = readers.all.emplace_back(Reader{cluster, resolved.live_sources(cluster, id)});
      for (const NetworkId network : reader.networks) readers.writers.try_emplace(network, cluster);
    }
  }
  return meshes;
}

/// The first network that others write an entry for and the cluster does not; the cluster's own is none.
const std::pair<const NetworkId, ClusterId>* found_elsewhere(const Readers& readers, const Reader& reader) {
  const auto found = std::ranges::find_if(
      readers.writers, [&](const auto& written) { return !base::contains(reader.networks, written.first); });
  return found == readers.writers.end() ? nullptr : &*found;
}

// MF0546: no cluster calls the networks that another one of its mesh imports from. One report for an export in a mesh.
bool entries_are_the_clusters_own(const ResolvedFederation& resolved, ExportId id, const Readers& readers, Items& items,
                                  diag::Sink& sink) {
  const Export& exported = resolved.exported(id);
  for (const Reader& reader : readers.all) {
    const auto* found = found_elsewhere(readers, reader);
    if (!found) continue;
    const model::Cluster& cluster = resolved.cluster(reader.cluster);
    const model::Cluster& writer = resolved.cluster(found->second);
    const model::Mesh& mesh = resolved.mesh_of(reader.cluster);
    const bool serves = resolved.serves(reader.cluster, id);
    sink.report(items.span(exported, serves ? exported.from : exported.merge, exported.to, reader.cluster),
                diag::EntriesFoundInMesh, *cluster.name, *exported.name, *resolved.network(found->first).name,
                *writer.name, *mesh.name)
        .advise(fmt::format("let both \"{}\" and \"{}\" import the export, or neither", *cluster.name, *writer.name))
        .note(mesh.remote_secrets.span, "the clusters of the mesh read each other");
    return false;
  }
  return true;
}

// MF0547: a network counts as a pod does. Where Services are merged it counts once for each cluster that has an entry,
// which matters beside pods. One report for an export in a mesh.
void networks_count_once(const ResolvedFederation& resolved, ExportId id, const Readers& readers, diag::Sink& sink) {
  const auto writes = [](const Reader& reader) { return !reader.networks.empty(); };
  const auto has_pods = [&](const Reader& reader) { return resolved.has_workloads(reader.cluster, id); };
  const auto count = std::ranges::count_if(readers.all, writes);
  if (count < 2 || std::ranges::none_of(readers.all, has_pods)) return;
  const Export& exported = resolved.exported(id);
  const auto first = std::ranges::find_if(readers.all, writes);
  const model::Mesh& mesh = resolved.mesh_of(first->cluster);
  sink.report(exported.name.span, diag::NetworkCountsTwice, *resolved.network(first->networks.front()).name, count,
              *exported.name, *mesh.name)
      .note(mesh.remote_secrets.span, "the clusters of the mesh read each other");
}

}  // namespace

void check_read_entries(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    if (!info.usable) return;
    for (const auto& [mesh, readers] : readers_by_mesh(resolved, id, info)) {
      const bool own = entries_are_the_clusters_own(resolved, id, readers, items, sink);
      if (own && info.naming == model::Naming::service) networks_count_once(resolved, id, readers, sink);
    }
  });
}

}  // namespace meshfed::check
