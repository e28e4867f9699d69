#include "unit/k8s/expect_yaml.hpp"

namespace meshfed::k8s {
namespace {

TEST_CASE("Gateway: an east-west gateway that Istio deploys") {
  expect_yaml(
      Gateway{.meta = {.name = "eastwest-gateway",
                       .ns = "istio-system",
                       .labels = {{"app.kubernetes.io/part-of", "demo"}, {"app.kubernetes.io/managed-by", "meshfedc"}}},
              .class_name = "istio",
              .infrastructure = {.labels = {{"topology.istio.io/network", "west-network"}},
                                 .annotations = {{"example.com/pool", "edge"}},
                                 .parameters = "gateway-options"},
              .listeners = {{.name = "cross-network", .port = 15443}}},
      R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: eastwest-gateway
  namespace: istio-system
  labels:
    app.kubernetes.io/managed-by: meshfedc
    app.kubernetes.io/part-of: demo
spec:
  gatewayClassName: istio
  infrastructure:
    labels:
      topology.istio.io/network: west-network
    annotations:
      example.com/pool: edge
    parametersRef:
      group: ""
      kind: ConfigMap
      name: gateway-options
  listeners:
  - name: cross-network
    port: 15443
    protocol: TLS
    tls:
      mode: Passthrough
    allowedRoutes:
      namespaces:
        from: Same
)");
}

TEST_CASE("Gateway: a remote network") {
  expect_yaml(Gateway{.meta = {.name = "network-west-network",
                               .ns = "istio-system",
                               .labels = {{"topology.istio.io/network", "west-network"}}},
                      .class_name = "istio-remote",
                      .addresses = {{.type = Gateway::AddressType::IPAddress, .value = "172.18.255.1"},
                                    {.type = Gateway::AddressType::Hostname, .value = "west.example.com"}},
                      .listeners = {{.name = "cross-network",
                                     .port = 15443,
                                     .tls_options = {{"gateway.istio.io/listener-protocol", "auto-passthrough"}}}}},
              R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: network-west-network
  namespace: istio-system
  labels:
    topology.istio.io/network: west-network
spec:
  gatewayClassName: istio-remote
  addresses:
  - type: IPAddress
    value: "172.18.255.1"
  - type: Hostname
    value: west.example.com
  listeners:
  - name: cross-network
    port: 15443
    protocol: TLS
    tls:
      mode: Passthrough
      options:
        gateway.istio.io/listener-protocol: auto-passthrough
    allowedRoutes:
      namespaces:
        from: Same
)");
}

TEST_CASE("IstioGateway") {
  expect_yaml(IstioGateway{.meta = {.name = "eastwest-gateway", .ns = "istio-system"},
                           .selector = {{"gateway.networking.k8s.io/gateway-name", "eastwest-gateway"}},
                           .servers = {{.port_name = "tls",
                                        .port = 15443,
                                        .hosts = {"httpbin.mesh.global"},
                                        .tls_mode = IstioGateway::TlsMode::AutoPassthrough},
                                       {.port_name = "tls-west-network",
                                        .port = 15444,
                                        .hosts = {"*.httpbin.mesh.global"},
                                        .tls_mode = IstioGateway::TlsMode::Passthrough}}},
              R"(
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: eastwest-gateway
  namespace: istio-system
spec:
  selector:
    gateway.networking.k8s.io/gateway-name: eastwest-gateway
  servers:
  - port:
      name: tls
      number: 15443
      protocol: TLS
    hosts:
    - httpbin.mesh.global
    tls:
      mode: AUTO_PASSTHROUGH
  - port:
      name: tls-west-network
      number: 15444
      protocol: TLS
    hosts:
    - "*.httpbin.mesh.global"
    tls:
      mode: PASSTHROUGH
)");
}

}  // namespace
}  // namespace meshfed::k8s
