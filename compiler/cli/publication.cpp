#include "cli/publication.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/pool.hpp"
#include "base/text.hpp"
#include "cli/publish_report.hpp"
#include "publish/apply.hpp"
#include "publish/lock.hpp"
#include "publish/output.hpp"
#include "publish/path.hpp"

namespace meshfed::cli {
namespace {

struct Item {
  std::string cluster;
  std::optional<model::ClusterId> id;  // none: not declared any more
  publish::Inspection inspection;
  publish::Outcome outcome;

  bool needs_work() const { return !inspection.summary.empty() || !inspection.leftovers.empty(); }
};

class Publisher {
 public:
  Publisher(Session& session, const check::Checked& checked, const PublishOptions& options)
      : session_(session),
        fs_(session.context().fs),
        checked_(checked),
        options_(options),
        federation_(checked.world().federation.name.value) {}

  Publication run(const std::vector<model::ClusterId>& clusters) {
    publish::OutputLock lock;
    if (!options_.dry_run) {
      lock = publish::lock_output(fs_, options_.out);
      if (lock.problem) report(*lock.problem, Doing::writing);
    }
    if (failed()) return {};
    collect(clusters);
    inspect();
    if (!options_.dry_run && !failed()) apply();
    return result();
  }

 private:
  bool failed() { return session_.sink().errors() > 0; }

  void report(const publish::Problem& problem, Doing doing) {
    report_problem(problem, options_.out, federation_, doing, session_.sink());
  }

  void collect(const std::vector<model::ClusterId>& clusters) {
    for (const model::ClusterId id : clusters) items_.push_back({checked_.world().cluster(id).name.value, id, {}, {}});
    if (options_.retire) collect_retired();
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.cluster < b.cluster; });
  }

  void collect_retired() {
    const publish::Published published = publish::published_clusters(fs_, options_.out, federation_);
    // A directory that cannot be listed is reported by each inspection.
    if (published.problem && items_.empty()) report(*published.problem, Doing::reading);
    for (const std::string& name : published.clusters) {
      if (checked_.world().find_cluster(name) == model::kNone) items_.push_back({name, std::nullopt, {}, {}});
    }
  }

  emit::Tree tree_of(const Item& item) const {
    return item.id ? driver::compile(checked_, *item.id) : emit::Tree{item.cluster, {}};
  }

  void inspect() {
    const publish::Options how{.force = options_.force};
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) {
      Item& item = items_[i];
      item.inspection = item.id ? publish::inspect(fs_, options_.out, federation_, tree_of(item), how)
                                : publish::inspect_retired(fs_, options_.out, federation_, item.cluster, how);
      const publish::Summary& found = item.inspection.summary;
      session_.context().trace.debug("{}: {} to create, {} to change, {} to remove, {} unchanged", item.cluster,
                                     found.created.size(), found.changed.size(), found.removed.size(), found.unchanged);
    });
    for (const Item& item : items_) {
      for (const publish::Problem& problem : item.inspection.problems) report(problem, Doing::reading);
    }
  }

  void apply() {
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) {
      Item& item = items_[i];
      if (!item.needs_work()) return;
      item.outcome = publish::apply(fs_, options_.out, federation_, tree_of(item), item.inspection);
      session_.context().trace.debug("{}: {}", item.cluster, item.outcome.ok() ? "written" : "stopped");
    });
    for (const Item& item : items_) {
      for (const publish::Problem& problem : item.outcome.problems) report(problem, Doing::writing);
    }
  }

  Publication result() {
    Publication done;
    for (Item& item : items_) {
      done.clusters.push_back(std::move(item.cluster));
      done.summaries.push_back(std::move(item.inspection.summary));
    }
    return done;
  }

  Session& session_;
  base::Fs& fs_;
  const check::Checked& checked_;
  const PublishOptions& options_;
  const std::string& federation_;
  std::vector<Item> items_;
};

using Action = std::pair<std::string, std::string_view>;  // path and verb

struct Verbs {
  std::string_view create, change, remove;
};

constexpr Verbs kDoing{"create", "change", "remove"};
constexpr Verbs kFinding{"missing", "different", "extra"};

// A lock alone may change, when somebody else's file turned out to be what we would have written.
std::vector<Action> actions_of(const std::string& cluster, const publish::Summary& summary, const Verbs& verbs) {
  std::vector<Action> actions;
  for (const std::string& path : summary.created) actions.emplace_back(path, verbs.create);
  for (const std::string& path : summary.changed) actions.emplace_back(path, verbs.change);
  for (const std::string& path : summary.removed) actions.emplace_back(path, verbs.remove);
  if (actions.empty() && summary.lock_changed)
    actions.emplace_back(publish::below(cluster, publish::kLockName), verbs.change);
  return actions;
}

std::string lines_of(std::vector<Action> actions, const std::string& out) {
  std::sort(actions.begin(), actions.end());
  std::string lines;
  for (const auto& [path, verb] : actions) {
    lines += fmt::format("{} {}\n", verb, base::escaped(publish::below(out, path)));
  }
  return lines;
}

}  // namespace

bool Publication::changed() const {
  return std::any_of(summaries.begin(), summaries.end(), [](const publish::Summary& s) { return !s.empty(); });
}

std::string Publication::summary(bool dry_run) const {
  std::size_t written = 0, unchanged = 0, removed = 0;
  for (const publish::Summary& one : summaries) {
    written += one.created.size() + one.changed.size();
    unchanged += one.unchanged;
    removed += one.removed.size();
  }
  return fmt::format("{} {}, {} unchanged, {} {} in {}", base::plural(written, "file"),
                     dry_run ? "to write" : "written", unchanged, removed, dry_run ? "to remove" : "removed",
                     base::plural(clusters.size(), "cluster"));
}

std::string Publication::listing(const std::string& out) const {
  std::string lines;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    lines += lines_of(actions_of(clusters[i], summaries[i], kDoing), out);
  }
  return lines;
}

bool Publication::differs() const {
  return changed() || std::any_of(summaries.begin(), summaries.end(),
                                  [](const publish::Summary& s) { return !s.kept.empty() || !s.executable.empty(); });
}

std::string Publication::differences(const std::string& out) const {
  std::string lines;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    std::vector<Action> found = actions_of(clusters[i], summaries[i], kFinding);
    for (const std::string& path : summaries[i].kept) found.emplace_back(path, kFinding.remove);
    for (const std::string& path : summaries[i].executable) found.emplace_back(path, "mode");
    lines += lines_of(std::move(found), out);
  }
  return lines;
}

std::string Publication::comparison() const {
  std::size_t missing = 0, different = 0, extra = 0, edited = 0, executable = 0, same = 0;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const publish::Summary& one = summaries[i];
    missing += one.created.size();
    different += one.changed.size();
    extra += one.removed.size() + one.kept.size();
    edited += one.forced.size() + one.kept.size();
    executable += one.executable.size();
    same += one.unchanged;
  }
  const std::string where = base::plural(clusters.size(), "cluster");
  if (!differs()) return fmt::format("{} in {}, all as compiled", base::plural(same, "file"), where);
  std::vector<std::string> remedies;
  if (edited > 0) {
    remedies.push_back(fmt::format("{} edited by hand, so look at `git diff` before `meshfedc build --force`",
                                   edited == 1 ? "one was" : fmt::format("{} were", edited)));
  } else if (changed()) {
    remedies.emplace_back("run `meshfedc build`");
  }
  if (executable > 0) remedies.emplace_back("take the executable bit away with `chmod a-x`");
  return fmt::format("{} missing, {} different, {} extra{} in {}: {}", missing, different, extra,
                     executable > 0 ? fmt::format(", {} executable", executable) : "", where,
                     fmt::join(remedies, "; "));
}

std::vector<std::string> Publication::remarks(const std::string& out, bool dry_run) const {
  std::vector<std::string> lines;
  const auto quoted = [&](const std::string& path) { return base::quoted(publish::below(out, path)); };
  for (const publish::Summary& one : summaries) {
    for (const std::string& path : one.forced) {
      lines.push_back(
          fmt::format("{} {}, which was edited or not ours", dry_run ? "to overwrite:" : "overwrote", quoted(path)));
    }
    for (const std::string& path : one.kept) {
      lines.push_back(fmt::format("left alone: {}, which was edited and is not ours any more", quoted(path)));
    }
  }
  return lines;
}

Publication publish_clusters(Session& session, const check::Checked& checked,
                             const std::vector<model::ClusterId>& clusters, const PublishOptions& options) {
  return Publisher(session, checked, options).run(clusters);
}

}  // namespace meshfed::cli
