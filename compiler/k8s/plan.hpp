// What lowering decides about one cluster: which file holds which objects, in which order.
#pragma once

#include <string>
#include <vector>

#include "k8s/resource.hpp"

namespace meshfed::k8s {

struct File {
  std::string path;                 // relative to the cluster's directory, `/` between its parts
  std::vector<Resource> resources;  // at least one, in the order they stand in the file
  // Not empty: every file of this name holds the same, in whatever cluster. `resources` may then be empty too: whoever
  // asked for the plan has that file already.
  std::string shared = {};

  bool operator==(const File&) const = default;
};

// Owns its resources, knows nothing of other clusters. Files may come in any order; their paths differ from each other.
struct ClusterPlan {
  std::string cluster;
  bool kustomization = true;  // also write the files that list the others, for kustomize
  std::vector<File> files;

  bool operator==(const ClusterPlan&) const = default;
};

}  // namespace meshfed::k8s
