// What installs the istiod of a cluster that asks for it: values of Istio's charts, in the words of whoever applies
// them. Beside lower: what that writes is applied to a mesh that is there.
#pragma once

#include <string>

#include "check/checked.hpp"
#include "k8s/istio_values.hpp"
#include "k8s/plan.hpp"

namespace meshfed::install {

/// The cluster's tree; it asks for one (model::ResolvedFederation::installs). Total: a checked federation always has
/// one. Safe to call from several threads.
k8s::ClusterPlan plan(const check::Checked& checked, model::ClusterId cluster);

/// What the federation says of the cluster's istiod, whoever installs it.
k8s::IstioValues values_of(const model::ResolvedFederation& resolved, model::ClusterId cluster);

}  // namespace meshfed::install
