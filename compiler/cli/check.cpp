#include "cli/check.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/analysis.hpp"
#include "cli/git_source.hpp"
#include "publish/lock.hpp"
#include "publish/path.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Lists what differs: `missing`, `different`, `extra`, and `mode` where a file is
executable, by cluster and path. With --against, federation.toml is read from the same
place as the tree: from Git's index, or from a revision. The index is what the next
commit holds; in a hook, it is that of the commit that Git is about to make.

Exit status: 0 nothing differs; 1 something does; 2 the input is wrong;
3 the tree is not to be compared; 4 reading failed.

Examples:
  meshfedc check
  meshfedc check --against index             # before a commit
  meshfedc check --against HEAD -o deploy    # what is committed
)";

constexpr std::string_view kWorktree = "worktree";
constexpr std::string_view kIndex = "index";

/// Some file systems know no modes and call every file executable: there the lock is, too.
void drop_modes_without_meaning(Publication& found) {
  for (std::size_t i = 0; i < found.clusters.size(); ++i) {
    std::vector<std::string>& executable = found.summaries[i].executable;
    const std::string lock = publish::below(found.clusters[i], publish::kLockName);
    if (std::binary_search(executable.begin(), executable.end(), lock)) executable.clear();
  }
}

}  // namespace

CheckCommand::CheckCommand() : jobs_(default_jobs()) {}

Command CheckCommand::declare() {
  const Argument against{
      .names = {"--against"},
      .meaning = "Where the federation and the directory are read: worktree, index, or a revision of Git",
      .target = &against_,
      .value = "WHERE",
      .preset = against_};
  return {.name = "check",
          .description = "Is what is published what the federation compiles to?",
          .footer = kFooter,
          .arguments = {source_option(file_), output_option(out_, "The directory that was published to"), against,
                        jobs_option(jobs_), format_option(format_)},
          .run = [this](const Context& context) { return run(context); }};
}

Exit CheckCommand::run(const Context& context) const {
  if (against_ == kWorktree) {
    MemoFile memo(context, file_, out_);
    return compare(context, &memo);
  }
  Session session(context, format_);
  const std::unique_ptr<git::SnapshotFs> git = open_git(context, file_, against_, session.sink());
  return git ? compare({*git, context.terminal, context.trace, context.environment, context.disk}, nullptr)
             : session.finish();
}

Exit CheckCommand::compare(const Context& context, MemoFile* memo) const {
  Session session(context, format_);
  if (const std::optional<Publication> same = memo ? memo->nothing_to_do(jobs_) : std::nullopt)
    return report(session, *same);
  const std::optional<check::Checked> checked = analyse(session, file_, jobs_);
  if (!checked) return session.finish();
  const std::vector<model::ClusterId> clusters = driver::select(checked->world(), {}, session.sink());
  // What was edited by hand is different, and not more than that: nothing is to be overwritten.
  const PublishOptions how{.out = out_, .force = true, .dry_run = true, .retire = true, .jobs = jobs_};
  publish::Memo nothing;
  Publication found = publish_clusters(session, *checked, clusters, how, memo ? memo->memo : nothing);
  if (against_ == kWorktree) drop_modes_without_meaning(found);
  return report(session, found);
}

Exit CheckCommand::report(Session& session, const Publication& found) const {
  if (session.sink().errors() == 0) session.print(found.differences(out_));
  const bool failed = session.sink().errors() > 0;
  const Exit exit = session.finish(found.differs() ? kChanged : kOk);
  if (!failed) session.say(found.comparison());
  if (!failed && against_ == kIndex && found.differs())
    session.say("the index was compared, which is what the next commit holds: `git add` what was built");
  return exit;
}

}  // namespace meshfed::cli
