#include "driver/verify.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "driver/analysis.hpp"
#include "driver/publish_directory.hpp"

namespace meshfed::driver {

Publication verify(const Job& job, const VerifyOptions& options) {
  BuildCache cache(job, options.cache, options.file, options.out);
  if (std::optional<Publication> same = cache.nothing_to_do(options.jobs)) return std::move(*same);
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return {};
  const std::vector<model::ClusterId> clusters = select(checked->resolved(), {}, job.sink);
  const std::vector<Scope> scopes = scopes_of(job, *checked, clusters, options.out, true, options.jobs);
  // What was edited by hand is different, and not more than that: nothing is to be overwritten.
  Publication found = publish_directory(job, scopes,
                                        {.force = true,
                                         .dry_run = true,
                                         .find_unlisted = true,
                                         .environment = options.worktree ? &options.environment : nullptr},
                                        cache.record);
  if (!options.worktree) return found;
  for (std::size_t i = 0; i < found.clusters.size(); ++i)
    drop_modes_without_meaning(found.clusters[i], found.summaries[i]);
  return found;
}

}  // namespace meshfed::driver
