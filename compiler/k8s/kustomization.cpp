#include "k8s/kustomization.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

yaml::Map document(const Kustomization& kustomization) {
  return {
      {"apiVersion", "kustomize.config.k8s.io/v1beta1"},
      {"kind", "Kustomization"},
      {"resources", kustomization.resources},
  };
}

}  // namespace meshfed::k8s
