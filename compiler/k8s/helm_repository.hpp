// HelmRepository of Flux: where charts come from.
// https://fluxcd.io/flux/components/source/helmrepositories/
#pragma once

#include <string>
#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct HelmRepository {
  static constexpr std::string_view kGroup = "source.toolkit.fluxcd.io", kVersion = "v1", kKind = "HelmRepository";

  Meta meta;
  std::string url;

  bool operator==(const HelmRepository&) const = default;
};

yaml::Map spec(const HelmRepository& repository);

}  // namespace meshfed::k8s
