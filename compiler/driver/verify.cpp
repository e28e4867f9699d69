#include "driver/verify.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "driver/analysis.hpp"
#include "driver/publish_directory.hpp"
#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::driver {
namespace {

/// Some file systems know no modes and call every file executable: there the lock is, too.
void drop_modes_without_meaning(Publication& found) {
  for (std::size_t i = 0; i < found.clusters.size(); ++i) {
    std::vector<std::string>& executable = found.summaries[i].executable;
    const std::string lock = publish::below(found.clusters[i], publish::kLockName);
    if (std::binary_search(executable.begin(), executable.end(), lock)) executable.clear();
  }
}

}  // namespace

Publication verify(const Job& job, const VerifyOptions& options) {
  BuildCache cache(job, options.cache, options.file, options.out);
  if (std::optional<Publication> same = cache.nothing_to_do(options.jobs)) return std::move(*same);
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return {};
  const std::vector<model::ClusterId> clusters = select(checked->resolved(), {}, job.sink);
  const Scope scope{*checked, clusters, options.out, true, options.jobs};
  // What was edited by hand is different, and not more than that: nothing is to be overwritten.
  Publication found = publish_directory(job, scope,
                                        {.force = true,
                                         .dry_run = true,
                                         .find_unlisted = true,
                                         .environment = options.worktree ? &options.environment : nullptr},
                                        cache.record);
  if (options.worktree) drop_modes_without_meaning(found);
  return found;
}

}  // namespace meshfed::driver
