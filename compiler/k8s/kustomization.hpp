// Kustomization: the files and directories that are applied together; a file for kustomize, not an object.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::k8s {

struct Kustomization {
  std::vector<std::string> resources;  // relative paths, in the order they are written in

  bool operator==(const Kustomization&) const = default;
};

inline constexpr std::string_view kKustomizationName = "kustomization.yaml";

// The whole document.
yaml::Map document(const Kustomization& kustomization);

// By directory ("" is the top), what each one's kustomization.yaml lists if files stand at these paths: its files and
// subdirectories, in byte order. The top has one even if there are no files: kustomize accepts an empty list, and what
// was applied before is pruned.
std::map<std::string, Kustomization, std::less<>> kustomizations(const std::vector<std::string_view>& paths);

}  // namespace meshfed::k8s
