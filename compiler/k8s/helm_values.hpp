// A values file for `helm install`. No object of Kubernetes: it has no kind, and is named after its file.
// https://helm.sh/docs/chart_template_guide/values_files/
#pragma once

#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct HelmValues {
  static constexpr std::string_view kGroup = "", kVersion = "", kKind = "HelmValues";

  Meta meta;  // only the name: of the chart
  yaml::Map content;

  bool operator==(const HelmValues&) const = default;
};

/// What the names of these files end with, after the chart's.
inline constexpr std::string_view kHelmValuesSuffix = "-values.yaml";

}  // namespace meshfed::k8s
