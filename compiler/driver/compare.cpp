#include "driver/compare.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/lines.hpp"
#include "base/read_only_fs.hpp"
#include "diff/collector.hpp"
#include "driver/publication.hpp"
#include "emit/render.hpp"
#include "publish/inspect.hpp"
#include "publish/path.hpp"
#include "publish/read.hpp"

namespace meshfed::driver {
namespace {

struct Item {
  Target target = {};
  std::vector<publish::Problem> problems = {};
  std::vector<diff::Unreadable> unreadable = {};
};

/// Reads each file once: comparing files asks for the same ones as comparing objects. For one thread.
class ReadOnce final : public base::ReadOnlyFs {
 public:
  explicit ReadOnce(base::Fs& fs) : fs_(fs) {}

  base::Result<std::string> read_regular(const std::string& path, std::size_t limit) override {
    const auto known = files_.find(path);
    if (known != files_.end() && known->second.size() <= limit) return {0, known->second};
    base::Result<std::string> read = fs_.read_regular(path, limit);
    if (read.ok()) files_.insert_or_assign(path, read.value);
    return read;
  }
  base::Result<std::string> read_file(const std::string& path, std::size_t limit) override {
    return fs_.read_file(path, limit);
  }
  base::Result<base::Stat> stat(const std::string& path) override { return fs_.stat(path); }
  base::Result<std::string> canonical(const std::string& path) override { return fs_.canonical(path); }
  base::Result<std::vector<std::string>> list_directory(const std::string& path) override {
    return fs_.list_directory(path);
  }

 private:
  base::Fs& fs_;
  std::unordered_map<std::string, std::string> files_;
};

diff::Published published(publish::PublishedCluster found, std::string directory) {
  diff::Published published{.listed = found.listed, .present = found.present, .directory = std::move(directory)};
  for (publish::PublishedFile& file : found.files)
    (file.lists_files ? published.lists : published.files).push_back({std::move(file.path), std::move(file.bytes)});
  return published;
}

std::vector<diff::Unreadable> left_by_merge(const diff::Published& published) {
  std::vector<diff::Unreadable> found;
  for (const auto* files : {&published.files, &published.lists}) {
    for (const diff::Manifest& manifest : *files) {
      if (base::has_conflict_markers(manifest.text))
        found.push_back({publish::below(published.directory, manifest.path),
                         "Git has left conflict markers in it, and `meshfedc build` writes it anew"});
    }
  }
  return found;
}

std::size_t objects_in(const k8s::ClusterPlan& plan) {
  std::size_t objects = 0;
  for (const k8s::File& file : plan.files) objects += file.resources.size();
  return objects;
}

class Comparer {
 public:
  Comparer(const Job& job, base::Fs& before, const Scope& scope) : job_(job), before_(before), scope_(scope) {}

  void compare(Item& item) {
    const std::string& cluster = item.target.cluster;
    const std::optional<k8s::ClusterPlan> planned =
        item.target.id ? std::optional(plan(scope_.checked, *item.target.id)) : std::nullopt;
    ReadOnce before(before_);
    const publish::Summary files = compare_files(item, planned, before);
    if (!item.problems.empty()) return;
    diff::ClusterChanges changes;
    if (planned && differing_files(files) == 0) {
      changes.cluster = {.name = cluster, .unchanged = objects_in(*planned)};
    } else {
      changes = compare_objects(item, planned, before);
      changes.cluster.files = differing_files(files);
    }
    if (!item.problems.empty()) return;
    const diff::Cluster& counts = changes.cluster;
    job_.trace("{}: {} to add, {} to change, {} to remove, {} unchanged", cluster, counts.add, counts.change,
               counts.remove, counts.unchanged);
    item.unreadable = std::move(changes.unreadable);
    if (item.unreadable.empty()) collector_.add(std::move(changes));
  }

  diff::Difference finish() && { return std::move(collector_).finish(); }

 private:
  /// As `check` does, so that both find a difference, or none. Most clusters have none, and no file of theirs is
  /// parsed.
  publish::Summary compare_files(Item& item, const std::optional<k8s::ClusterPlan>& planned, base::Fs& before) {
    const publish::Options look{.force = true};
    const std::string& cluster = item.target.cluster;
    publish::Inspection found =
        planned ? publish::inspect(before, scope_.out, scope_.federation(), emit::render(*planned, store_), look)
                : publish::inspect_retired(before, scope_.out, scope_.federation(), cluster, look);
    item.problems = std::move(found.problems);
    drop_modes_without_meaning(cluster, found.summary);
    return std::move(found.summary);
  }

  diff::ClusterChanges compare_objects(Item& item, const std::optional<k8s::ClusterPlan>& planned, base::Fs& tree) {
    const std::string& cluster = item.target.cluster;
    publish::PublishedCluster found = publish::read_published(tree, scope_.out, scope_.federation(), cluster);
    item.problems = std::move(found.problems);
    const diff::Published before = published(std::move(found), publish::below(scope_.out, cluster));
    if (std::vector<diff::Unreadable> unreadable = left_by_merge(before); !unreadable.empty())
      return {.cluster = {}, .changes = {}, .hosts = {}, .unreadable = std::move(unreadable)};
    return planned ? diff::compare(before, *planned) : diff::retire(cluster, before);
  }

  const Job& job_;
  base::Fs& before_;
  const Scope& scope_;
  emit::Store store_;
  diff::Collector collector_;
};

}  // namespace

diff::Difference compare_objects(const Job& job, base::Fs& before, const Scope& scope) {
  Comparer comparer(job, before, scope);
  const auto items = work_on_targets<Item>(job, before, scope, [&](Item& item) { comparer.compare(item); });
  for (const Item& item : items) {
    for (const diff::Unreadable& file : item.unreadable) job.sink.report({}, diag::NotAManifest, file.path, file.why);
  }
  return std::move(comparer).finish();
}

}  // namespace meshfed::driver
