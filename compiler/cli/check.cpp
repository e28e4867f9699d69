#include "cli/check.hpp"

#include <fmt/format.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/git_source.hpp"
#include "cli/publication.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Lists what differs: `missing`, `different` and `extra`, by cluster and path. With
--against, federation.toml is read from the same place as the tree: from Git's index,
which is what the next commit holds, or from a revision.

Exit status: 0 nothing differs; 1 something does; 2 the input is wrong;
3 the tree is not to be compared; 4 reading failed.

Examples:
  meshfedc check
  meshfedc check --against index             # before a commit
  meshfedc check --against HEAD -o deploy    # what is committed
)";

constexpr std::string_view kWorktree = "worktree";

}  // namespace

CheckCommand::CheckCommand() : jobs_(default_jobs()) {}

CLI::App* CheckCommand::declare(CLI::App& app) {
  CLI::App* command = app.add_subcommand("check", "Is what is published what the federation compiles to?");
  add_source(*command, file_);
  add_output(*command, out_, "The directory that was published to");
  command
      ->add_option("--against", against_,
                   "Where the federation and the directory are read: worktree, index, or a revision of Git")
      ->type_name("WHERE")
      ->capture_default_str();
  add_jobs(*command, jobs_);
  add_format(*command, format_);
  command->footer(kFooter);
  return command;
}

Exit CheckCommand::run(const Context& context) const {
  if (against_ == kWorktree) return compare(context);
  Session session(context, format_);
  const std::unique_ptr<publish::GitFs> git = open_git(context.fs, file_, against_, session.sink());
  return git ? compare({*git, context.terminal, context.trace, context.environment}) : session.finish();
}

Exit CheckCommand::compare(const Context& context) const {
  Session session(context, format_);
  const std::optional<check::Checked> checked = session.analyse(file_);
  if (!checked) return session.finish();
  const std::vector<model::ClusterId> clusters = driver::select(checked->world(), {}, session.sink());
  // What was edited by hand is different, and not more than that: nothing is to be overwritten.
  const Publication found = publish_clusters(
      session, *checked, clusters, {.out = out_, .force = true, .dry_run = true, .retire = true, .jobs = jobs_});
  if (session.sink().errors() == 0) session.print(found.differences(out_));
  const bool failed = session.sink().errors() > 0;
  const Exit exit = session.finish(found.differs() ? kChanged : kOk);
  if (!failed) session.say(found.comparison());
  return exit;
}

}  // namespace meshfed::cli
