// Application of Argo CD: one Helm chart, applied to one cluster.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct ArgoApplication {
  static constexpr std::string_view kGroup = "argoproj.io", kVersion = "v1alpha1", kKind = "Application";

  Meta meta;
  std::string repository;
  std::string chart;
  std::string version;
  std::string release;
  yaml::Map values;
  std::string cluster;     // as Argo CD knows it
  std::string namespace_;  // there; created with these labels
  StringMap namespace_labels;

  bool operator==(const ArgoApplication&) const = default;
};

yaml::Map spec(const ArgoApplication& application);

}  // namespace meshfed::k8s
