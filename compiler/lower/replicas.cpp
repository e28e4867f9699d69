// How many pods a gateway has: parameters of its deployment.
#include <fmt/core.h>

#include "lower/context.hpp"

namespace meshfed::lower {
namespace {

/// istiod merges each key into the object of that kind, and deploys nothing at all if it does not know a key. Beside an
/// autoscaler no number is said: istiod would set it again at every event. The budget lets nodes be drained one pod at
/// a time. No text ends with a line break: some readers of files with several documents take off the last one.
k8s::ConfigMap parameters(const Context& context, const k8s::Gateway& gateway, const model::Replicas& replicas) {
  k8s::StringMap data = {{"podDisruptionBudget", "spec:\n  maxUnavailable: 1"}};
  if (replicas.range) {
    data["horizontalPodAutoscaler"] =
        fmt::format("spec:\n  minReplicas: {}\n  maxReplicas: {}", *replicas.min, *replicas.max);
  } else {
    data["deployment"] = fmt::format("spec:\n  replicas: {}", *replicas.min);
  }
  return {.meta = context.meta(model::parameters_name(gateway.meta.name), gateway.meta.ns), .data = std::move(data)};
}

}  // namespace

void add_deployment(const Context& context, k8s::Gateway gateway, const model::Value<model::Replicas>& replicas,
                    std::vector<k8s::Resource>& resources) {
  if (replicas.given()) {
    k8s::ConfigMap config_map = parameters(context, gateway, *replicas);
    gateway.infrastructure.parameters = config_map.meta.name;
    resources.emplace_back(std::move(config_map));
  }
  resources.emplace_back(std::move(gateway));
}

}  // namespace meshfed::lower
