// The pages that show.hpp puts together, for the files of this folder only: a page for people, and the same as JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "graph/page.hpp"
#include "model/resolved_federation.hpp"
#include "source/manager.hpp"

namespace meshfed::graph {

using Json = nlohmann::ordered_json;

struct Shown {
  Page page;
  Json json;
};

struct Showing {
  const model::ResolvedFederation& resolved;
  const source::Manager& files;
};

Shown show_cluster(const Showing& showing, model::ClusterId id, const std::vector<std::string>& written);
Shown show_export(const Showing& showing, model::ExportId id);

/// The ports of an export, in their order; a list of exports says them, too.
Json ports_json(const model::Export& exported);

/// One remote source of a consumer, or its own workloads.
Json source_json(const Showing& showing, model::ClusterId cluster, model::ExportId exported);

/// "direct" and the like for each source of a consumer, its own workloads first: NETWORK, WAY, WEIGHT.
std::vector<std::vector<std::string>> source_rows(const Showing& showing, model::ClusterId cluster,
                                                  model::ExportId exported);

}  // namespace meshfed::graph
