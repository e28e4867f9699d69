#include "k8s/istio_operator.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;
using yaml::Map;

namespace {

/// istioctl takes it from the spec.
Map without_revision(IstioValues values) {
  values.revision.clear();
  return istiod_values(values);
}

}  // namespace

// The profile `default` would also deploy an ingress gateway.
Map spec(const IstioOperator& iop) {
  return {
      {"profile", "minimal"},
      {"tag", iop.version},
      {"namespace", iop.values.ns},
      {"revision", if_any(iop.values.revision)},
      {"values", without_revision(iop.values)},
  };
}

}  // namespace meshfed::k8s
