#include "k8s/meta.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;

yaml::Map to_yaml(const Meta& meta) {
  return {
      {"name", meta.name},
      {"namespace", if_any(meta.ns)},
      {"labels", if_any(meta.labels)},
      {"annotations", if_any(meta.annotations)},
  };
}

const StringMap& kept() {
  static const StringMap kAnnotations = {{"argocd.argoproj.io/sync-options", "Prune=false,Delete=false"},
                                         {"kustomize.toolkit.fluxcd.io/prune", "disabled"}};
  return kAnnotations;
}

}  // namespace meshfed::k8s
