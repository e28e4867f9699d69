#include "cli/command/diff.hpp"

#include <memory>

#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "driver/git_source.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Compares the published objects, including manual edits, field by field with what
federation.toml compiles to. With a revision, compares the objects published there: this
shows what merging the working tree would change. A change that several clusters have
in common is shown once, with its risks for running traffic.

Exit status: 0 no differences; 1 differences; 2 the input is invalid;
3 the tree cannot be compared; 4 reading failed.

Examples:
  meshfedc diff
  meshfedc diff origin/main --format markdown    # for a comment on a pull request
  meshfedc diff --cluster east-cluster
)";

}  // namespace

DiffCommand::DiffCommand() { options_.jobs = default_jobs(); }

Command DiffCommand::declare() {
  const Argument revision{.names = {},
                          .meaning = "Compare with the tree published in a Git revision, or in the index",
                          .target = &revision_,
                          .value = "REV",
                          .positional = "revision"};
  const Argument format =
      word_option<Output>("--format", "Output format; json also applies to diagnostics", output_,
                          {{"text", Output::text}, {"json", Output::json}, {"markdown", Output::markdown}});
  return {.name = "diff",
          .description = "Show what would change in the clusters, and the risks",
          .footer = kFooter,
          .arguments = {revision, source_option(options_.file), output_option(options_.out, "The published directory"),
                        clusters_option(options_.clusters), jobs_option(options_.jobs), format},
          .run = [this](const Context& context) { return run(context); }};
}

Exit DiffCommand::run(const Context& context) const {
  Session session(context, output_ == Output::json ? Format::json : Format::text);
  const driver::Job job = session.job();
  std::unique_ptr<git::SnapshotFs> git;
  if (!revision_.empty())
    git = driver::open_git(job, git_environment(context.environment, context.clock), options_.file, revision_);
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
