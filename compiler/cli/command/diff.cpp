#include "cli/command/diff.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "driver/git_rules.hpp"
#include "driver/git_source.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Compares the published objects, including manual edits, field by field with what
federation.toml compiles to. With a revision, compares the objects published there: this
shows what merging the working tree would change, and which exports [discover.*] finds
now and did not then, or no longer. A change that several clusters have
in common is shown once, with its risks for running traffic.

Files that no kustomization.yaml lists are not applied, and count as not published. If
files differ but no object does (in comments, for example), only that is reported:
`check` lists the files.

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
                          .meaning =
                              "Compare with the tree published in a Git revision, or in the index. A word that ends in "
                              ".toml is the main file",
                          .target = &revision_,
                          .value = "REV",
                          .positional = "revision"};
  Argument file = source_argument(source_);
  file.flaw = nullptr;  // it may be the revision
  const Argument format =
      word_option<Output>("--format", "Output format; json also applies to diagnostics", output_,
                          {{"text", Output::text}, {"json", Output::json}, {"markdown", Output::markdown}});
  return {.name = "diff",
          .description = "Show what would change in the clusters, and the risks",
          .footer = kFooter,
          .arguments = {revision, file, source_option(source_), output_option(out_, "The published directory"),
                        clusters_option(options_.clusters), jobs_option(options_.jobs), quiet_option(quiet_), format},
          .conflict = [this] { return conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

DiffCommand::Words DiffCommand::words() const {
  Words words{revision_, source_};
  if (is_main_file(revision_)) std::swap(words.revision, words.source.positional);
  return words;
}

std::string DiffCommand::conflict() const {
  const auto [revision, source] = words();
  if (is_main_file(revision))
    return fmt::format("the main file is given twice: {} and {}; name one", base::quoted(source.positional),
                       base::quoted(revision));
  if (!source.positional.empty() && !is_main_file(source.positional))
    return fmt::format(
        "{} and {} are two revisions; name only one, to be compared with what federation.toml compiles to",
        base::quoted(revision), base::quoted(source.positional));
  return source.conflict();
}

Exit DiffCommand::run(const Context& context) const {
  Session session(context, output_ == Output::json ? Format::json : Format::text);
  session.be_quiet(quiet_);
  const driver::Job job = session.job();
  std::unique_ptr<git::SnapshotFs> git;
  const auto [revision, source] = words();
  driver::DiffOptions options = options_;
  const auto [file, out] = find_place(session, source, out_);
  options.file = file;
  options.out = out;
  if (!revision.empty()) {
    const git::Environment environment = git_environment(context.environment, context.clock);
    git = driver::open_git(job, environment, file, revision);
    if (git) driver::report_conversions(job, environment, *git, "", out);
    if (session.failed()) return session.finish();
  }
  const diff::Difference difference = driver::difference(job, git ? static_cast<base::Fs&>(*git) : context.fs, options);
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
