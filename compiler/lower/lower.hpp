// A checked federation and one cluster in, that cluster's objects out. Total: it cannot fail and reports nothing. Works
// on one cluster at a time, so clusters can be lowered in parallel and in any order.
#pragma once

#include "check/checked.hpp"
#include "k8s/plan.hpp"
#include "model/world.hpp"

namespace meshfed::lower {

/// What the cluster gets, file by file (design: one file per intent). Safe to call from several threads.
k8s::ClusterPlan lower(const check::Checked& checked, model::ClusterId cluster);

}  // namespace meshfed::lower
