// Plan to bytes. The same plan gives the same bytes, whatever the order of its files.
#pragma once

#include <string>

#include "emit/tree.hpp"
#include "k8s/plan.hpp"

namespace meshfed::emit {

// One file per file of the plan, its documents joined by `---`. Unless the plan says no, a `kustomization.yaml` besides
// in each directory that holds a file, directly or deeper, the cluster's own among them; each lists its files and its
// subdirectories. A plan without files has none: kustomize refuses an empty list.
Tree render(const k8s::ClusterPlan& plan);

// The same objects in the same order as one YAML stream, for a reader that wants no files. Empty for a plan without
// files.
std::string stream(const k8s::ClusterPlan& plan);

}  // namespace meshfed::emit
