// Namespace: only its name, labels and annotations.
// https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
#pragma once

#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct Namespace {
  static constexpr std::string_view kGroup = "", kVersion = "v1", kKind = "Namespace";

  Meta meta;  // without a namespace

  bool operator==(const Namespace&) const = default;
};

yaml::Map body(const Namespace& ns);

}  // namespace meshfed::k8s
