#include "cli/command/diff.hpp"

#include <memory>

#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "driver/git_rules.hpp"
#include "driver/git_source.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Compares objects, not files, field by field: what is published, edits by hand among
it, with what federation.toml compiles to. With a revision, what was published there:
what merging this working tree would change. A change that several clusters have in
common is shown once, with what it may do to running traffic.

Exit status: 0 nothing differs; 1 something does; 2 the input is wrong;
3 the tree is not to be compared; 4 reading failed.

Examples:
  meshfedc diff
  meshfedc diff origin/main --format markdown    # for a comment on a pull request
  meshfedc diff --cluster east-cluster
)";

}  // namespace

DiffCommand::DiffCommand() { options_.jobs = default_jobs(); }

Command DiffCommand::declare() {
  const Argument revision{.names = {},
                          .meaning = "Compare with what is published there: a revision of Git, or index",
                          .target = &revision_,
                          .value = "REV",
                          .positional = "revision"};
  const Argument format =
      word_option<Output>("--format", "How the result is written; with json, diagnostics too", output_,
                          {{"text", Output::text}, {"json", Output::json}, {"markdown", Output::markdown}});
  return {.name = "diff",
          .description = "What would change in the clusters, and what that may break",
          .footer = kFooter,
          .arguments = {revision, source_option(options_.file),
                        output_option(options_.out, "The directory that was published to"),
                        clusters_option(options_.clusters), jobs_option(options_.jobs), format},
          .run = [this](const Context& context) { return run(context); }};
}

Exit DiffCommand::run(const Context& context) const {
  Session session(context, output_ == Output::json ? Format::json : Format::text);
  const driver::Job job = session.job();
  std::unique_ptr<git::SnapshotFs> git;
  if (!revision_.empty()) {
    const git::Environment environment = git_environment(context.environment, context.clock);
    git = driver::open_git(job, environment, options_.file, revision_);
    if (git) driver::report_conversions(job, environment, "", options_.out, git->list_directory(options_.out).value);
    if (session.failed()) return session.finish();
  }
  const diff::Difference difference =
      driver::difference(job, git ? static_cast<base::Fs&>(*git) : context.fs, options_);
  if (session.failed()) return session.finish();
  session.print(render(difference, context.terminal));
  return session.finish(difference.empty() ? kOk : kChanged);
}

std::string DiffCommand::render(const diff::Difference& difference, const Terminal& terminal) const {
  switch (output_) {
    case Output::text:
      return diff::render_text(difference, terminal.color_out);
    case Output::json:
      return diff::render_json(difference);
    case Output::markdown:
      return diff::render_markdown(difference);
  }
  return {};
}

}  // namespace meshfed::cli
