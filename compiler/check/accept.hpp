// `accept`: warnings that are known and meant.
#pragma once

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::check {

/// Drops each warning whose code the federation accepts, or the export or cluster that it is about (the cluster's mesh
/// and the defaults speak for it). Then reports every `accept` of an error (MF0312), of no code (MF0313), and every one
/// that silenced nothing (MF0311). Call after all rules. A warning about several clusters is one report for each, with
/// one message and one span: those that nobody accepts are printed once.
void apply_accepts(const model::ResolvedFederation& resolved, diag::Sink& sink);

}  // namespace meshfed::check
