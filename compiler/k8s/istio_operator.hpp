// IstioOperator: what `istioctl install -f` reads. No cluster knows the kind: it is never applied.
// https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
#pragma once

#include <string>
#include <string_view>

#include "k8s/istio_values.hpp"

namespace meshfed::k8s {

struct IstioOperator {
  static constexpr std::string_view kGroup = "install.istio.io", kVersion = "v1alpha1", kKind = "IstioOperator";

  Meta meta;
  std::string version;  // of the images: "1.30.4"
  IstioValues values;

  bool operator==(const IstioOperator&) const = default;
};

yaml::Map spec(const IstioOperator& iop);

}  // namespace meshfed::k8s
