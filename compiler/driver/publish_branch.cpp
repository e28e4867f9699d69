#include "driver/publish_branch.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "driver/commit_source.hpp"
#include "driver/git_rules.hpp"
#include "driver/report.hpp"
#include "publish/branch_publisher.hpp"
#include "publish/inspect.hpp"

namespace meshfed::driver {
namespace {

constexpr int kRounds = 20;  // as often may somebody else have been quicker

struct Item {
  Target target = {};
  publish::Summary summary = {};
  publish::Totals totals = {};
  std::vector<publish::Problem> problems = {};
};

class Committer {
 public:
  Committer(const Job& job, const std::vector<Scope>& scopes, const Source& source, const PublishOptions& options,
            const CommitRequest& request)
      : job_(job), scopes_(scopes), source_(source), options_(options), request_(request) {}

  Committed run(const std::function<void()>& write) {
    publish::OpenedBranch opened =
        publish::open_branch(job_.fs, *request_.clock, scopes_.front().out, request_.options, request_.environment);
    if (opened.problem) return report(*opened.problem, request_.options.branch);
    branch_ = std::move(opened.branch);
    if (has_no_place()) return report(no_place(), branch_->name());
    if (branch_->is_checked_out()) {
      for (const Scope& scope : scopes_)
        report_conversions(job_, request_.environment, main_file_once(scope), scope.out, cluster_names(scope));
      if (job_.failed()) return {};
      write();
      if (job_.failed()) return {};
    } else {
      trailer_ = source_trailer(job_, request_.environment, source_.file, source_.reads);
    }
    for (int round = 0; round < kRounds; ++round) {
      if (const std::optional<Committed> done = attempt()) return *done;
      job_.trace("`{}` has moved: retrying", branch_->name());
    }
    return report({git::Problem::Kind::failed, "the branch kept moving", "try again"}, branch_->name());
  }

 private:
  Committed report(const git::Problem& problem, const std::string& branch) {
    report_git_problem(problem, scopes_.front().out, branch.empty() ? "HEAD" : branch, job_.sink);
    return {};
  }

  static std::vector<std::string> cluster_names(const Scope& scope) {
    std::vector<std::string> names;
    for (const model::ClusterId id : scope.clusters) names.push_back(scope.resolved().cluster(id).name.value);
    return names;
  }

  /// It is looked at with the first part.
  std::string main_file_once(const Scope& scope) const {
    return scope.part == Part::federation ? source_.file : std::string();
  }

  /// A part is to stand beside the repository.
  bool has_no_place() const {
    const auto stands_beside = [](const Scope& one) { return one.part == Part::install && !one.clusters.empty(); };
    return branch_->is_top() && std::any_of(scopes_.begin(), scopes_.end(), stands_beside);
  }

  git::Problem no_place() const {
    return {git::Problem::Kind::refused,
            fmt::format("{} would be outside of the repository",
                        base::quoted(directory(Part::install, scopes_.front().out))),
            "build to a directory of the repository, with -o"};
  }

  /// None: somebody else was quicker.
  std::optional<Committed> attempt() {
    if (const auto problem = branch_->refresh()) return report(*problem, branch_->name());
    if (branch_->remark() && !remarked_) report_git_remark(*branch_->remark(), branch_->name(), job_.sink);
    remarked_ = remarked_ || branch_->remark();
    items_.clear();
    for (const Scope& scope : scopes_) plan_all(scope);
    if (job_.failed()) return Committed{};
    Committed done{result(), branch_->name(), ""};
    if (options_.dry_run) return done;
    publish::CommitResult made = branch_->commit(message(done.publication));
    if (made.status == publish::CommitResult::Status::moved) return std::nullopt;
    if (made.problem) return report(*made.problem, branch_->name());
    done.id = std::move(made.id);
    return done;
  }

  void plan_all(Scope scope) {
    if (branch_->is_top() && scope.part == Part::install) return;
    scope.out = branch_->output(suffix(scope.part));
    if (is_idle(branch_->tip(), scope)) return;
    std::vector<Item> items =
        work_on_targets<Item>(job_, branch_->tip(), scope, [&](Item& item) { plan(scope, item); });
    for (Item& item : items) items_.push_back({scope.part, std::move(item)});
  }

  void plan(const Scope& scope, Item& item) {
    const Target& target = item.target;
    const std::string_view beside = suffix(scope.part);
    const emit::Tree tree =
        target.id ? compile(scope.checked, *target.id, store_, scope.part) : emit::Tree(target.cluster);
    if (target.id && branch_->plan(tree, scope.owner, beside)) {
      item.totals.unchanged = item.summary.unchanged = tree.files.size();
    } else if (target.is_new && !options_.dry_run) {  // no need to look
      branch_->prepare(tree, {}, beside);
      item.totals.created = tree.files.size();
      item.summary.lock_changed = true;
    } else {
      inspect(scope, item, tree);
    }
  }

  void inspect(const Scope& scope, Item& item, const emit::Tree& tree) {
    // Whoever edited what is checked out was refused, or overruled, when the working tree was written.
    const publish::Options how{.force = options_.force || branch_->is_checked_out()};
    base::Fs& tip = branch_->tip();
    publish::Inspection found = item.target.id
                                    ? publish::inspect(tip, scope.out, scope.owner, tree, how)
                                    : publish::inspect_retired(tip, scope.out, scope.owner, item.target.cluster, how);
    if (found.problems.empty() && (!found.summary.empty() || !found.leftovers.empty()))
      branch_->prepare(tree, found, suffix(scope.part));
    item.problems = std::move(found.problems);
    item.totals = publish::totals_of(found.summary);
    item.summary = std::move(found.summary);
    if (options_.dry_run) return;
    for (auto* names : {&item.summary.created, &item.summary.changed, &item.summary.removed}) *names = {};
  }

  Publication result() {
    Publication done;
    for (auto& [part, item] : items_) {
      done.clusters.push_back(std::move(item.target.cluster));
      done.parts.push_back(part);
      done.totals.push_back(item.totals);
      done.summaries.push_back(std::move(item.summary));
    }
    return done;
  }

  std::string message(const Publication& publication) const {
    if (!request_.message.empty()) return request_.message;
    std::size_t written = 0, removed = 0;
    std::set<std::string> clusters;
    for (std::size_t i = 0; i < publication.clusters.size(); ++i) {
      const publish::Totals& totals = publication.totals[i];
      written += totals.created + totals.changed;
      removed += totals.removed;
      if (totals.created + totals.changed + totals.removed > 0 || publication.summaries[i].lock_changed)
        clusters.insert(publication.clusters[i]);
    }
    return fmt::format("Compile {}: {} written, {} removed in {}\n{}", scopes_.front().federation(),
                       base::plural(written, "file"), removed, base::plural(clusters.size(), "cluster"), trailer_);
  }

  const Job& job_;
  const std::vector<Scope>& scopes_;
  const Source& source_;
  const PublishOptions& options_;
  const CommitRequest& request_;
  std::unique_ptr<publish::BranchPublisher> branch_;
  std::string trailer_;
  bool remarked_ = false;
  emit::Store store_;
  std::vector<std::pair<Part, Item>> items_;
};

}  // namespace

Committed publish_branch(const Job& job, const std::vector<Scope>& scopes, const Source& source,
                         const PublishOptions& options, const CommitRequest& request,
                         const std::function<void()>& write) {
  return Committer(job, scopes, source, options, request).run(write);
}

}  // namespace meshfed::driver
