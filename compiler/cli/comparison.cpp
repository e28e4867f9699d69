#include "cli/comparison.hpp"

#include <optional>
#include <utility>

#include "base/pool.hpp"
#include "cli/publish_report.hpp"
#include "cli/targets.hpp"
#include "diff/collector.hpp"
#include "publish/path.hpp"
#include "publish/read.hpp"

namespace meshfed::cli {
namespace {

struct Item {
  std::string cluster;
  std::optional<model::ClusterId> id = {};  // none: not declared any more
  std::vector<publish::Problem> problems = {};
  std::vector<diff::Unreadable> unreadable = {};
};

class Comparison {
 public:
  Comparison(Session& session, base::Fs& before, const check::Checked& checked, const ComparisonOptions& options)
      : session_(session),
        before_(before),
        checked_(checked),
        options_(options),
        federation_(checked.world().federation.name.value) {}

  diff::Difference run(const std::vector<model::ClusterId>& clusters) {
    Targets targets = targets_of(before_, options_.out, checked_.world(), clusters, options_.retire);
    if (targets.problem) report(*targets.problem);
    for (Target& target : targets.clusters) items_.push_back({std::move(target.cluster), target.id});
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) { compare(items_[i]); });
    for (const Item& item : items_) report(item);
    return std::move(collector_).finish();
  }

 private:
  void compare(Item& item) {
    publish::PublishedCluster found = publish::read_published(before_, options_.out, federation_, item.cluster);
    item.problems = std::move(found.problems);
    if (!item.problems.empty()) return;
    std::vector<diff::Manifest> manifests;
    for (publish::PublishedFile& file : found.files) {
      std::string path = publish::below(options_.out, publish::below(item.cluster, file.path));
      manifests.push_back({std::move(path), std::move(file.bytes)});
    }
    diff::ClusterChanges changes = item.id ? diff::compare(manifests, driver::plan(checked_, *item.id), found.present)
                                           : diff::retire(item.cluster, manifests);
    const diff::Cluster& counts = changes.cluster;
    session_.context().trace("{}: {} to add, {} to change, {} to remove, {} unchanged", item.cluster, counts.add,
                             counts.change, counts.remove, counts.unchanged);
    item.unreadable = std::move(changes.unreadable);
    if (item.unreadable.empty()) collector_.add(std::move(changes));
  }

  void report(const publish::Problem& problem) {
    report_problem(problem, options_.out, federation_, Doing::reading, session_.sink());
  }

  void report(const Item& item) {
    for (const publish::Problem& problem : item.problems) report(problem);
    for (const diff::Unreadable& file : item.unreadable)
      session_.sink().report({}, diag::NotAManifest, file.path, file.why);
  }

  Session& session_;
  base::Fs& before_;
  const check::Checked& checked_;
  const ComparisonOptions& options_;
  const std::string& federation_;
  std::vector<Item> items_;
  diff::Collector collector_;
};

}  // namespace

diff::Difference compare_objects(Session& session, base::Fs& before, const check::Checked& checked,
                                 const std::vector<model::ClusterId>& clusters, const ComparisonOptions& options) {
  return Comparison(session, before, checked, options).run(clusters);
}

}  // namespace meshfed::cli
