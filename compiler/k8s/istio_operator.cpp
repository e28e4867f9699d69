#include "k8s/istio_operator.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;
using yaml::Map;

// The profile `default` would also deploy an ingress gateway. istioctl takes the revision from the spec.
Map spec(const IstioOperator& iop) {
  return {
      {"profile", "minimal"},
      {"tag", iop.version},
      {"namespace", iop.values.ns},
      {"revision", if_any(iop.values.revision)},
      {"values", istiod_values_without_revision(iop.values)},
  };
}

}  // namespace meshfed::k8s
