#include "unit/k8s/expect_yaml.hpp"

namespace meshfed::k8s {
namespace {

TEST_CASE("Route: passed through, with what the API server would add") {
  expect_yaml(Route{.meta = {.name = "a-80.b", .ns = "istio-system"},
                    .host = "a-80.b",
                    .service = "eastwest-gateway-istio",
                    .target_port = 15443},
              R"(
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: a-80.b
  namespace: istio-system
spec:
  host: a-80.b
  to:
    kind: Service
    name: eastwest-gateway-istio
    weight: 100
  port:
    targetPort: 15443
  tls:
    termination: passthrough
  wildcardPolicy: None
)");
}

TEST_CASE("EnvoyFilter: another server name for a filter chain") {
  expect_yaml(EnvoyFilter{.meta = {.name = "a-80.b", .ns = "istio-system"},
                          .workload_selector = {{"istio", "eastwestgateway"}},
                          .listener_port = 15443,
                          .sni = "outbound_.80_._.a.b",
                          .server_names = {"a-80.b"}},
              R"(
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: a-80.b
  namespace: istio-system
spec:
  workloadSelector:
    labels:
      istio: eastwestgateway
  configPatches:
  - applyTo: FILTER_CHAIN
    match:
      context: GATEWAY
      listener:
        portNumber: 15443
        filterChain:
          sni: outbound_.80_._.a.b
    patch:
      operation: MERGE
      value:
        filter_chain_match:
          server_names:
          - a-80.b
)");
}

}  // namespace
}  // namespace meshfed::k8s
