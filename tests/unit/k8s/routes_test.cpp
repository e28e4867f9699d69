#include "unit/k8s/expect_yaml.hpp"

namespace meshfed::k8s {
namespace {

using namespace std::chrono_literals;

TEST_CASE("DestinationRule: locality and outliers") {
  expect_yaml(
      DestinationRule{
          .meta = {.name = "httpbin.mesh.global", .ns = "httpbin"},
          .host = "httpbin.mesh.global",
          .locality_lb = {{.enabled = true, .failover_priority = {"topology.istio.io/network"}}},
          .outlier_detection =
              {{.consecutive_5xx_errors = 5, .interval = 10s, .base_ejection_time = 30s, .max_ejection_percent = 100}},
      },
      R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: httpbin.mesh.global
  namespace: httpbin
spec:
  host: httpbin.mesh.global
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        enabled: true
        failoverPriority:
        - topology.istio.io/network
    outlierDetection:
      consecutive5xxErrors: 5
      interval: "10s"
      baseEjectionTime: "30s"
      maxEjectionPercent: 100
)");
}

TEST_CASE("DestinationRule: calls shared out by percentages") {
  expect_yaml(
      DestinationRule{
          .meta = {.name = "a", .ns = "b"},
          .host = "a",
          .locality_lb = {{.enabled = true,
                           .distribute = {{.from = "*", .to = {{"west-network", 20}, {"eu-central-1", 80}}}}}},
      },
      R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a
  namespace: b
spec:
  host: a
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        enabled: true
        distribute:
        - from: "*"
          to:
            eu-central-1: 80
            west-network: 20
)");
}

TEST_CASE("DestinationRule: gateway errors, and limits of connections") {
  expect_yaml(
      DestinationRule{
          .meta = {.name = "a", .ns = "b"},
          .host = "a",
          .connection_pool = {{.tcp = {.max_connections = 7,
                                       .connect_timeout = 1500ms,
                                       .keepalive = {.probes = 3, .time = 2min},
                                       .idle_timeout = 0s},
                               .http = {.http2_max_requests = 9,
                                        .h2_upgrade_policy = "DO_NOT_UPGRADE",
                                        .use_client_protocol = false}}},
          .outlier_detection = {{.consecutive_5xx_errors = 0,
                                 .consecutive_gateway_errors = 5,
                                 .interval = 20ms,
                                 .base_ejection_time = 30s,
                                 .max_ejection_percent = 100,
                                 .min_health_percent = 1}},
      },
      R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a
  namespace: b
spec:
  host: a
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 7
        connectTimeout: "1.5s"
        tcpKeepalive:
          probes: 3
          time: "120s"
        idleTimeout: "0s"
      http:
        http2MaxRequests: 9
        h2UpgradePolicy: DO_NOT_UPGRADE
        useClientProtocol: false
    outlierDetection:
      consecutive5xxErrors: 0
      consecutiveGatewayErrors: 5
      interval: "0.02s"
      baseEjectionTime: "30s"
      maxEjectionPercent: 100
      minHealthPercent: 1
)");
}

TEST_CASE("DestinationRule: a port that has a name of its own repeats what holds for all") {
  expect_yaml(
      DestinationRule{
          .meta = {.name = "a.b", .ns = "c"},
          .host = "a.b",
          .locality_lb = {{.enabled = false}},
          .connection_pool = {{.tcp = {.max_connections = 7}}},
          .outlier_detection =
              {{.consecutive_5xx_errors = 5, .interval = 10s, .base_ejection_time = 30s, .max_ejection_percent = 100}},
          .ports = {{.number = 80, .sni = "a-80.b"}},
      },
      R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a.b
  namespace: c
spec:
  host: a.b
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        enabled: false
    connectionPool:
      tcp:
        maxConnections: 7
    outlierDetection:
      consecutive5xxErrors: 5
      interval: "10s"
      baseEjectionTime: "30s"
      maxEjectionPercent: 100
    portLevelSettings:
    - port:
        number: 80
      loadBalancer:
        localityLbSetting:
          enabled: false
      connectionPool:
        tcp:
          maxConnections: 7
      outlierDetection:
        consecutive5xxErrors: 5
        interval: "10s"
        baseEjectionTime: "30s"
        maxEjectionPercent: 100
      tls:
        mode: ISTIO_MUTUAL
        sni: a-80.b
)");
  expect_yaml(DestinationRule{.meta = {.name = "a.b", .ns = "c"}, .host = "a.b", .ports = {{80, "a-80.b"}}}, R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a.b
  namespace: c
spec:
  host: a.b
  trafficPolicy:
    portLevelSettings:
    - port:
        number: 80
      tls:
        mode: ISTIO_MUTUAL
        sni: a-80.b
)");
}

TEST_CASE("DestinationRule: locality off, or no TLS of its own") {
  expect_yaml(DestinationRule{.meta = {.name = "a", .ns = "b"}, .host = "a", .locality_lb = {{.enabled = false}}}, R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a
  namespace: b
spec:
  host: a
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        enabled: false
)");
  expect_yaml(DestinationRule{.meta = {.name = "egress-to-west-network", .ns = "istio-system"},
                              .host = "west-network.gateway.mesh.global",
                              .export_to = {"."},
                              .disable_tls = true},
              R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: egress-to-west-network
  namespace: istio-system
spec:
  host: west-network.gateway.mesh.global
  exportTo:
  - "."
  trafficPolicy:
    tls:
      mode: DISABLE
)");
}

TEST_CASE("VirtualService") {
  expect_yaml(
      VirtualService{.meta = {.name = "egress-to-west-network", .ns = "istio-system"},
                     .hosts = {"*.httpbin.mesh.global"},
                     .gateways = {"egress-to-west-network"},
                     .export_to = {"."},
                     .tls = {{.match = {{.port = 15443, .sni_hosts = {"outbound_.8000_._.httpbin.mesh.global"}}},
                              .route = {{.host = "west-network.gateway.mesh.global", .port = 15443}}}}},
      R"(
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: egress-to-west-network
  namespace: istio-system
spec:
  hosts:
  - "*.httpbin.mesh.global"
  gateways:
  - egress-to-west-network
  exportTo:
  - "."
  tls:
  - match:
    - port: 15443
      sniHosts:
      - outbound_.8000_._.httpbin.mesh.global
    route:
    - destination:
        host: west-network.gateway.mesh.global
        port:
          number: 15443
)");
}

TEST_CASE("TlsRoute") {
  TlsRoute route{.meta = {.name = "egress-to-west-network", .ns = "istio-system"},
                 .version = TlsRoute::Version::V1,
                 .hostnames = {"*.httpbin.mesh.global"},
                 .parents = {{.name = "egress-gateway", .section_name = "west-network"}},
                 .rules = {{.backends = {{.group = "networking.istio.io",
                                          .kind = "Hostname",
                                          .name = "west-network.gateway.mesh.global",
                                          .port = 15443},
                                         {.group = "", .kind = "Service", .name = "other", .port = 1, .weight = 2}}}}};
  expect_yaml(route, R"(
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata:
  name: egress-to-west-network
  namespace: istio-system
spec:
  hostnames:
  - "*.httpbin.mesh.global"
  parentRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: egress-gateway
    sectionName: west-network
  rules:
  - backendRefs:
    - group: networking.istio.io
      kind: Hostname
      name: west-network.gateway.mesh.global
      port: 15443
      weight: 1
    - group: ""
      kind: Service
      name: other
      port: 1
      weight: 2
)");
  route.version = TlsRoute::Version::V1Alpha2;
  CHECK(document(route).begin()->value == yaml::Value("gateway.networking.k8s.io/v1alpha2"));
  route.version = TlsRoute::Version::V1Alpha3;
  CHECK(document(route).begin()->value == yaml::Value("gateway.networking.k8s.io/v1alpha3"));
}

}  // namespace
}  // namespace meshfed::k8s
