#include "unit/k8s/expect_yaml.hpp"

namespace meshfed::k8s {
namespace {

TEST_CASE("ServiceEntry: selected workloads") {
  expect_yaml(ServiceEntry{.meta = {.name = "httpbin.mesh.global", .ns = "httpbin"},
                           .hosts = {"httpbin.mesh.global"},
                           .addresses = {"240.0.0.1"},
                           .location = ServiceEntry::Location::MeshInternal,
                           .ports = {{.name = "http", .number = 8000, .protocol = "HTTP", .target_port = 80}},
                           .resolution = ServiceEntry::Resolution::Static,
                           .subject_alt_names = {"spiffe://cluster.local/ns/httpbin/sa/httpbin"},
                           .workload_selector = {{"service.istio.io/canonical-name", "httpbin"}}},
              R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: httpbin.mesh.global
  namespace: httpbin
spec:
  hosts:
  - httpbin.mesh.global
  addresses:
  - "240.0.0.1"
  location: MESH_INTERNAL
  ports:
  - name: http
    number: 8000
    protocol: HTTP
    targetPort: 80
  resolution: STATIC
  subjectAltNames:
  - "spiffe://cluster.local/ns/httpbin/sa/httpbin"
  workloadSelector:
    labels:
      service.istio.io/canonical-name: httpbin
)");
}

TEST_CASE("ServiceEntry: inline endpoints") {
  expect_yaml(ServiceEntry{.meta = {.name = "egress-to-west-network", .ns = "istio-system"},
                           .hosts = {"west-network.gateway.mesh.global"},
                           .export_to = {"."},
                           .location = ServiceEntry::Location::MeshExternal,
                           .ports = {{.name = "tls", .number = 15443, .protocol = "TLS"}},
                           .resolution = ServiceEntry::Resolution::Dns,
                           .endpoints = {{.address = "west.example.com"},
                                         {.network = "west-network",
                                          .locality = "eu-west/a",
                                          .weight = 2,
                                          .labels = {{"security.istio.io/tlsMode", "istio"}}}}},
              R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: egress-to-west-network
  namespace: istio-system
spec:
  hosts:
  - west-network.gateway.mesh.global
  exportTo:
  - "."
  location: MESH_EXTERNAL
  ports:
  - name: tls
    number: 15443
    protocol: TLS
  resolution: DNS
  endpoints:
  - address: west.example.com
  - network: west-network
    locality: eu-west/a
    weight: 2
    labels:
      security.istio.io/tlsMode: istio
)");
}

TEST_CASE("WorkloadEntry") {
  expect_yaml(WorkloadEntry{.meta = {.name = "west-network.httpbin.mesh.global",
                                     .ns = "httpbin",
                                     .labels = {{"security.istio.io/tlsMode", "istio"}}},
                            .network = "west-network",
                            .locality = "eu-west",
                            .service_account = "httpbin"},
              R"(
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: west-network.httpbin.mesh.global
  namespace: httpbin
  labels:
    security.istio.io/tlsMode: istio
spec:
  network: west-network
  locality: eu-west
  weight: 1
  serviceAccount: httpbin
)");
}

TEST_CASE("Service: selected workloads") {
  expect_yaml(Service{.meta = {.name = "httpbin", .ns = "httpbin"},
                      .selector = {{"meshfedc.io/export", "httpbin"}},
                      .ports = {{.name = "http", .port = 8000, .target_port = 80, .app_protocol = "http"}}},
              R"(
apiVersion: v1
kind: Service
metadata:
  name: httpbin
  namespace: httpbin
spec:
  selector:
    meshfedc.io/export: httpbin
  ports:
  - name: http
    port: 8000
    protocol: TCP
    targetPort: 80
    appProtocol: http
)");
}

TEST_CASE("Service: headless, and the EndpointSlice behind it") {
  expect_yaml(Service{.meta = {.name = "egress-to-west-network", .ns = "istio-system"},
                      .headless = true,
                      .ports = {{.name = "tls", .port = 15443}}},
              R"(
apiVersion: v1
kind: Service
metadata:
  name: egress-to-west-network
  namespace: istio-system
spec:
  clusterIP: None
  ports:
  - name: tls
    port: 15443
    protocol: TCP
)");
  expect_yaml(EndpointSlice{.meta = {.name = "egress-to-west-network",
                                     .ns = "istio-system",
                                     .labels = {{EndpointSlice::kServiceNameLabel, "egress-to-west-network"}}},
                            .address_type = EndpointSlice::AddressType::IPv4,
                            .endpoints = {{.addresses = {"172.18.255.1"}}, {.addresses = {"172.18.255.2"}}},
                            .ports = {{.name = "tls", .port = 15443}}},
              R"(
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: egress-to-west-network
  namespace: istio-system
  labels:
    kubernetes.io/service-name: egress-to-west-network
addressType: IPv4
endpoints:
- addresses:
  - "172.18.255.1"
- addresses:
  - "172.18.255.2"
ports:
- name: tls
  port: 15443
  protocol: TCP
)");
}

TEST_CASE("Namespace") {
  expect_yaml(Namespace{.meta = {.name = "httpbin",
                                 .labels = {{"istio-injection", "enabled"}},
                                 .annotations = {{"argocd.argoproj.io/sync-options", "Prune=false"}}}},
              R"(
apiVersion: v1
kind: Namespace
metadata:
  name: httpbin
  labels:
    istio-injection: enabled
  annotations:
    argocd.argoproj.io/sync-options: "Prune=false"
)");
}

}  // namespace
}  // namespace meshfed::k8s
