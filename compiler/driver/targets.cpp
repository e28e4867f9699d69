#include "driver/targets.hpp"

#include <algorithm>

#include "driver/report.hpp"
#include "publish/output.hpp"

namespace meshfed::driver {
namespace {

bool has_part(const model::ResolvedFederation& resolved, model::ClusterId cluster, Part part) {
  return part == Part::federation || resolved.installs(cluster);
}

}  // namespace

std::vector<Scope> scopes_of(const Job& job, const check::Checked& checked,
                             const std::vector<model::ClusterId>& clusters, const std::string& out, bool retire,
                             unsigned jobs) {
  const std::string& federation = *checked.resolved().federation.name;
  std::vector<Scope> scopes;
  for (const Part part : {Part::federation, Part::install}) {
    Scope scope{checked, part, {}, directory(part, out), owner(part, federation), retire, jobs};
    for (const model::ClusterId id : clusters) {
      if (has_part(checked.resolved(), id, part)) scope.clusters.push_back(id);
    }
    if (part == Part::federation || has_name(out))
      scopes.push_back(std::move(scope));
    else if (!scope.clusters.empty())
      job.sink.report({}, diag::OutputWithoutName, out);
  }
  return scopes;
}

bool is_idle(base::Fs& tree, const Scope& scope) {
  return scope.part == Part::install && scope.clusters.empty() &&
         (!scope.retire || publish::list_output(tree, scope.out).names.empty());
}

std::vector<Target> find_targets(const Job& job, base::Fs& tree, const Scope& scope) {
  std::vector<Target> targets;
  const publish::Listing listing = publish::list_output(tree, scope.out);
  // Looking at a cluster may say so too, in the same words: a sink drops repetitions.
  if (listing.problem) report_unreadable(job, scope, {*listing.problem});
  for (const model::ClusterId id : scope.clusters) {
    const std::string& name = scope.resolved().cluster(id).name.value;
    targets.push_back({name, id, !listing.problem && listing.lacks(name)});
  }
  if (scope.retire) {
    const auto declared = [&scope](const std::string& name) {
      const model::ClusterId id = scope.resolved().find_cluster(name);
      return id != model::kNone && has_part(scope.resolved(), id, scope.part);
    };
    for (std::string& name : publish::retired_clusters(tree, scope.out, listing, scope.owner, declared))
      targets.push_back({std::move(name), std::nullopt});
  }
  std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) { return a.cluster < b.cluster; });
  return targets;
}

void report_unreadable(const Job& job, const Scope& scope, const std::vector<publish::Problem>& problems) {
  for (const publish::Problem& problem : problems)
    report_problem(problem, scope.out, scope.owner, FileOperation::reading, job.sink);
}

}  // namespace meshfed::driver
