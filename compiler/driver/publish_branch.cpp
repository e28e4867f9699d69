#include "driver/publish_branch.hpp"

#include <memory>
#include <optional>
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
  Committer(const Job& job, const Scope& scope, const Source& source, const PublishOptions& options,
            const CommitRequest& request)
      : job_(job),
        scope_(scope),
        source_(source),
        options_(options),
        request_(request),
        federation_(scope.federation()) {}

  Committed run(const std::function<void()>& write) {
    publish::OpenedBranch opened =
        publish::open_branch(job_.fs, *request_.clock, scope_.out, request_.options, request_.environment);
    if (opened.problem) return report(*opened.problem, request_.options.branch);
    branch_ = std::move(opened.branch);
    if (branch_->is_checked_out()) {
      report_conversions(job_, request_.environment, source_.file, scope_.out, cluster_names());
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
    report_git_problem(problem, scope_.out, branch.empty() ? "HEAD" : branch, job_.sink);
    return {};
  }

  std::vector<std::string> cluster_names() const {
    std::vector<std::string> names;
    for (const model::ClusterId id : scope_.clusters) names.push_back(scope_.resolved().cluster(id).name.value);
    return names;
  }

  /// None: somebody else was quicker.
  std::optional<Committed> attempt() {
    if (const auto problem = branch_->refresh()) return report(*problem, branch_->name());
    if (branch_->remark() && !remarked_) report_git_remark(*branch_->remark(), branch_->name(), job_.sink);
    remarked_ = remarked_ || branch_->remark();
    items_ = work_on_targets<Item>(job_, branch_->tip(),
                                   {scope_.checked, scope_.clusters, branch_->output(), scope_.retire, scope_.jobs},
                                   [this](Item& item) { plan(item); });
    if (job_.failed()) return Committed{};
    Committed done{result(), branch_->name(), ""};
    if (options_.dry_run) return done;
    publish::CommitResult made = branch_->commit(message(done.publication));
    if (made.status == publish::CommitResult::Status::moved) return std::nullopt;
    if (made.problem) return report(*made.problem, branch_->name());
    done.id = std::move(made.id);
    return done;
  }

  void plan(Item& item) {
    const Target& target = item.target;
    const emit::Tree tree = target.id ? compile(scope_.checked, *target.id, store_) : emit::Tree(target.cluster);
    if (target.id && branch_->plan(tree, federation_)) {
      item.totals.unchanged = item.summary.unchanged = tree.files.size();
    } else if (target.is_new && !options_.dry_run) {  // no need to look
      branch_->prepare(tree, {});
      item.totals.created = tree.files.size();
      item.summary.lock_changed = true;
    } else {
      inspect(item, tree);
    }
  }

  void inspect(Item& item, const emit::Tree& tree) {
    // Whoever edited what is checked out was refused, or overruled, when the working tree was written.
    const publish::Options how{.force = options_.force || branch_->is_checked_out()};
    base::Fs& tip = branch_->tip();
    const std::string& out = branch_->output();
    publish::Inspection found = item.target.id
                                    ? publish::inspect(tip, out, federation_, tree, how)
                                    : publish::inspect_retired(tip, out, federation_, item.target.cluster, how);
    if (found.problems.empty() && (!found.summary.empty() || !found.leftovers.empty())) branch_->prepare(tree, found);
    item.problems = std::move(found.problems);
    item.totals = publish::totals_of(found.summary);
    item.summary = std::move(found.summary);
    if (options_.dry_run) return;
    for (auto* names : {&item.summary.created, &item.summary.changed, &item.summary.removed}) *names = {};
  }

  Publication result() {
    Publication done;
    for (Item& item : items_) {
      done.clusters.push_back(std::move(item.target.cluster));
      done.totals.push_back(item.totals);
      done.summaries.push_back(std::move(item.summary));
    }
    return done;
  }

  std::string message(const Publication& publication) const {
    if (!request_.message.empty()) return request_.message;
    std::size_t written = 0, removed = 0, clusters = 0;
    for (std::size_t i = 0; i < publication.clusters.size(); ++i) {
      const publish::Totals& totals = publication.totals[i];
      written += totals.created + totals.changed;
      removed += totals.removed;
      clusters += totals.created + totals.changed + totals.removed > 0 || publication.summaries[i].lock_changed ? 1 : 0;
    }
    return fmt::format("Compile {}: {} written, {} removed in {}\n{}", federation_, base::plural(written, "file"),
                       removed, base::plural(clusters, "cluster"), trailer_);
  }

  const Job& job_;
  const Scope& scope_;
  const Source& source_;
  const PublishOptions& options_;
  const CommitRequest& request_;
  const std::string& federation_;
  std::unique_ptr<publish::BranchPublisher> branch_;
  std::string trailer_;
  bool remarked_ = false;
  emit::Store store_;
  std::vector<Item> items_;
};

}  // namespace

Committed publish_branch(const Job& job, const Scope& scope, const Source& source, const PublishOptions& options,
                         const CommitRequest& request, const std::function<void()>& write) {
  return Committer(job, scope, source, options, request).run(write);
}

}  // namespace meshfed::driver
