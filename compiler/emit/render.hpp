// Plan to bytes. The same plan gives the same bytes, whatever the order of its files.
#pragma once

#include <string>

#include "emit/store.hpp"
#include "emit/tree.hpp"
#include "k8s/plan.hpp"

namespace meshfed::emit {

// One file per file of the plan, its documents joined by `---`. Unless the plan says no, a `kustomization.yaml` besides
// in the cluster's directory and in each one below that holds a file, directly or deeper: it lists its directory's
// files and subdirectories. A plan without files still has the cluster's, with an empty list: kustomize accepts that,
// and what was applied before is pruned. Contents that the plan calls shared are taken from the store, or added to it;
// it outlives the tree.
Tree render(const k8s::ClusterPlan& plan, Store& store);

// The same objects in the same order as one YAML stream, without the lists. Empty for a plan without files. No file of
// the plan lacks its objects.
std::string stream(const k8s::ClusterPlan& plan);

}  // namespace meshfed::emit
