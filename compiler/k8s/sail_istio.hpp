// Istio of the Sail operator, which installs istiod from it.
// https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
#pragma once

#include <string>
#include <string_view>

#include "k8s/istio_values.hpp"

namespace meshfed::k8s {

struct SailIstio {
  static constexpr std::string_view kGroup = "sailoperator.io", kVersion = "v1", kKind = "Istio";

  Meta meta;             // without a namespace
  std::string version;   // "1.30.4"
  std::string strategy;  // "InPlace", "RevisionBased"
  IstioValues values;

  bool operator==(const SailIstio&) const = default;
};

yaml::Map spec(const SailIstio& istio);

}  // namespace meshfed::k8s
