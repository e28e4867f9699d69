#include "cli/commit.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/pool.hpp"
#include "base/text.hpp"
#include "cli/commit_source.hpp"
#include "cli/publish_report.hpp"
#include "cli/targets.hpp"
#include "publish/inspect.hpp"

namespace meshfed::cli {
namespace {

constexpr int kRounds = 20;  // as often may somebody else have been quicker

struct Item {
  std::string cluster;
  std::optional<model::ClusterId> id;  // none: not declared any more
  bool is_new = false;                 // nothing has its name there: no need to look
  publish::Summary summary = {};
  publish::Totals totals = {};
  std::vector<publish::Problem> problems = {};
};

git::Environment git_environment(const Environment& environment) {
  const std::time_t now = std::time(nullptr);
  std::tm local = {};
  localtime_r(&now, &local);
  return {environment, now, static_cast<int>(local.tm_gmtoff / 60)};
}

class Committer {
 public:
  Committer(Session& session, const Source& source, const PublishOptions& options, const CommitRequest& request)
      : session_(session),
        source_(source),
        options_(options),
        request_(request),
        federation_(source.checked.world().federation.name.value) {}

  Committed run(const std::function<void()>& write) {
    const Context& context = session_.context();
    publish::OpenedBranch opened =
        publish::open_branch(context.fs, options_.out, request_.options, git_environment(context.environment));
    if (opened.problem) return report(*opened.problem, request_.options.branch);
    branch_ = std::move(opened.branch);
    if (branch_->is_checked_out()) {
      write();
      if (failed()) return {};
    } else {
      trailer_ = source_trailer(context, source_.file, source_.reads);
    }
    for (int round = 0; round < kRounds; ++round) {
      if (const std::optional<Committed> done = attempt()) return *done;
      context.trace("`{}` has moved: once more", branch_->name());
    }
    return report(in_the_way_, branch_->name());
  }

 private:
  bool failed() { return session_.sink().errors() > 0; }

  Committed report(const git::Problem& problem, const std::string& branch) {
    report_git_problem(problem, options_.out, branch.empty() ? "HEAD" : branch, session_.sink());
    return {};
  }

  void report(const publish::Problem& problem) {
    report_problem(problem, branch_->output(), federation_, Doing::reading, session_.sink());
  }

  /// None: somebody else was quicker.
  std::optional<Committed> attempt() {
    if (const auto problem = branch_->refresh()) return report(*problem, branch_->name());
    collect();
    base::for_each_index(items_.size(), options_.jobs, [&](std::size_t i) { look_at(items_[i]); });
    for (const Item& item : items_) {
      for (const publish::Problem& problem : item.problems) report(problem);
    }
    if (failed()) return Committed{};
    Committed done{result(), branch_->name(), ""};
    if (options_.dry_run) return done;
    publish::CommitResult made = branch_->commit(message(done.publication));
    if (made.status == publish::CommitResult::Status::moved) {
      if (made.problem) in_the_way_ = *made.problem;
      return std::nullopt;
    }
    if (made.problem) return report(*made.problem, branch_->name());
    done.id = std::move(made.id);
    return done;
  }

  void collect() {
    items_.clear();
    Targets targets = targets_of(branch_->tip(), branch_->output(), world(), source_.clusters, options_.retire);
    if (targets.problem) report(*targets.problem);
    for (Target& target : targets.clusters)
      items_.push_back({std::move(target.cluster), target.id, target.is_new && !options_.dry_run});
  }

  const model::World& world() const { return source_.checked.world(); }

  void look_at(Item& item) {
    const emit::Tree tree = item.id ? driver::compile(source_.checked, *item.id, store_) : emit::Tree(item.cluster);
    if (item.id && branch_->plan(tree, federation_)) {
      item.totals.unchanged = item.summary.unchanged = tree.files.size();
    } else if (item.is_new) {
      branch_->stage(tree, {});
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
    publish::Inspection found = item.id ? publish::inspect(tip, out, federation_, tree, how)
                                        : publish::inspect_retired(tip, out, federation_, item.cluster, how);
    if (found.problems.empty() && (!found.summary.empty() || !found.leftovers.empty())) branch_->stage(tree, found);
    item.problems = std::move(found.problems);
    item.totals = publish::totals_of(found.summary);
    item.summary = std::move(found.summary);
    if (options_.dry_run) return;
    for (auto* names : {&item.summary.created, &item.summary.changed, &item.summary.removed}) *names = {};
  }

  Publication result() {
    Publication done;
    for (Item& item : items_) {
      done.clusters.push_back(std::move(item.cluster));
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

  Session& session_;
  const Source& source_;
  const PublishOptions& options_;
  const CommitRequest& request_;
  const std::string& federation_;
  std::unique_ptr<publish::BranchPublisher> branch_;
  std::string trailer_;
  git::Problem in_the_way_{git::Problem::Kind::failed, "others are at it all the time", "try again"};
  emit::Store store_;
  std::vector<Item> items_;
};

std::string check_branch(const std::string& name) {
  return git::is_branch_name(name) ? "" : fmt::format("{} is no name for a branch", name);
}

std::string check_author(const std::string& author) {
  const std::size_t open = author.find(" <");
  const bool good = open != std::string::npos && open > 0 && author.size() > open + 3 && author.back() == '>' &&
                    author.find_first_of("<>", open + 2) == author.size() - 1;
  return good ? "" : fmt::format("write 'Name <mail>', not {}", author);
}

std::string check_message(const std::string& message) {
  return message.find_first_not_of(" \t\r\n") == std::string::npos ? "the message is empty" : "";
}

}  // namespace

std::vector<Argument> commit_options(CommitRequest& request) {
  constexpr const char* kCommit = "--commit";
  return {
      {.names = {kCommit},
       .meaning = "Commit the output directory, and nothing else, to a branch of Git",
       .target = &request.commit},
      {.names = {"--branch"},
       .meaning = "The branch, made if need be; built in memory unless it is checked out. Default: what is checked out",
       .target = &request.options.branch,
       .value = "NAME",
       .needs = kCommit,
       .flaw = check_branch},
      {.names = {"--message"},
       .meaning = "The commit's message; default: what was done, in numbers",
       .target = &request.message,
       .value = "TEXT",
       .needs = kCommit,
       .flaw = check_message},
      {.names = {"--author"},
       .meaning = "The commit's author; default: as for git commit",
       .target = &request.options.author,
       .value = "'NAME <MAIL>'",
       .needs = kCommit,
       .flaw = check_author},
      {.names = {"--unsigned"},
       .meaning = "Commit without a signature even if commit.gpgsign is set",
       .target = &request.options.unsigned_too,
       .needs = kCommit},
  };
}

Committed commit_clusters(Session& session, const Source& source, const PublishOptions& options,
                          const CommitRequest& request, const std::function<void()>& write) {
  return Committer(session, source, options, request).run(write);
}

}  // namespace meshfed::cli
