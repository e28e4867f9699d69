// Rules about what Kubernetes, Gateway API, Envoy and kustomize can take of what is generated. See check/rules.hpp.
#pragma once

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::bounds {

/// objects.cpp (05): names of generated objects.
void check_objects(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// limits.cpp (08): numbers and sizes.
void check_limits(const model::ResolvedFederation& resolved, diag::Sink& sink);

}  // namespace meshfed::bounds
