// From checked clusters to a published directory, in parallel, a few at a time.
#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "base/pool.hpp"
#include "cli/progress.hpp"
#include "cli/publication.hpp"
#include "cli/publish_report.hpp"
#include "cli/targets.hpp"
#include "publish/output.hpp"
#include "publish/stage.hpp"

namespace meshfed::cli {
namespace {

struct Item {
  std::string cluster;
  std::optional<model::ClusterId> id;                // none: not declared any more
  bool is_new = false;                               // to be written as a whole, without a look
  std::string source = {};                           // digest of what it is compiled from
  std::optional<publish::ClusterMemo> as_left = {};  // compiled from the same already, and left alone since
  publish::Inspection inspection = {};
  std::optional<emit::Tree> tree = {};  // if it was kept
  bool needs_work = is_new;
  bool forgotten = false;  // the inspection was too large to keep: it is made again
};

// An inspection of more changes is not kept until the last cluster has been inspected.
constexpr std::size_t kKeptChanges = 2000;

// Trees that need work are kept until then as long as they have no more files together (about 15 MB); all others are
// compiled again.
constexpr std::size_t kKeptFiles = 100'000;

class Publisher {
 public:
  Publisher(Session& session, const check::Checked& checked, const PublishOptions& options, publish::Memo& memo)
      : session_(session),
        fs_(session.context().fs),
        checked_(checked),
        options_(options),
        federation_(checked.world().federation.name.value),
        memo_(memo) {}

  Publication run(const std::vector<model::ClusterId>& clusters) {
    publish::OutputLock lock;
    if (!options_.dry_run) {
      lock = publish::lock_output(fs_, options_.out);
      if (lock.problem) report(*lock.problem, Doing::writing);
      if (failed()) return {};
      publish::remove_leftover_directories(fs_, options_.out);
    }
    collect(clusters);
    inspect();
    if (!options_.dry_run && !failed()) write();
    return result();
  }

 private:
  bool failed() { return session_.sink().errors() > 0; }

  void report(const publish::Problem& problem, Doing doing) {
    report_problem(problem, options_.out, federation_, doing, session_.sink());
  }

  void collect(const std::vector<model::ClusterId>& clusters) {
    Targets targets = targets_of(fs_, options_.out, checked_.world(), clusters, options_.retire);
    if (targets.problem) report(*targets.problem, Doing::reading);
    for (Target& target : targets.clusters)
      items_.push_back({std::move(target.cluster), target.id, target.is_new && !options_.dry_run});
  }

  emit::Tree tree_of(const Item& item) {
    return item.id ? driver::compile(checked_, *item.id, store_) : emit::Tree(item.cluster);
  }

  publish::Inspection inspection_of(const Item& item, const emit::Tree& tree) {
    const publish::Options how{.force = options_.force, .fingerprint = !options_.dry_run};
    return item.id ? publish::inspect(fs_, options_.out, federation_, tree, how, memo_.trusted(item.cluster))
                   : publish::inspect_retired(fs_, options_.out, federation_, item.cluster, how);
  }

  /// Nothing to compile, and to inspect: the files are those of the last build, and so is what they were compiled from.
  bool recognise(Item& item) {
    if (!item.id) return false;
    item.source = driver::source_digest(checked_.world(), *item.id);
    const publish::ClusterMemo* known = memo_.trusted(item.cluster);
    if (!known || known->source != item.source) return false;
    if (!publish::is_as_left(fs_, options_.out, item.cluster, *known)) return false;
    item.as_left = *known;
    item.inspection.summary.unchanged = known->files;
    session_.context().trace("{}: as it was left", item.cluster);
    return true;
  }

  void inspect() {
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) {
      Item& item = items_[i];
      if (recognise(item) || item.is_new) return;
      emit::Tree tree = tree_of(item);
      item.inspection = inspection_of(item, tree);
      const publish::Summary& found = item.inspection.summary;
      session_.context().trace("{}: {} to create, {} to change, {} to remove, {} unchanged", item.cluster,
                               found.created.size(), found.changed.size(), found.removed.size(), found.unchanged);
      item.needs_work = !found.empty() || !item.inspection.leftovers.empty();
      if (!options_.dry_run) forget_if_large(item);
      if (!options_.dry_run && item.needs_work) keep_if_small(item, std::move(tree));
    });
    for (const Item& item : items_) {
      for (const publish::Problem& problem : item.inspection.problems) report(problem, Doing::reading);
    }
  }

  void keep_if_small(Item& item, emit::Tree tree) {
    const std::size_t files = tree.files.size();
    if (kept_files_.fetch_add(files) + files <= kKeptFiles) item.tree = std::move(tree);
  }

  static void forget_if_large(Item& item) {
    publish::Inspection& found = item.inspection;
    if (found.writes.size() + found.removals.size() <= kKeptChanges) return;
    item.forgotten = true;
    found.writes = {};
    found.removals = {};
    for (auto* names : {&found.summary.created, &found.summary.changed, &found.summary.removed}) *names = {};
  }

  publish::Staged stage(Item& item) {
    const emit::Tree tree = item.tree ? std::move(*item.tree) : tree_of(item);
    if (item.is_new) return publish::stage_new(fs_, options_.out, federation_, tree);
    if (!item.forgotten) return publish::stage(fs_, options_.out, federation_, tree, item.inspection);
    const publish::Inspection again = inspection_of(item, tree);
    if (again.problems.empty()) return publish::stage(fs_, options_.out, federation_, tree, again);
    return {.cluster = item.cluster, .totals = {}, .bytes = 0, .problem = again.problems.front()};
  }

  void write() {
    staged_.resize(items_.size());
    Progress progress(session_.context().terminal, items_.size());
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) {
      Item& item = items_[i];
      staged_[i] = item.needs_work ? stage(item) : as_it_is(item);
      progress.add(staged_[i].totals.created + staged_[i].totals.changed, staged_[i].bytes);
      session_.context().trace("{}: {}", item.cluster,
                               item.needs_work ? staged_[i].ok() ? "written" : "stopped" : "as it is");
    });
    publish::finish(fs_, options_.out, staged_);
    for (const publish::Staged& one : staged_) {
      if (one.problem) report(*one.problem, Doing::writing);
    }
    remember();
  }

  static publish::Staged as_it_is(const Item& item) {
    const std::size_t files = item.inspection.summary.unchanged;
    publish::Staged done{.cluster = item.cluster, .totals = {.unchanged = files}, .bytes = 0, .problem = std::nullopt};
    if (!item.as_left)
      done.memo = {
          .lock_sha256 = item.inspection.lock_seen, .files = files, .fingerprint = item.inspection.fingerprint};
    return done;
  }

  void remember() {
    if (options_.retire) memo_.clusters.clear();
    for (std::size_t i = 0; i < staged_.size(); ++i) {
      const Item& item = items_[i];
      std::optional<publish::ClusterMemo> memo = item.as_left ? item.as_left : staged_[i].memo;
      const bool has_mode = !item.inspection.summary.executable.empty();  // `check` is to see it again
      if (!memo || has_mode || memo->lock_sha256.empty()) continue;
      memo->source = item.source;
      memo_.clusters.insert_or_assign(staged_[i].cluster, std::move(*memo));
    }
    memo_.federation = federation_;
  }

  Publication result() {
    Publication done;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      publish::Summary& summary = items_[i].inspection.summary;
      done.clusters.push_back(std::move(items_[i].cluster));
      done.totals.push_back(staged_.empty() ? publish::totals_of(summary) : staged_[i].totals);
      done.summaries.push_back(std::move(summary));
    }
    return done;
  }

  Session& session_;
  base::Fs& fs_;
  const check::Checked& checked_;
  const PublishOptions& options_;
  const std::string& federation_;
  publish::Memo& memo_;
  emit::Store store_;
  std::atomic<std::size_t> kept_files_ = 0;
  std::vector<Item> items_;
  std::vector<publish::Staged> staged_;
};

}  // namespace

Publication publish_clusters(Session& session, const check::Checked& checked,
                             const std::vector<model::ClusterId>& clusters, const PublishOptions& options,
                             publish::Memo& memo) {
  return Publisher(session, checked, options, memo).run(clusters);
}

}  // namespace meshfed::cli
