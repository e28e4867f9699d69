#include "driver/compare.hpp"

#include <utility>

#include "base/lines.hpp"
#include "diff/collector.hpp"
#include "publish/path.hpp"
#include "publish/read.hpp"

namespace meshfed::driver {
namespace {

struct Item {
  Target target = {};
  std::vector<publish::Problem> problems = {};
  std::vector<diff::Unreadable> unreadable = {};
};

std::vector<diff::Manifest> manifests_of(std::vector<publish::PublishedFile> files, const std::string& directory) {
  std::vector<diff::Manifest> manifests;
  for (publish::PublishedFile& file : files)
    manifests.push_back({publish::below(directory, file.path), std::move(file.bytes)});
  return manifests;
}

std::vector<diff::Unreadable> left_by_merge(const std::vector<diff::Manifest>& manifests) {
  std::vector<diff::Unreadable> found;
  for (const diff::Manifest& manifest : manifests) {
    if (base::has_conflict_markers(manifest.text))
      found.push_back({manifest.path, "Git has left conflict markers in it, and `meshfedc build` writes it anew"});
  }
  return found;
}

}  // namespace

diff::Difference compare_objects(const Job& job, base::Fs& before, const Scope& scope) {
  diff::Collector collector;
  const auto compare_one = [&](Item& item) {
    const std::string& cluster = item.target.cluster;
    publish::PublishedCluster found = publish::read_published(before, scope.out, scope.federation(), cluster);
    item.problems = std::move(found.problems);
    if (!item.problems.empty()) return;
    const auto manifests = manifests_of(std::move(found.files), publish::below(scope.out, cluster));
    item.unreadable = left_by_merge(manifests);
    if (!item.unreadable.empty()) return;
    diff::ClusterChanges changes = item.target.id
                                       ? diff::compare(manifests, plan(scope.checked, *item.target.id), found.present)
                                       : diff::retire(cluster, manifests);
    const diff::Cluster& counts = changes.cluster;
    job.trace("{}: {} to add, {} to change, {} to remove, {} unchanged", cluster, counts.add, counts.change,
              counts.remove, counts.unchanged);
    item.unreadable = std::move(changes.unreadable);
    if (item.unreadable.empty()) collector.add(std::move(changes));
  };
  for (const Item& item : work_on_targets<Item>(job, before, scope, compare_one)) {
    for (const diff::Unreadable& file : item.unreadable) job.sink.report({}, diag::NotAManifest, file.path, file.why);
  }
  return std::move(collector).finish();
}

}  // namespace meshfed::driver
