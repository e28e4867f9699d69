#include "cli/command/check.hpp"

#include <memory>
#include <string_view>

#include "driver/git_rules.hpp"
#include "driver/git_source.hpp"
#include "driver/staging.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Lists the files that differ, by cluster and path: `missing`, `different`, `extra`, and
`mode` for executable files. With --against, federation.toml is read from the same
place as the tree: from Git's index, or from a revision. The index is what the next
commit will contain; in a hook, it is the index of the commit that Git is creating.

Exit status: 0 no differences; 1 differences; 2 the input is invalid;
3 the tree cannot be compared; 4 reading failed.

Examples:
  meshfedc check
  meshfedc check --against index             # before a commit
  meshfedc check --against HEAD -o deploy    # what is committed
)";

constexpr std::string_view kWorktree = "worktree";
constexpr std::string_view kIndex = "index";

}  // namespace

CheckCommand::CheckCommand() { options_.jobs = default_jobs(); }

Command CheckCommand::declare() {
  const Argument against{
      .names = {"--against"},
      .meaning = "Where to read the federation and the directory: worktree, index, or a Git revision",
      .target = &against_,
      .value = "WHERE",
      .preset = against_};
  return {
      .name = "check",
      .description = "Verify that the published tree is up to date",
      .footer = kFooter,
      .arguments = {source_argument(source_), source_option(source_), output_option(out_, "The published directory"),
                    against, jobs_option(options_.jobs), quiet_option(quiet_), format_option(format_)},
      .conflict = [this] { return source_.conflict(); },
      .run = [this](const Context& context) { return run(context); }};
}

Exit CheckCommand::run(const Context& context) const {
  Session session(context, format_);
  session.be_quiet(quiet_);
  const driver::Job job = session.job();
  driver::VerifyOptions options = options_;
  const auto [file, out] = find_place(session, source_, out_);
  options.file = file;
  options.out = out;
  options.worktree = against_ == kWorktree;
  options.environment = git_environment(context.environment, context.clock);
  if (options.worktree) {
    options.cache = {.directory = cache_directory(context.environment), .version = MESHFEDC_VERSION};
    return report(session, driver::verify(job, options), out, false);
  }
  const git::Environment& environment = options.environment;
  const std::unique_ptr<git::SnapshotFs> git = driver::open_git(job, environment, options.file, against_);
  const bool is_index = against_ == kIndex;
  if (!git || (is_index && !driver::is_staged(job, *git, options.file))) return session.finish();
  driver::report_conversions(job, environment, *git, options.file, out);
  if (session.failed()) return session.finish();
  const driver::Publication found = driver::verify(job.reading_from(*git), options);
  if (is_index) driver::report_staging(job, *git);
  const bool ignored = !session.failed() && driver::report_ignored(job, environment, out, found);
  return report(session, found, out, ignored);
}

Exit CheckCommand::report(Session& session, const driver::Publication& found, const std::string& out,
                          bool ignored) const {
  if (!session.failed()) session.print(found.differences(out));
  const bool failed = session.failed();
  const Exit exit = session.finish(found.differs() ? kChanged : kOk);
  if (!failed) session.say(found.comparison(out));
  if (!failed && against_ == kIndex && found.differs() && !ignored)
    session.say("the index was compared, which is what the next commit contains: `git add` the built files");
  return exit;
}

}  // namespace meshfed::cli
