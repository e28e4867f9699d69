#include "k8s/helm_repository.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

Map spec(const HelmRepository& repository) {
  return {
      {"interval", "24h"},
      {"url", repository.url},
  };
}

}  // namespace meshfed::k8s
