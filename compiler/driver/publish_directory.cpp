#include "driver/publish_directory.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/pool.hpp"
#include "driver/report.hpp"
#include "publish/output.hpp"
#include "publish/prepare.hpp"

namespace meshfed::driver {
namespace {

struct Item {
  Target target = {};
  bool is_new = false;                                 // to be written as a whole, without a look
  std::string source = {};                             // digest of what it is compiled from
  std::optional<publish::ClusterRecord> as_left = {};  // compiled from the same already, and left alone since
  publish::Inspection inspection = {};
  std::vector<publish::Problem> problems = {};
  std::optional<emit::Tree> tree = {};  // if it was kept
  bool needs_work = false;
  bool forgotten = false;  // the inspection was too large to keep: it is made again
};

// An inspection of more changes is not kept until the last cluster has been inspected.
constexpr std::size_t kKeptChanges = 2000;

// Trees that need work are kept until then as long as they have no more files together (about 15 MB); all others are
// compiled again.
constexpr std::size_t kKeptFiles = 100'000;

class Publisher {
 public:
  Publisher(const Job& job, const Scope& scope, const PublishOptions& options, publish::BuildRecord& cache)
      : job_(job), fs_(job.fs), scope_(scope), options_(options), federation_(scope.federation()), cache_(cache) {}

  Publication run() {
    publish::OutputLock lock;
    if (!options_.dry_run) {
      lock = publish::lock_output(fs_, scope_.out);
      if (lock.problem) report(*lock.problem);
      if (job_.failed()) return {};
      publish::remove_leftover_directories(fs_, scope_.out);
    }
    items_ = work_on_targets<Item>(job_, fs_, scope_, [this](Item& item) { inspect(item); });
    if (!options_.dry_run && !job_.failed()) write();
    return result();
  }

 private:
  void report(const publish::Problem& problem) {
    report_problem(problem, scope_.out, federation_, FileOperation::writing, job_.sink);
  }

  emit::Tree tree_of(const Item& item) {
    return item.target.id ? compile(scope_.checked, *item.target.id, store_) : emit::Tree(item.target.cluster);
  }

  publish::Inspection inspection_of(const Item& item, const emit::Tree& tree) {
    const publish::Options how{.force = options_.force,
                               .stat_digest = !options_.dry_run,
                               .find_unlisted = options_.find_unlisted,
                               .find_traces = [this] { return merge_traces(); }};
    return item.target.id
               ? publish::inspect(fs_, scope_.out, federation_, tree, how, cache_.trusted(item.target.cluster))
               : publish::inspect_retired(fs_, scope_.out, federation_, item.target.cluster, how);
  }

  const publish::MergeTraces* merge_traces() {
    std::call_once(searched_, [this] {
      if (options_.environment)
        traces_ = publish::MergeTraces::find(fs_, scope_.out, federation_, *options_.environment);
    });
    return traces_.get();
  }

  /// Nothing to compile, and to inspect: the files are those of the last build, and so is what they were compiled from.
  bool is_up_to_date(Item& item) {
    if (!item.target.id) return false;
    item.source = source_digest(scope_.resolved(), *item.target.id);
    const publish::ClusterRecord* known = cache_.trusted(item.target.cluster);
    if (!known || known->source != item.source) return false;
    if (!publish::is_as_left(fs_, scope_.out, item.target.cluster, *known)) return false;
    item.as_left = *known;
    item.inspection.summary.unchanged = known->files;
    job_.trace("{}: unchanged since the last build", item.target.cluster);
    return true;
  }

  void inspect(Item& item) {
    item.needs_work = item.is_new = item.target.is_new && !options_.dry_run;
    if (is_up_to_date(item)) item.needs_work = false;
    if (item.as_left || item.is_new) return;
    emit::Tree tree = tree_of(item);
    item.inspection = inspection_of(item, tree);
    item.problems = std::move(item.inspection.problems);
    const publish::Summary& found = item.inspection.summary;
    job_.trace("{}: {} to create, {} to change, {} to remove, {} unchanged", item.target.cluster, found.created.size(),
               found.changed.size(), found.removed.size(), found.unchanged);
    item.needs_work = !found.empty() || !item.inspection.leftovers.empty();
    if (!options_.dry_run) forget_if_large(item);
    if (!options_.dry_run && item.needs_work) keep_if_small(item, std::move(tree));
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

  publish::Prepared prepare(Item& item) {
    const emit::Tree tree = item.tree ? std::move(*item.tree) : tree_of(item);
    if (item.is_new) return publish::prepare_new(fs_, scope_.out, federation_, tree);
    if (!item.forgotten) return publish::prepare(fs_, scope_.out, federation_, tree, item.inspection);
    const publish::Inspection again = inspection_of(item, tree);
    if (again.problems.empty()) return publish::prepare(fs_, scope_.out, federation_, tree, again);
    return {.cluster = item.target.cluster, .totals = {}, .bytes = 0, .problem = again.problems.front()};
  }

  void write() {
    prepared_.resize(items_.size());
    progress_.clusters = items_.size();
    if (job_.progress) job_.progress(progress_);
    base::for_each_index(items_.size(), scope_.jobs, [&](std::size_t i) {
      Item& item = items_[i];
      prepared_[i] = item.needs_work ? prepare(item) : as_it_is(item);
      tell_progress(prepared_[i]);
      job_.trace("{}: {}", item.target.cluster,
                 item.needs_work ? prepared_[i].ok() ? "written" : "stopped" : "unchanged");
    });
    publish::finish(fs_, scope_.out, prepared_);
    for (const publish::Prepared& one : prepared_) {
      if (one.problem) report(*one.problem);
    }
    remember();
  }

  void tell_progress(const publish::Prepared& one) {
    const std::lock_guard lock(mutex_);
    ++progress_.done;
    progress_.files += one.totals.created + one.totals.changed;
    progress_.bytes += one.bytes;
    if (job_.progress) job_.progress(progress_);
  }

  static publish::Prepared as_it_is(const Item& item) {
    const std::size_t files = item.inspection.summary.unchanged;
    publish::Prepared done{
        .cluster = item.target.cluster, .totals = {.unchanged = files}, .bytes = 0, .problem = std::nullopt};
    if (!item.as_left)
      done.record = {
          .lock_sha256 = item.inspection.lock_seen, .files = files, .stat_digest = item.inspection.stat_digest};
    return done;
  }

  void remember() {
    if (scope_.retire) cache_.clusters.clear();
    for (std::size_t i = 0; i < prepared_.size(); ++i) {
      const Item& item = items_[i];
      std::optional<publish::ClusterRecord> record = item.as_left ? item.as_left : prepared_[i].record;
      const publish::Summary& summary = item.inspection.summary;
      const bool has_mode = !summary.executable.empty() || !summary.unlisted.empty();  // `check` is to see it again
      if (!record || has_mode || record->lock_sha256.empty()) continue;
      record->source = item.source;
      cache_.clusters.insert_or_assign(prepared_[i].cluster, std::move(*record));
    }
    cache_.federation = federation_;
  }

  Publication result() {
    Publication done;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      publish::Summary& summary = items_[i].inspection.summary;
      done.clusters.push_back(std::move(items_[i].target.cluster));
      done.totals.push_back(prepared_.empty() ? publish::totals_of(summary) : prepared_[i].totals);
      done.summaries.push_back(std::move(summary));
    }
    return done;
  }

  const Job& job_;
  base::Fs& fs_;
  const Scope& scope_;
  const PublishOptions& options_;
  const std::string& federation_;
  publish::BuildRecord& cache_;
  std::once_flag searched_;
  std::unique_ptr<publish::MergeTraces> traces_;
  emit::Store store_;
  std::atomic<std::size_t> kept_files_ = 0;
  std::vector<Item> items_;
  std::vector<publish::Prepared> prepared_;
  std::mutex mutex_;  // of what follows
  Progress progress_;
};

}  // namespace

Publication publish_directory(const Job& job, const Scope& scope, const PublishOptions& options,
                              publish::BuildRecord& cache) {
  return Publisher(job, scope, options, cache).run();
}

}  // namespace meshfed::driver
