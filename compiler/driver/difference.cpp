#include "driver/difference.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "driver/analysis.hpp"
#include "driver/compare.hpp"
#include "parse/load.hpp"

namespace meshfed::driver {
namespace {

diff::Discovered discovered(diff::Action action, const model::Export& exported, const source::Manager& files) {
  const source::Place place = files.begin(exported.discovered->service);
  return {action, *exported.name, exported.discovered->table, fmt::format("{}:{}", place.path, place.line)};
}

/// Those of `some` that were discovered, and are no exports of `others`. Both are in the order of names.
void add_missing(diff::Action action, const std::vector<model::Export>& some, const source::Manager& files,
                 const std::vector<model::Export>& others, std::vector<diff::Discovered>& found) {
  const auto name_of = [](const model::Export& exported) -> const std::string& { return *exported.name; };
  for (const model::Export& exported : some) {
    if (exported.discovered && !std::ranges::binary_search(others, *exported.name, {}, name_of))
      found.push_back(discovered(action, exported, files));
  }
}

/// What discovery finds now and did not then, and the other way round. Nothing if there was no federation then, or none
/// that can be read: a branch may hold the published tree alone.
std::vector<diff::Discovered> came_and_went(const Job& job, base::Fs& before, const model::Federation& now,
                                            const DiffOptions& options) {
  source::Manager files;
  diag::Sink unseen;  // what was wrong then is wrong no more, or is reported of what is now
  const std::optional<model::Federation> then = parse::load(before, options.file, files, unseen, options.jobs);
  if (!then) return {};
  std::vector<diff::Discovered> found;
  add_missing(diff::Action::add, now.exports, job.files, then->exports, found);
  add_missing(diff::Action::remove, then->exports, files, now.exports, found);
  std::ranges::stable_sort(found, {}, &diff::Discovered::name);
  return found;
}

}  // namespace

diff::Difference difference(const Job& job, base::Fs& before, const DiffOptions& options) {
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return {};
  const std::vector<model::ClusterId> clusters =
      select(checked->resolved(), {.clusters = options.clusters, .shard = {}}, job.sink);
  if (job.failed()) return {};
  diff::Difference found = compare_objects(
      job, before, scopes_of(job, *checked, clusters, options.out, options.clusters.empty(), options.jobs));
  if (&before != &job.fs && !job.failed())
    found.discovered = came_and_went(job, before, checked->resolved().federation, options);
  return found;
}

}  // namespace meshfed::driver
