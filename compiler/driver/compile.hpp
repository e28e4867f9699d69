// The pipeline, stage by stage, and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fs.hpp"
#include "check/checked.hpp"
#include "diag/sink.hpp"
#include "driver/part.hpp"
#include "emit/store.hpp"
#include "emit/tree.hpp"
#include "k8s/plan.hpp"
#include "model/resolved_federation.hpp"
#include "source/manager.hpp"

namespace meshfed::driver {

/// One of `count` parts that clusters are dealt to, from 1.
struct Shard {
  unsigned index = 1;
  unsigned count = 1;
};

/// Which clusters to compile: all, unless it says otherwise.
struct Selection {
  std::vector<std::string> clusters;  // by name
  std::optional<Shard> shard;
};

/// Reads and checks the whole federation. None, and errors in the sink, if it is not right; warnings are in the sink
/// either way. The sink is not yet sorted. Fragments are parsed and rules checked by up to `jobs` threads. Certificates
/// are to be valid at that time.
std::optional<check::Checked> analyse(base::Fs& fs, const std::string& entry, source::Manager& files, diag::Sink& sink,
                                      unsigned jobs = 1, std::optional<std::int64_t> at = std::nullopt);

/// The clusters that a selection means, in order of their names. Unknown names and a shard out of range are reported.
std::vector<model::ClusterId> select(const model::ResolvedFederation& resolved, const Selection& selection,
                                     diag::Sink& sink);

/// One cluster's files of one part, which it has. What clusters have in common is rendered once for all that are
/// compiled with the same store, which outlives the tree and serves one federation. Safe to call from several threads.
emit::Tree compile(const check::Checked& checked, model::ClusterId cluster, emit::Store& store,
                   Part part = Part::federation);

/// A digest of what the federation says that matters to a cluster: the exports that reach it, and all that is no
/// export. While a cluster's digest stays the same, so do its files of the federation's part, as long as the compiler
/// does. What installs istiod also depends on what reaches other clusters of its mesh.
std::string source_digest(const model::ResolvedFederation& resolved, model::ClusterId cluster);

/// The same objects as values. Safe to call from several threads.
k8s::ClusterPlan plan(const check::Checked& checked, model::ClusterId cluster, Part part = Part::federation);

/// The types of its objects, as API discovery spells them ("gateway.networking.k8s.io/v1/Gateway", "v1/Service"), each
/// once and in byte order.
std::vector<std::string> types(const check::Checked& checked, model::ClusterId cluster, Part part = Part::federation);

/// Its files, by path, those that list others for kustomize included.
std::vector<std::string> paths(const check::Checked& checked, model::ClusterId cluster);

/// The same objects as one YAML stream.
std::string stream(const check::Checked& checked, model::ClusterId cluster, Part part = Part::federation);

}  // namespace meshfed::driver
