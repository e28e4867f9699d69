// Two clusters by hand: `east` calls pay.mesh.global of `west`, by an istio-remote Gateway, or by an egress gateway of
// its own.
#pragma once

#include <memory>
#include <string>

#include "support/manifests.hpp"

namespace meshfed::testing {

inline constexpr const char* kRemote = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: west, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec:
  gatewayClassName: istio-remote
  addresses: [{type: IPAddress, value: 1.1.1.1}]
  listeners: [{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough, options: {gateway.istio.io/listener-protocol: auto-passthrough}}}]
---
)";

inline constexpr const char* kImported = R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.mesh.global]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{name: http, number: 80, protocol: HTTP}]
  subjectAltNames: ["spiffe://west.example/ns/shop/sa/pay"]
  endpoints: [{network: west, labels: {security.istio.io/tlsMode: istio}}]
---
)";

inline constexpr const char* kExported = R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.mesh.global]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{name: http, number: 80, protocol: HTTP, targetPort: 8080}]
  workloadSelector: {labels: {app: pay}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ew, namespace: istio-system}
spec:
  gatewayClassName: istio
  infrastructure: {labels: {topology.istio.io/network: west}}
  listeners: [{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ew, namespace: istio-system}
spec:
  selector: {gateway.networking.k8s.io/gateway-name: ew}
  servers: [{port: {number: 15443, name: tls, protocol: TLS}, hosts: [pay.mesh.global], tls: {mode: AUTO_PASSTHROUGH}}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
)";

/// The way out of `east` by a gateway: it stands where `kRemote` does.
inline constexpr const char* kEgress = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: west, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec:
  gatewayClassName: istio-remote
  addresses: [{type: Hostname, value: out-istio.istio-system.svc.cluster.local}]
  listeners: [{name: x, port: 15444, protocol: TLS, tls: {mode: Passthrough, options: {gateway.istio.io/listener-protocol: auto-passthrough}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: out, namespace: istio-system}
spec:
  gatewayClassName: istio
  listeners: [{name: west, port: 15444, protocol: TLS, tls: {mode: Passthrough}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: to-west, namespace: istio-system}
spec:
  selector: {gateway.networking.k8s.io/gateway-name: out}
  servers: [{port: {number: 15444, name: tls, protocol: TLS}, hosts: ["*.pay.mesh.global"], tls: {mode: PASSTHROUGH}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: to-west, namespace: istio-system}
spec:
  hosts: ["*.pay.mesh.global"]
  gateways: [to-west]
  exportTo: ["."]
  tls: [{match: [{port: 15444, sniHosts: [outbound_.80_._.pay.mesh.global]}], route: [{destination: {host: west.gateway, port: {number: 15443}}}]}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: to-west, namespace: istio-system}
spec:
  hosts: [west.gateway]
  exportTo: ["."]
  location: MESH_EXTERNAL
  resolution: STATIC
  ports: [{name: tls, number: 15443, protocol: TLS}]
  endpoints: [{address: 1.1.1.1}]
---
)";

inline interpret::Facts two_clusters() {
  interpret::Facts facts;
  interpret::ClusterFacts east = cluster_facts("east", "east"), west = cluster_facts("west", "west");
  east.trust_domain = "east.example";
  west.trust_domain = "west.example";
  west.accepted_domains = {"east.example"};
  west.workloads = {pods("pay", {{"app", "pay"}})};
  west.workloads[0].ports = {8080};
  facts.clusters = {west, east};
  facts.doors = {{.address = "1.1.1.1",
                  .port = 15443,
                  .viewers = {"east"},
                  .cluster = "west",
                  .ns = "istio-system",
                  .gateway = "ew-istio",
                  .listener = 15443}};
  return facts;
}

}  // namespace meshfed::testing
