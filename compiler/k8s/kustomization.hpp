// Kustomization: the files and directories that are applied together; a file for kustomize, not an object.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/
#pragma once

#include <string>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::k8s {

struct Kustomization {
  std::vector<std::string> resources;  // relative paths, in the order they are written in

  bool operator==(const Kustomization&) const = default;
};

// The whole document.
yaml::Map document(const Kustomization& kustomization);

}  // namespace meshfed::k8s
