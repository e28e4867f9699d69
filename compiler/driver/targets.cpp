#include "driver/targets.hpp"

#include <algorithm>

#include "driver/report.hpp"
#include "publish/output.hpp"

namespace meshfed::driver {

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
      return scope.resolved().find_cluster(name) != model::kNone;
    };
    for (std::string& name : publish::retired_clusters(tree, scope.out, listing, scope.federation(), declared))
      targets.push_back({std::move(name), std::nullopt});
  }
  std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) { return a.cluster < b.cluster; });
  return targets;
}

void report_unreadable(const Job& job, const Scope& scope, const std::vector<publish::Problem>& problems) {
  for (const publish::Problem& problem : problems)
    report_problem(problem, scope.out, scope.federation(), FileOperation::reading, job.sink);
}

}  // namespace meshfed::driver
