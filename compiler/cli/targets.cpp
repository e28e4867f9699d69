#include "cli/targets.hpp"

#include <algorithm>
#include <utility>

#include "publish/output.hpp"

namespace meshfed::cli {

Targets targets_of(base::Fs& fs, const std::string& out, const model::World& world,
                   const std::vector<model::ClusterId>& chosen, bool retire) {
  Targets targets;
  const publish::Listing listing = publish::list_output(fs, out);
  targets.problem = listing.problem;
  for (const model::ClusterId id : chosen) {
    const std::string& name = world.cluster(id).name.value;
    targets.clusters.push_back({name, id, !listing.problem && listing.lacks(name)});
  }
  if (retire) {
    const auto declared = [&world](const std::string& name) { return world.find_cluster(name) != model::kNone; };
    for (std::string& name : publish::retired_clusters(fs, out, listing, *world.federation.name, declared))
      targets.clusters.push_back({std::move(name), std::nullopt});
  }
  std::sort(targets.clusters.begin(), targets.clusters.end(),
            [](const Target& a, const Target& b) { return a.cluster < b.cluster; });
  return targets;
}

}  // namespace meshfed::cli
