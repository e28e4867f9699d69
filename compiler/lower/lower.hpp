// A checked federation and one cluster in, that cluster's objects out. Total: it cannot fail and reports nothing. Works
// on one cluster at a time, so clusters can be lowered in parallel and in any order.
#pragma once

#include <functional>
#include <string_view>

#include "check/checked.hpp"
#include "k8s/plan.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::lower {

/// Whether the caller has what a `k8s::File::shared` names. Called from the thread that lowers.
using Known = std::function<bool(std::string_view shared)>;

/// What the cluster gets, file by file: one file for each host, so that a pull request that adds an export adds one
/// file per cluster. A host that is only imported is the same file in most of its consumers: what `known` says yes to
/// is left without objects, which are most of the work. Safe to call from several threads.
k8s::ClusterPlan lower(const check::Checked& checked, model::ClusterId cluster, const Known& known);

}  // namespace meshfed::lower
