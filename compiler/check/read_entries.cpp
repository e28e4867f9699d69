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

/// A cluster that finds the entries of a host, and the networks that it writes some for.
struct Reader {
  ClusterId cluster = kNone;
  std::vector<NetworkId> networks = {};
  bool takes_part = true;  // else it only sees the Service that others have
};

/// The clusters of one mesh that find each other's entries of a host.
struct Readers {
  std::vector<Reader> all = {};
  std::map<NetworkId, ClusterId> writers = {};  // one for each network that anybody writes an entry for
};

bool is_service(const ExportInfo& info) { return info.naming == model::Naming::service; }

/// A ServiceEntry that selects nothing has its endpoints in itself. A Service of one name is one Service.
bool finds_entries(const ResolvedFederation& resolved, ExportId id, const ExportInfo& info, ClusterId cluster) {
  return reads_others(resolved, cluster) && (is_service(info) || resolved.selects_pods(cluster, id));
}

/// The mesh's other clusters see its Services as well.
void add_onlookers(const ResolvedFederation& resolved, const std::set<ClusterId>& seen,
                   std::map<MeshId, Readers>& meshes) {
  for (auto& [mesh, readers] : meshes) {
    if (readers.writers.empty()) continue;
    for (const ClusterId cluster : resolved.meshes[mesh].clusters) {
      if (!seen.contains(cluster) && reads_others(resolved, cluster))
        readers.all.push_back({.cluster = cluster, .networks = {}, .takes_part = false});
    }
  }
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
  if (is_service(info)) add_onlookers(resolved, seen, meshes);
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
    const ClusterId meant = reader.takes_part ? reader.cluster : found->second;
    sink.report(items.span(exported, serves ? exported.from : exported.merge, exported.to, meant),
                diag::EntriesFoundInMesh, *cluster.name, *exported.name, *resolved.network(found->first).name,
                *writer.name, *mesh.name)
        .advise(fmt::format("let both \"{}\" and \"{}\" import the export, or neither", *cluster.name, *writer.name))
        .note(mesh.remote_secrets.span, "the clusters of the mesh read each other");
    return false;
  }
  return true;
}

/// Those that write entries, the ones that others find.
std::vector<ClusterId> writers_of(const Readers& readers) {
  std::vector<ClusterId> writers;
  for (const Reader& reader : readers.all) {
    if (!reader.networks.empty()) writers.push_back(reader.cluster);
  }
  return writers;
}

// MF0548: a network has one weight in all of them, for each of them gets the others' entries. All of them import from
// the same networks, or MF0546 said so.
bool weights_are_alike(const ResolvedFederation& resolved, ExportId id, const std::vector<NetworkId>& networks,
                       const std::vector<ClusterId>& writers, diag::Sink& sink) {
  const auto weight = [&](ClusterId cluster) -> const model::Value<model::Weight>& {
    return resolved.weight(cluster, id);
  };
  for (const NetworkId network : networks) {
    const std::string& name = *resolved.network(network).name;
    const auto counts = [&](ClusterId cluster) { return model::weight_of(*weight(cluster), name); };
    for (const ClusterId other : writers) {
      const ClusterId first = writers.front();
      if (weight(first).bad() || weight(other).bad() || counts(first) == counts(other)) continue;
      const auto& said = weight(other).given() ? weight(other) : weight(first);
      const model::Mesh& mesh = resolved.mesh_of(first);
      sink.report(said.span, diag::WeightsDifferInMesh, *resolved.cluster(first).name, *resolved.cluster(other).name,
                  name, *resolved.exported(id).name, *mesh.name)
          .note(mesh.remote_secrets.span, "the clusters of the mesh read each other");
      return false;
    }
  }
  return true;
}

/// Where the parts of networks and pods decide about calls: else somebody is preferred, or each has its percentage.
bool counts_matter(const ResolvedFederation& resolved, ExportId id, const std::vector<ClusterId>& writers) {
  return *resolved.exported(id).prefer == model::Prefer::spread &&
         std::ranges::none_of(writers, [&](ClusterId cluster) { return resolved.share(cluster, id).given(); });
}

// MF0547: a network counts as a pod does. Where Services are merged it counts once for each cluster that has an entry;
// a ServiceEntry has its own cluster's, and one of all others. It matters beside pods. One report for an export in a
// mesh.
void networks_count_once(const ResolvedFederation& resolved, ExportId id, const Readers& readers,
                         const std::vector<ClusterId>& writers, diag::Sink& sink) {
  const auto has_pods = [&](const Reader& reader) { return resolved.has_workloads(reader.cluster, id); };
  if (!counts_matter(resolved, id, writers) || std::ranges::none_of(readers.all, has_pods)) return;
  const Export& exported = resolved.exported(id);
  const std::size_t count = is_service(resolved.exports[id]) ? writers.size() : 2;
  const model::Mesh& mesh = resolved.mesh_of(writers.front());
  sink.report(exported.name.span, diag::NetworkCountsTwice, *resolved.network(readers.writers.begin()->first).name,
              count, *exported.name, *mesh.name)
      .note(mesh.remote_secrets.span, "the clusters of the mesh read each other")
      .about_export(id);
}

}  // namespace

void check_read_entries(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    if (!info.usable) return;
    for (const auto& [mesh, readers] : readers_by_mesh(resolved, id, info)) {
      const std::vector<ClusterId> writers = writers_of(readers);
      if (!entries_are_the_clusters_own(resolved, id, readers, items, sink) || writers.size() < 2) continue;
      const std::vector<NetworkId>& networks = readers.all.front().networks;
      if (weights_are_alike(resolved, id, networks, writers, sink))
        networks_count_once(resolved, id, readers, writers, sink);
    }
  });
}

}  // namespace meshfed::check
