#include "k8s/sail_istio.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

namespace {

/// The operator sets the revision itself, after the object's name.
Map without_revision(IstioValues values) {
  values.revision.clear();
  return istiod_values(values);
}

}  // namespace

Map spec(const SailIstio& istio) {
  return {
      {"version", "v" + istio.version},
      {"namespace", istio.values.ns},
      {"updateStrategy", Map{{"type", istio.strategy}}},
      {"values", without_revision(istio.values)},
  };
}

}  // namespace meshfed::k8s
