#include "k8s/peer_authentication.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

namespace {

const char* spelling(PeerAuthentication::Mode mode) {
  switch (mode) {
    case PeerAuthentication::Mode::Strict:
      return "STRICT";
    case PeerAuthentication::Mode::Permissive:
      return "PERMISSIVE";
  }
  __builtin_unreachable();
}

}  // namespace

Map spec(const PeerAuthentication& authentication) { return {{"mtls", Map{{"mode", spelling(authentication.mode)}}}}; }

}  // namespace meshfed::k8s
