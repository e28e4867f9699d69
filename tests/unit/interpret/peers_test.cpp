// Clusters whose istiods read each other.
#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include "interpret/endpoints.hpp"
#include "interpret/sight.hpp"
#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

constexpr const char* kService = R"(
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop}
spec: {selector: {app: pay}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
)";

constexpr const char* kGateway = R"(
apiVersion: v1
kind: Service
metadata: {name: ew, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec: {selector: {istio: ew}, ports: [{name: tls, port: 15443}]}
status: {loadBalancer: {ingress: [{ip: 1.1.1.1}, {hostname: ew.west.example}]}}
---
)";

const std::string kEntry = R"(
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
)";

/// `east`, which reads `west`; pods of the name of their cluster in each.
interpret::Facts reading(const std::string& network_of_west) {
  interpret::Facts facts;
  for (const char* name : {"east", "west"}) {
    interpret::ClusterFacts one = cluster_facts(name, name);
    one.workloads = {pods(name, {{"app", "pay"}, {"security.istio.io/tlsMode", "istio"}})};
    facts.clusters.push_back(one);
  }
  facts.clusters[0].reads = {"west"};
  facts.clusters[1].network = network_of_west;
  return facts;
}

/// What a proxy of `east` dials for the host, with the shares.
std::string dialled(const interpret::Facts& facts, const std::vector<std::pair<std::string, std::string>>& manifests,
                    const std::string& host) {
  const auto all = world(facts, manifests);
  const interpret::Proxy proxy{.cluster = *all->find("east"), .ns = "shop"};
  const interpret::Service* service = interpret::find_service(proxy, host).service;
  if (!service) return "unknown";
  const interpret::Rule rule = interpret::find_rule(proxy, *service, host);
  const interpret::Assignment found = interpret::assign(
      {.proxy = proxy, .service = *service, .host = host, .port = service->ports.front(), .rule = rule});
  std::string text;
  for (const interpret::Target& target : found.targets)
    text += fmt::format("{}{}:{} {} ", target.workload ? target.home->name + "/" + target.workload->name : "",
                        target.address, target.port, target.share);
  return text;
}

std::string dialled(const interpret::Facts& facts, const std::string& east, const std::string& west,
                    const std::string& host = "pay.shop.svc.cluster.local") {
  return dialled(facts, {{"east", east}, {"west", west}}, host);
}

}  // namespace

TEST_CASE("a Service of a cluster that is read is one of the own cluster") {
  CHECK(dialled(reading("east"), "", kService) == "west/west:8080 1 ");
  CHECK(dialled(reading("east"), kService, "") == "east/east:8080 1 ");
  CHECK(dialled(reading("east"), kService, kService) == "east/east:8080 0.5 west/west:8080 0.5 ");
  CHECK(dialled(reading("east"), kService, edited(kService, "targetPort: 8080", "targetPort: 9090")) ==
        "east/east:8080 0.5 west/west:9090 0.5 ");
}

TEST_CASE("pods behind a gateway are dialled by the addresses of their own cluster's Service") {
  CHECK(dialled(reading("west"), kService, std::string(kService) + kGateway) ==
        "east/east:8080 0.5 1.1.1.1:15443 0.25 ew.west.example:15443 0.25 ");
  CHECK(dialled(reading("west"), kService, std::string(kService) + edited(kGateway, "port: 15443", "port: 443")) ==
        "east/east:8080 0.5 west/west:8080 0.5 ");
  const std::string moved = edited(kGateway, "{topology.istio.io/network: west}",
                                   "{topology.istio.io/network: west, networking.istio.io/gatewayPort: \"443\"}");
  CHECK(dialled(reading("west"), "", std::string(kService) + edited(moved, "port: 15443", "port: 443")) ==
        "1.1.1.1:443 0.5 ew.west.example:443 0.5 ");
}

TEST_CASE("a deployed gateway has a Service, and that the addresses that the facts say") {
  interpret::Facts facts = reading("west");
  facts.clusters[1].balancers = {{.ns = "istio-system", .service = "ew-istio", .addresses = {"2.2.2.2"}}};
  const std::string deployed = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ew, namespace: istio-system}
spec:
  gatewayClassName: istio
  infrastructure: {labels: {topology.istio.io/network: west}}
  listeners: [{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]
)";
  CHECK(dialled(facts, "", kService + deployed) == "2.2.2.2:15443 1 ");
  const auto both = world(facts, {{"east", ""}, {"west", deployed}});
  const interpret::Cluster& west = *both->find("west");
  const auto known = west.services.find("ew-istio.istio-system.svc.cluster.local");
  REQUIRE(known != west.services.end());
  CHECK(west.gateway_behind(*known->second.front()) == &west.gateways.front());
}

TEST_CASE(
    "what a ServiceEntry selects is selected in clusters that are read, unless the host is local to its cluster") {
  CHECK(dialled(reading("east"), kEntry, "", "pay.mesh.global") == "east/east:8080 0.5 west/west:8080 0.5 ");
  interpret::Facts local = reading("east");
  local.clusters[0].cluster_local = {"pay.mesh.global", "pay.shop.svc.cluster.local"};
  CHECK(dialled(local, kEntry, "", "pay.mesh.global") == "east/east:8080 1 ");
  CHECK(dialled(local, kService, kService) == "east/east:8080 1 ");
}

TEST_CASE(
    "WorkloadEntries of a cluster that is read count as well: beside one's own for a Service, as one of a name for "
    "others") {
  const std::string remote = R"(
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: remote, namespace: shop, labels: {app: pay}}
spec: {address: 3.3.3.3}
---
)";
  interpret::Facts three = reading("east");
  three.clusters.push_back(cluster_facts("south", "east"));
  three.clusters[0].reads = {"west", "south"};
  const auto shares = [&](const std::string& east, const std::string& others, const std::string& host) {
    return dialled(three, {{"east", east}, {"west", others}, {"south", others}}, host);
  };
  CHECK(shares(kService + remote, kService + remote, "pay.shop.svc.cluster.local") ==
        "east/east:8080 0.2 3.3.3.3:8080 0.2 west/west:8080 0.2 3.3.3.3:8080 0.2 3.3.3.3:8080 0.2 ");
  CHECK(shares(kEntry + remote, remote, "pay.mesh.global") ==
        "east/east:8080 0.25 west/west:8080 0.25 3.3.3.3:8080 0.25 3.3.3.3:8080 0.25 ");
}

TEST_CASE("objects of one host in one namespace share their endpoints, by the names of ports") {
  const std::string entry = R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.shop.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{name: http, number: 8000, protocol: HTTP}]
  endpoints: [{address: 3.3.3.3}]
)";
  CHECK(dialled(reading("east"), kService + entry, "") == "east/east:8080 0.5 3.3.3.3:8000 0.5 ");
  CHECK(dialled(reading("east"), kService + edited(entry, "name: http", "name: tcp"), "") == "east/east:8080 1 ");
  CHECK(dialled(reading("east"), kService + edited(entry, "namespace: shop", "namespace: x"), "") ==
        "east/east:8080 1 ");
}

TEST_CASE("a gateway by the name of a Service that is not there is none") {
  const std::string remote = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: west, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec:
  gatewayClassName: istio-remote
  addresses: [{type: Hostname, value: out-istio.istio-system.svc.cluster.local}]
  listeners: [{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]
---
)";
  const std::string out = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: out, namespace: istio-system}
spec: {gatewayClassName: istio, listeners: [{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]}
)";
  const auto knows = [](const std::string& manifests) {
    return Site(cluster_facts("east", "east"), manifests).cluster.knows_gateways;
  };
  CHECK_FALSE(knows(remote));
  CHECK(knows(remote + out));
  CHECK(knows(edited(remote, "out-istio.istio-system.svc.cluster.local", "gateway.west.example")));
}
