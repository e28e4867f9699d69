#include "k8s/sail_istio.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

// The operator sets the revision itself, after the object's name.
Map spec(const SailIstio& istio) {
  return {
      {"version", "v" + istio.version},
      {"namespace", istio.values.ns},
      {"updateStrategy", Map{{"type", istio.strategy}}},
      {"values", istiod_values_without_revision(istio.values)},
  };
}

}  // namespace meshfed::k8s
