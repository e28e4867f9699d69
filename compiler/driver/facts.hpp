// What the source of a federation says beside the manifests that it compiles to.
#pragma once

#include "interpret/facts.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::driver {

/// What is declared; and what follows where everybody does as declared: each export has workloads where it is served,
/// and each mesh accepts the trust domains of its callers.
interpret::Facts facts_of(const model::ResolvedFederation& resolved);

}  // namespace meshfed::driver
