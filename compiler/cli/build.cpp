#include "cli/build.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/pool.hpp"
#include "base/recording_fs.hpp"
#include "cli/analysis.hpp"
#include "cli/memo_file.hpp"
#include "cli/publication.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(A cluster's directory belongs to the compiler: what it wrote there before and does not
write any more is removed, and what somebody edited is refused. Without --cluster and
--shard, so are clusters that are not declared any more.

Exit status: 0 done; 1 with --exit-code, something changed; 2 the input is wrong;
3 refused; 4 reading or writing failed; 64 the command line is wrong.

Examples:
  meshfedc build
  meshfedc build -f prod/federation.toml -o deploy/prod
  meshfedc build --dry-run --exit-code           # is there anything to do?
  meshfedc build --cluster east-cluster -o -     # to standard output
  meshfedc build --shard 2/8                     # the second eighth of the clusters
  meshfedc build --commit                        # and commit out/, nothing else
  meshfedc build --commit --branch rendered      # to a branch, without a working tree
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
          .meaning = "Only the I-th of N equal parts of the clusters",
          .target = [&selection](const std::string& text) { selection.shard = parse_shard(text); },
          .value = "I/N",
          .flaw =
              [](const std::string& text) {
                return parse_shard(text) ? "" : fmt::format("write I/N, as in 2/8, not {}", text);
              }};
}

std::string yaml_streams(const check::Checked& checked, const std::vector<model::ClusterId>& clusters, unsigned jobs) {
  std::vector<std::string> streams(clusters.size());
  base::for_each_index(clusters.size(), jobs,
                       [&](std::size_t i) { streams[i] = driver::stream(checked, clusters[i]); });
  if (streams.size() == 1) return streams.front();
  std::string all;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    all += fmt::format("# cluster: {}\n", checked.world().cluster(clusters[i]).name.value);
    if (!streams[i].empty()) all += "---\n";
    all += streams[i];
    streams[i] = {};
  }
  return all;
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

BuildCommand::BuildCommand() : jobs_(default_jobs()) {}

Command BuildCommand::declare() {
  Command command{
      .name = "build",
      .description = "Compile a federation and publish what each cluster gets",
      .footer = kFooter,
      .arguments = {source_option(file_),
                    output_option(out_, "The output directory, or - for one YAML stream on standard output"),
                    clusters_option(selection_.clusters), shard_option(selection_), jobs_option(jobs_)},
      .conflict = [this] { return conflict(); },
      .run = [this](const Context& context) { return run(context); }};
  const auto add_flag = [&](const char* name, const char* meaning, bool& flag) {
    command.arguments.push_back({.names = {name}, .meaning = meaning, .target = &flag});
  };
  add_flag("--dry-run", "Only list what would be created, changed and removed", dry_run_);
  add_flag("--exit-code", "Exit with 1 if anything changed, or would", exit_code_);
  add_flag("--force", "Overwrite files that were edited by hand or are not ours", force_);
  for (Argument& option : commit_options(commit_)) command.arguments.push_back(std::move(option));
  command.arguments.push_back(format_option(format_));
  return command;
}

std::string BuildCommand::conflict() const {
  if (out_ != kStandardOutput || !(dry_run_ || exit_code_ || force_ || commit_.commit)) return "";
  return "-o - excludes --dry-run, --exit-code, --force and --commit, which are about a directory";
}

Exit BuildCommand::run(const Context& context) const {
  Session session(context, format_);
  if (out_ != kStandardOutput) return publish(session);
  const std::optional<check::Checked> checked = analyse(session, file_, jobs_);
  if (!checked) return session.finish();
  const std::vector<model::ClusterId> clusters = driver::select(checked->world(), selection_, session.sink());
  if (session.sink().errors() > 0) return session.finish();
  return print(session, *checked, clusters);
}

Exit BuildCommand::print(Session& session, const check::Checked& checked,
                         const std::vector<model::ClusterId>& clusters) const {
  session.print(yaml_streams(checked, clusters, jobs_));
  return session.finish();
}

PublishOptions BuildCommand::publish_options() const {
  const bool whole = selection_.clusters.empty() && !selection_.shard;
  return {.out = out_, .force = force_, .dry_run = dry_run_, .retire = whole, .jobs = jobs_};
}

Exit BuildCommand::publish(Session& session) const {
  MemoFile memo(session.context(), file_, out_);
  const PublishOptions options = publish_options();
  const bool may_know = options.retire && !commit_.commit;
  if (const std::optional<Publication> same = may_know ? memo.nothing_to_do(jobs_) : std::nullopt)
    return report(session, *same);
  base::RecordingFs recorder(session.context().fs);
  const std::optional<check::Checked> checked = analyse(session, file_, jobs_, recorder);
  if (!checked) return session.finish();
  const std::vector<model::ClusterId> clusters = driver::select(checked->world(), selection_, session.sink());
  if (session.sink().errors() > 0) return session.finish();
  const std::vector<base::Observation> reads = recorder.observations();
  const Source source{file_, reads, *checked, clusters};
  if (!commit_.commit) return report(session, write(session, source, memo));
  return report(session, commit_clusters(session, source, options, commit_, [&] { write(session, source, memo); }));
}

Publication BuildCommand::write(Session& session, const Source& source, MemoFile& memo) const {
  const PublishOptions options = publish_options();
  Publication done = publish_clusters(session, source.checked, source.clusters, options, memo.memo);
  if (!dry_run_ && session.sink().errors() == 0) {
    const bool silent = session.sink().warnings() == 0 && memo.memo.clusters.size() == source.clusters.size();
    if (options.retire && silent) memo.memo.inputs = source.reads;
    memo.save();
  }
  return done;
}

Exit BuildCommand::report(Session& session, const Publication& done) const {
  if (dry_run_ && session.sink().errors() == 0) session.print(done.listing(out_));
  const bool failed = session.sink().errors() > 0;
  const Exit exit = session.finish(exit_code_ && done.changed() ? kChanged : kOk);
  if (failed) return exit;
  for (const std::string& remark : done.remarks(out_, dry_run_)) session.say(remark);
  session.say(done.summary(dry_run_));
  return exit;
}

Exit BuildCommand::report(Session& session, const Committed& done) const {
  const Publication& publication = done.publication;
  if (dry_run_ && session.sink().errors() == 0) session.print(publication.listing(out_));
  const bool failed = session.sink().errors() > 0;
  const bool changed = dry_run_ ? publication.changed() : !done.id.empty();
  const Exit exit = session.finish(exit_code_ && changed ? kChanged : kOk);
  if (failed) return exit;
  for (const std::string& remark : publication.remarks(out_, dry_run_)) session.say(remark);
  session.say(publication.summary(dry_run_));
  if (dry_run_) return exit;
  session.say(done.id.empty() ? fmt::format("nothing to commit: {} holds this already", done.branch)
                              : fmt::format("committed to {}: {}", done.branch, done.id));
  return exit;
}

}  // namespace meshfed::cli
