// PeerAuthentication: whether workloads accept plain text besides mTLS; in the root namespace, for the whole mesh.
// https://istio.io/latest/docs/reference/config/security/peer_authentication/
#pragma once

#include <string_view>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct PeerAuthentication {
  static constexpr std::string_view kGroup = "security.istio.io", kVersion = "v1", kKind = "PeerAuthentication";

  enum class Mode { Strict, Permissive };

  Meta meta;
  Mode mode;

  bool operator==(const PeerAuthentication&) const = default;
};

yaml::Map spec(const PeerAuthentication& authentication);

}  // namespace meshfed::k8s
