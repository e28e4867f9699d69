// ConfigMap: text by key.
// https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/
#pragma once

#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct ConfigMap {
  static constexpr std::string_view kGroup = "", kVersion = "v1", kKind = "ConfigMap";

  Meta meta;
  StringMap data;

  bool operator==(const ConfigMap&) const = default;
};

yaml::Map body(const ConfigMap& config_map);

}  // namespace meshfed::k8s
