// HelmRelease of Flux: one Helm chart, applied to its own cluster.
// https://fluxcd.io/flux/components/helm/helmreleases/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct HelmRelease {
  static constexpr std::string_view kGroup = "helm.toolkit.fluxcd.io", kVersion = "v2", kKind = "HelmRelease";

  Meta meta;
  std::string chart;
  std::string version;
  std::string repository;  // a HelmRepository in the same namespace
  std::string after = {};  // another one in the same namespace, which comes first
  yaml::Map values;

  bool operator==(const HelmRelease&) const = default;
};

yaml::Map spec(const HelmRelease& release);

}  // namespace meshfed::k8s
