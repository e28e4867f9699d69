#include <doctest/doctest.h>

#include <fmt/format.h>

#include "interpret/endpoints.hpp"
#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using interpret::Assignment;
using interpret::Lost;

namespace {

constexpr const char* kHost = "pay.mesh.global";

std::string remote(const std::string& network, const std::string& address, int port = 15443) {
  return fmt::format(R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {0}, namespace: istio-system, labels: {{topology.istio.io/network: {0}}}}}
spec:
  gatewayClassName: istio-remote
  addresses: [{{type: IPAddress, value: {1}}}]
  listeners:
  - {{name: x, port: {2}, protocol: TLS, tls: {{mode: Passthrough, options: {{gateway.istio.io/listener-protocol: auto-passthrough}}}}}}
---
)",
                     network, address, port);
}

std::string entry(const std::string& spec) {
  return fmt::format(R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: pay, namespace: shop}}
spec: {{hosts: [{}], location: MESH_INTERNAL, resolution: STATIC, ports: [{{name: http, number: 80, protocol: HTTP, targetPort: 8080}}], {}}}
---
)",
                     kHost, spec);
}

std::string rule(const std::string& policy) {
  return fmt::format(
      "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{name: pay, namespace: shop}}\n"
      "spec: {{host: {}, trafficPolicy: {{{}}}}}\n---\n",
      kHost, policy);
}

std::string workload_entry(const std::string& network, const std::string& more) {
  return fmt::format(
      "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {{name: {0}, namespace: shop, labels: {{app: "
      "pay, security.istio.io/tlsMode: istio}}}}\nspec: {{network: {0}{1}}}\n---\n",
      network, more);
}

constexpr const char* kSelector = "workloadSelector: {labels: {app: pay}}";

interpret::ClusterFacts east() {
  interpret::ClusterFacts facts = cluster_facts("east", "east");
  facts.locality = "eu/a";
  facts.workloads = {pods("pay", {{"app", "pay"}})};
  facts.workloads[0].replicas = 2;
  return facts;
}

Assignment assign(const interpret::Cluster& cluster, const interpret::GatewayPods* gateway = nullptr) {
  const interpret::Proxy proxy{.cluster = cluster, .ns = "client", .gateway = gateway};
  const interpret::Service& service = *interpret::find_service(proxy, kHost).service;
  const interpret::Rule found = interpret::find_rule(proxy, service, kHost);
  return interpret::assign({.proxy = proxy,
                            .service = service,
                            .host = kHost,
                            .port = service.ports.front(),
                            .rule = found,
                            .dnat = gateway != nullptr});
}

/// "pods:0.5 1.1.1.1:0.5", and what is lost.
std::string shares(const Assignment& assignment) {
  std::string text = assignment.refused ? "refused" : "";
  for (const interpret::Target& target : assignment.targets)
    text +=
        fmt::format("{}{}:{:.4g}", text.empty() ? "" : " ", target.workload ? "pods" : target.address, target.share);
  constexpr const char* kWhy[] = {"no gateway", "no mtls", "no address", "not distributed"};
  for (const Lost& lost : assignment.lost) text += fmt::format(" ({})", kWhy[static_cast<int>(lost.why)]);
  return text;
}

}  // namespace

TEST_CASE("endpoints of other networks become their gateways") {
  const std::string two = remote("west", "1.1.1.1") + remote("north", "2.2.2.2");
  const std::string both =
      "endpoints: [{network: west, labels: {security.istio.io/tlsMode: istio}}, {network: north, "
      "weight: 3, labels: {security.istio.io/tlsMode: istio}}]";
  const struct {
    std::string what;
    std::string manifests;
    const char* shares;
  } kCases[] = {
      {"by weight", two + entry(both), "2.2.2.2:0.75 1.1.1.1:0.25"},
      {"gateways of one network share alike", two + remote("west", "1.1.1.2", 443) + entry(both),
       "2.2.2.2:0.75 1.1.1.1:0.125 1.1.1.2:0.125"},
      {"one network has no gateway", remote("west", "1.1.1.1") + entry(both), "1.1.1.1:1 (no gateway)"},
      {"no gateway is known: Envoy refuses an empty address", entry(both), "refused (no gateway) (no gateway)"},
      {"without mTLS", two + entry("endpoints: [{network: west}]"), " (no mtls)"},
      {"an account means mTLS", two + entry("endpoints: [{network: west, serviceAccount: pay}]"), "1.1.1.1:1"},
      {"a rule turns mTLS off", two + rule("tls: {mode: DISABLE}") + entry(both), " (no mtls) (no mtls)"},
      {"pods count one by one, an entry by its weight", two + entry(kSelector) + workload_entry("west", ", weight: 6"),
       "1.1.1.1:0.75 pods:0.25"},
      {"an entry of the own network has no way", two + entry("endpoints: [{network: east}]"), " (no address)"},
  };
  for (const auto& [what, manifests, expected] : kCases) {
    const Site site(east(), manifests);
    CHECK_MESSAGE(shares(assign(site.cluster)) == expected, what);
  }
}

TEST_CASE("an address without a type is an IP, and one of another type is passed over") {
  const auto typed = [](const std::string& type) {
    std::string gateway = remote("west", "1.1.1.1");
    gateway.replace(gateway.find("type: IPAddress, "), 17, type);
    const Site site(east(), gateway + entry("endpoints: [{network: west, serviceAccount: pay}]"));
    return shares(assign(site.cluster));
  };
  CHECK(typed("") == "1.1.1.1:1");
  CHECK(typed("type: example.com/name, ") == "refused (no gateway)");
}

TEST_CASE("localities count where endpoints may be ejected, and as the rule says") {
  const std::string sources = remote("west", "1.1.1.1") + remote("north", "2.2.2.2") + entry(kSelector) +
                              workload_entry("west", ", locality: eu/b") + workload_entry("north", ", locality: us/a");
  const std::string outlier = "outlierDetection: {}";
  const struct {
    std::string what;
    std::string policy;
    const char* shares;
  } kCases[] = {
      {"without outlier detection", "", "pods:0.5 1.1.1.1:0.25 2.2.2.2:0.25"},
      {"the mesh's default prefers the own zone", outlier, "pods:1 1.1.1.1:0 2.2.2.2:0"},
      {"turned off", outlier + ", loadBalancer: {localityLbSetting: {enabled: false}}",
       "pods:0.5 1.1.1.1:0.25 2.2.2.2:0.25"},
      {"by network", outlier + ", loadBalancer: {localityLbSetting: {failoverPriority: [topology.istio.io/network]}}",
       "pods:1 1.1.1.1:0 2.2.2.2:0"},
      {"by region, which gateways do not have",
       outlier + ", loadBalancer: {localityLbSetting: {failoverPriority: [topology.kubernetes.io/region]}}",
       "pods:1 1.1.1.1:0 2.2.2.2:0"},
      {"distributed", "loadBalancer: {localityLbSetting: {distribute: [{from: \"*\", to: {eu/a: 80, us: 20}}]}}",
       "pods:0.8 2.2.2.2:0.2 (not distributed)"},
      {"distributed from elsewhere",
       "loadBalancer: {localityLbSetting: {distribute: [{from: us, to: {eu/a: 80, us: 20}}]}}",
       "pods:0.5 1.1.1.1:0.25 2.2.2.2:0.25"},
  };
  for (const auto& [what, policy, expected] : kCases) {
    const Site site(east(), sources + rule(policy));
    CHECK_MESSAGE(shares(assign(site.cluster)) == expected, what);
  }
}

TEST_CASE("localities without the own pods: the nearest go first") {
  interpret::ClusterFacts facts = east();
  facts.workloads.clear();
  const Site site(facts, remote("west", "1.1.1.1") + remote("north", "2.2.2.2") + entry(kSelector) +
                             workload_entry("west", ", locality: eu/b") + workload_entry("north", ", locality: us/a") +
                             rule("outlierDetection: {}"));
  CHECK(shares(assign(site.cluster)) == "1.1.1.1:1 2.2.2.2:0");
}

TEST_CASE("a gateway with a network view only leads to its own network") {
  const Site site(east(), remote("west", "1.1.1.1") + entry(kSelector) + workload_entry("west", ""));
  interpret::GatewayPods gateway{.ns = "istio-system", .name = "g", .labels = {}, .view = "east"};
  CHECK(shares(assign(site.cluster, &gateway)) == "pods:1");
  gateway.view.clear();
  CHECK(shares(assign(site.cluster, &gateway)) == "1.1.1.1:0.3333 pods:0.6667");
}

TEST_CASE("a subset has the endpoints with its labels") {
  interpret::ClusterFacts facts = east();
  facts.workloads.push_back(pods("new", {{"app", "pay"}, {"version", "v2"}}));
  const std::string subsets =
      "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: pay, namespace: shop}\n"
      "spec: {host: pay.mesh.global, subsets: [{name: v2, labels: {version: v2}}]}\n---\n";
  const Site site(facts, entry(kSelector) + subsets);
  const interpret::Proxy proxy{.cluster = site.cluster, .ns = "client"};
  const interpret::Service& service = *interpret::find_service(proxy, kHost).service;
  const Assignment found = interpret::assign({.proxy = proxy,
                                              .service = service,
                                              .host = kHost,
                                              .port = service.ports.front(),
                                              .rule = interpret::find_rule(proxy, service, kHost),
                                              .subset = "v2"});
  REQUIRE(found.targets.size() == 1);
  CHECK(found.targets.front().workload->name == "new");
}

TEST_CASE("an ordinary Service takes WorkloadEntries with its labels as well") {
  const std::string service =
      "apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {selector: {app: pay}, ports: "
      "[{name: "
      "http, port: 80}]}\n---\n";
  const Site site(east(), remote("west", "1.1.1.1") + service + workload_entry("west", ""));
  const interpret::Proxy proxy{.cluster = site.cluster, .ns = "client"};
  const std::string host = "pay.shop.svc.cluster.local";
  const interpret::Service& found = *interpret::find_service(proxy, host).service;
  CHECK(interpret::endpoints_of(site.cluster, found, host, found.ports.front()).size() == 2);
}

TEST_CASE("an entry may select the pods of gateways") {
  interpret::ClusterFacts facts = east();
  facts.gateways = {{.ns = "shop", .name = "way-out", .labels = {{"app", "way-out"}}},
                    {.ns = "elsewhere", .name = "way-out", .labels = {{"app", "way-out"}}}};
  const auto selected = [&](const std::string& by) {
    const std::string deployed = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ew, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: tls, port: 15443, protocol: TLS}]}
---
)";
    const Site site(facts, deployed + entry("workloadSelector: " + by));
    std::vector<std::string> names;
    for (const interpret::Target& target : assign(site.cluster).targets) names.push_back(target.workload->name);
    return names;
  };
  CHECK(selected("{}") == std::vector<std::string>{"pay", "way-out", "ew-istio"});
  CHECK(selected("{labels: {gateway.networking.k8s.io/gateway-name: ew}}") == std::vector<std::string>{"ew-istio"});
  CHECK(selected("{labels: {app: way-out}}") == std::vector<std::string>{"way-out"});
}

TEST_CASE("identities are those of the entry and of known endpoints, in all aliases") {
  interpret::ClusterFacts facts = east();
  facts.domain_aliases = {"old.example"};
  const Site site(facts, entry(std::string(kSelector) + ", subjectAltNames: [\"spiffe://west/ns/shop/sa/pay\"]"));
  const interpret::Service& service = *site.cluster.services.at(kHost).front();
  CHECK(interpret::identities_of(site.cluster, service, assign(site.cluster).identities) ==
        std::vector<std::string>{"spiffe://cluster.local/ns/shop/sa/pay", "spiffe://old.example/ns/shop/sa/pay",
                                 "spiffe://west/ns/shop/sa/pay"});
}
