// Names to ids, and the roles of clusters for each export: from, merge, to, sources, consumers.
#pragma once

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::resolve {

/// Looks up every name that a table gives another, reports those that are not declared, and works out the roles of what
/// is left. Does not report what a rule reports.
model::ResolvedFederation resolve(model::Federation federation, diag::Sink& sink);

}  // namespace meshfed::resolve
