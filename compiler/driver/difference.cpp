#include "driver/difference.hpp"

#include <optional>

#include "driver/analysis.hpp"
#include "driver/compare.hpp"

namespace meshfed::driver {

diff::Difference difference(const Job& job, base::Fs& before, const DiffOptions& options) {
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  if (!checked) return {};
  const std::vector<model::ClusterId> clusters =
      select(checked->resolved(), {.clusters = options.clusters, .shard = {}}, job.sink);
  if (job.failed()) return {};
  return compare_objects(job, before,
                         scopes_of(job, *checked, clusters, options.out, options.clusters.empty(), options.jobs));
}

}  // namespace meshfed::driver
