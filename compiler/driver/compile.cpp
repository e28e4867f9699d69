#include "driver/compile.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "emit/render.hpp"
#include "install/install.hpp"
#include "lower/lower.hpp"
#include "parse/load.hpp"

namespace meshfed::driver {
namespace {

using model::ClusterId;

void report_unknown(const model::ResolvedFederation& resolved, const std::string& name, diag::Sink& sink) {
  std::vector<std::string_view> names;
  for (const model::Cluster& cluster : resolved.federation.clusters) names.push_back(*cluster.name);
  diag::Report& report = sink.report({}, diag::UnknownClusterArgument, name);
  const auto near = base::closest(name, names);
  report.advise(near ? fmt::format("did you mean `{}`?", *near)
                     : fmt::format("declared names: {}", base::join(names, ", ", 20)));
}

}  // namespace

std::optional<check::Checked> analyse(base::Fs& fs, const std::string& entry, source::Manager& files, diag::Sink& sink,
                                      unsigned jobs, std::optional<std::int64_t> at) {
  std::optional<model::Federation> federation = parse::load(fs, entry, files, sink, jobs);
  if (!federation) return std::nullopt;
  return check::run(std::move(*federation), sink, jobs, at);
}

std::vector<ClusterId> select(const model::ResolvedFederation& resolved, const Selection& selection, diag::Sink& sink) {
  std::vector<ClusterId> chosen;
  for (const std::string& name : selection.clusters) {
    const ClusterId id = resolved.find_cluster(name);
    if (id == model::kNone)
      report_unknown(resolved, name, sink);
    else
      chosen.push_back(id);
  }
  if (selection.clusters.empty()) {
    for (ClusterId id = 0; id < resolved.clusters.size(); ++id) chosen.push_back(id);
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  if (!selection.shard) return chosen;
  const Shard shard = *selection.shard;
  if (shard.index < 1 || shard.index > shard.count) {
    sink.report({}, diag::ShardOutOfRange, fmt::format("{}/{}", shard.index, shard.count));
    return {};
  }
  std::vector<ClusterId> part;
  for (std::size_t i = shard.index - 1; i < chosen.size(); i += shard.count) part.push_back(chosen[i]);
  return part;
}

emit::Tree compile(const check::Checked& checked, ClusterId cluster, emit::Store& store, Part part) {
  if (part == Part::install) return emit::render(install::plan(checked, cluster), store);
  const auto known = [&store](std::string_view shared) { return store.find(shared) != nullptr; };
  return emit::render(lower::lower(checked, cluster, known), store);
}

std::string source_digest(const model::ResolvedFederation& resolved, ClusterId cluster) {
  std::string said = resolved.federation.digest;
  for (const model::ExportId host : resolved.clusters[cluster].hosts) said += resolved.exported(host).digest;
  return base::sha256_hex(said);
}

k8s::ClusterPlan plan(const check::Checked& checked, ClusterId cluster, Part part) {
  if (part == Part::install) return install::plan(checked, cluster);
  return lower::lower(checked, cluster, [](std::string_view) { return false; });
}

std::vector<std::string> types(const check::Checked& checked, ClusterId cluster, Part part) {
  std::set<std::string> found;
  for (const k8s::File& file : plan(checked, cluster, part).files) {
    for (const k8s::Resource& resource : file.resources) found.insert(k8s::type_of(resource));
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> paths(const check::Checked& checked, ClusterId cluster) {
  std::vector<std::string> found;
  emit::Store store;
  for (const emit::OutputFile& file : compile(checked, cluster, store).files) found.push_back(file.path);
  return found;
}

std::string stream(const check::Checked& checked, ClusterId cluster, Part part) {
  return emit::stream(plan(checked, cluster, part));
}

}  // namespace meshfed::driver
