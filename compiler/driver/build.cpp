#include "driver/build.hpp"

#include <vector>

#include <fmt/format.h>

#include "base/pool.hpp"
#include "base/recording_fs.hpp"
#include "driver/analysis.hpp"
#include "driver/git_rules.hpp"
#include "driver/publish_directory.hpp"

namespace meshfed::driver {
namespace {

/// Publishes to the directory, and remembers what is there for the next build.
Publication write(const Job& job, const std::vector<Scope>& scopes, const BuildOptions& options, const Source& source,
                  BuildCache& cache) {
  PublishOptions publish = options.publish;
  publish.environment = &options.commit.environment;
  Publication done = publish_directory(job, scopes, publish, cache.record);
  if (options.publish.dry_run || job.failed()) return done;
  std::size_t directories = 0;
  for (const Scope& scope : scopes) {
    directories += scope.clusters.size();
    if (!options.commit.commit)
      report_ignored(job, options.commit.environment, scope.out, done.clusters_of(scope.part));
  }
  const bool silent = job.sink.warnings() == 0 && cache.record.clusters.size() == directories;
  if (options.whole() && silent) cache.record.inputs = source.reads;
  cache.save();
  return done;
}

std::string streams(const check::Checked& checked, const std::vector<model::ClusterId>& clusters, unsigned jobs) {
  std::vector<std::string> streams(clusters.size());
  base::for_each_index(clusters.size(), jobs, [&](std::size_t i) { streams[i] = stream(checked, clusters[i]); });
  if (streams.size() == 1) return streams.front();
  std::string all;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    all += fmt::format("# cluster: {}\n", checked.resolved().cluster(clusters[i]).name.value);
    if (!streams[i].empty()) all += "---\n";
    all += streams[i];
    streams[i] = {};
  }
  return all;
}

}  // namespace

Built build(const Job& job, const BuildOptions& options) {
  BuildCache cache(job, options.cache, options.file, options.out);
  const bool may_know = options.whole() && !options.commit.commit;
  if (auto same = may_know ? cache.nothing_to_do(options.jobs) : std::nullopt) return {.publication = std::move(*same)};
  base::RecordingFs recorder(job.fs);
  const std::optional<check::Checked> checked = analyse(job.reading_from(recorder), options.file, options.jobs);
  if (!checked) return {};
  const std::vector<model::ClusterId> clusters = select(checked->resolved(), options.selection, job.sink);
  if (job.failed()) return {};
  const std::vector<base::Observation> reads = recorder.observations();
  const Source source{options.file, reads};
  const std::vector<Scope> scopes = scopes_of(job, *checked, clusters, options.out, options.whole(), options.jobs);
  if (job.failed()) return {};
  if (!options.commit.commit) return {.publication = write(job, scopes, options, source, cache)};
  Committed done = publish_branch(job, scopes, source, options.publish, options.commit,
                                  [&] { write(job, scopes, options, source, cache); });
  return {std::move(done.publication), true, std::move(done.branch), std::move(done.id)};
}

std::string build_stream(const Job& job, const BuildOptions& options) {
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return "";
  const std::vector<model::ClusterId> clusters = select(checked->resolved(), options.selection, job.sink);
  return job.failed() ? "" : streams(*checked, clusters, options.jobs);
}

}  // namespace meshfed::driver
