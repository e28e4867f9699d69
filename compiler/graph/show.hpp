// `meshfedc show` without a command line: all that a federation says of one thing.
#pragma once

#include <string>
#include <vector>

#include "graph/names.hpp"
#include "graph/page.hpp"
#include "model/resolved_federation.hpp"
#include "source/manager.hpp"

namespace meshfed::graph {

/// The thing exists. `written` are the files of a cluster, which only lowering knows; of anything else none.
std::string show(const model::ResolvedFederation& resolved, const source::Manager& files, const Named& thing,
                 const std::vector<std::string>& written, Form form);

}  // namespace meshfed::graph
