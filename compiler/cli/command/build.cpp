#include "cli/command/build.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/progress.hpp"
#include "git/date.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(The compiler manages the directory of each cluster: it removes files that it wrote
earlier and no longer writes, and refuses to overwrite files that were edited. Without
--cluster and --shard, it also removes clusters that are no longer declared.

If federation.toml is in a parent directory, out/ is next to it; -o is relative to the
working directory.

Exit status: 0 success; 1 with --exit-code, something changed; 2 the input is invalid;
3 refused; 4 reading or writing failed; 64 the command line is invalid.

Examples:
  meshfedc build
  meshfedc build prod/federation.toml -o deploy/prod
  meshfedc build --dry-run --exit-code           # is the tree up to date?
  meshfedc build --cluster east-cluster -o -     # print to standard output
  meshfedc build --shard 2/8                     # the second of eight parts
  meshfedc build --commit                        # also commit out/, and nothing else
  meshfedc build --commit --branch rendered      # commit to another branch
)";

constexpr std::string_view kStandardOutput = "-";

std::optional<unsigned> parse_count(std::string_view digits) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Argument shard_option(driver::Selection& selection) {
  return {.names = {"--shard"},
          .meaning = "Build only the I-th of N equal parts of the clusters",
          .target = [&selection](const std::string& text) { selection.shard = parse_shard(text); },
          .value = "I/N",
          .flaw =
              [](const std::string& text) {
                return parse_shard(text) ? "" : fmt::format("write I/N, such as 2/8, not {}", text);
              }};
}

std::string check_author(const std::string& author) {
  if (git::parse_author(author, 0)) return "";
  return fmt::format("write 'Name <mail>', optionally with a date in Git's format, not {}", author);
}

std::string check_message(const std::string& message) {
  return message.find_first_not_of(" \t\r\n") == std::string::npos ? "the message is empty" : "";
}

/// --commit, and the options that need it.
std::vector<Argument> commit_options(driver::CommitRequest& request) {
  constexpr const char* kCommit = "--commit";
  return {
      {.names = {kCommit},
       .meaning = "Commit the output directory, and nothing else, to a Git branch",
       .target = &request.commit},
      {.names = {"--branch"},
       .meaning = "The branch, created if missing, and built in memory unless checked out; default: the current branch",
       .target = &request.options.branch,
       .value = "NAME",
       .needs = kCommit,
       .flaw = git::branch_name_flaw},
      {.names = {"--message"},
       .meaning = "The commit message; default: a summary of the changes",
       .target = &request.message,
       .value = "TEXT",
       .needs = kCommit,
       .flaw = check_message},
      {.names = {"--author"},
       .meaning = "The author of the commit, optionally with a date; default: as for git commit",
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

}  // namespace

std::optional<driver::Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<unsigned> index = parse_count(text.substr(0, slash));
  const std::optional<unsigned> count = parse_count(text.substr(slash + 1));
  if (!index || !count) return std::nullopt;
  return driver::Shard{*index, *count};
}

BuildCommand::BuildCommand() { options_.jobs = default_jobs(); }

Command BuildCommand::declare() {
  Command command{
      .name = "build",
      .description = "Compile a federation and write the manifests of each cluster",
      .footer = kFooter,
      .arguments = {source_argument(source_), source_option(source_),
                    output_option(out_, "The output directory, or - to print one YAML stream to standard output"),
                    clusters_option(options_.selection.clusters), shard_option(options_.selection),
                    jobs_option(options_.jobs)},
      .conflict = [this] { return conflict(); },
      .run = [this](const Context& context) { return run(context); }};
  const auto add_flag = [&](const char* name, const char* meaning, bool& flag) {
    command.arguments.push_back({.names = {name}, .meaning = meaning, .target = &flag});
  };
  add_flag("--dry-run", "Only list the files that would be created, changed or removed", options_.publish.dry_run);
  add_flag("--exit-code", "Exit with 1 if anything changed or would change", exit_code_);
  add_flag("--force", "Overwrite files that were edited or not written by meshfedc", options_.publish.force);
  for (Argument& option : commit_options(options_.commit)) command.arguments.push_back(std::move(option));
  command.arguments.push_back(quiet_option(quiet_));
  command.arguments.push_back(format_option(format_));
  return command;
}

std::string BuildCommand::conflict() const {
  if (std::string twice = source_.conflict(); !twice.empty()) return twice;
  if (out_ != kStandardOutput ||
      !(options_.publish.dry_run || exit_code_ || options_.publish.force || options_.commit.commit))
    return "";
  return "-o - cannot be used with --dry-run, --exit-code, --force or --commit, which need a directory";
}

Exit BuildCommand::run(const Context& context) const {
  Session session(context, format_);
  session.be_quiet(quiet_);
  driver::Job job = session.job();
  driver::BuildOptions options = options_;
  const auto [file, out] = find_place(session, source_, out_);
  options.file = file;
  options.out = out;
  if (out == kStandardOutput) {
    const std::string stream = driver::build_stream(job, options);
    if (!session.failed()) session.print(stream);
    return session.finish();
  }
  options.cache = {.directory = cache_directory(context.environment), .version = MESHFEDC_VERSION};
  options.commit.environment = git_environment(context.environment, context.clock);
  options.commit.environment.run = context.run_program;
  options.commit.clock = &context.clock;
  ProgressLine line(context.terminal);
  if (!quiet_) job.progress = [&line](const driver::Progress& progress) { line.show(progress); };
  const driver::Built built = driver::build(job, options);
  line.clear();
  return report(session, built, out);
}

Exit BuildCommand::report(Session& session, const driver::Built& built, const std::string& out) const {
  const driver::Publication& publication = built.publication;
  const bool dry_run = options_.publish.dry_run;
  if (dry_run && !session.failed()) session.print(publication.listing(out));
  const bool failed = session.failed();
  const bool changed = built.commits && !dry_run ? !built.commit.empty() : publication.changed();
  const Exit exit = session.finish(exit_code_ && changed ? kChanged : kOk);
  if (failed) return exit;
  for (const std::string& remark : publication.remarks(out, dry_run)) session.say(remark);
  session.say(publication.summary(dry_run));
  if (!built.commits || dry_run) return exit;
  session.say(built.commit.empty() ? fmt::format("nothing to commit: {} is up to date", built.branch)
                                   : fmt::format("committed to {}: {}", built.branch, built.commit));
  return exit;
}

}  // namespace meshfed::cli
