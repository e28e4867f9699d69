#include "interpret/listeners.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using interpret::GatewayListener;

namespace {

std::string kube_gateway(const std::string& labels, const std::string& listener) {
  return fmt::format(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: ew, namespace: istio-system, labels: "
      "{{{}}}}}\nspec: {{gatewayClassName: istio, infrastructure: {{labels: {{topology.istio.io/network: east}}}}, "
      "listeners: [{}]}}\n---\n",
      labels, listener);
}

constexpr const char* kListener = "{name: x, port: 15443, protocol: TLS, tls: {mode: Passthrough}}";

std::string istio_gateway(const std::string& name, const std::string& hosts,
                          const std::string& mode = "AUTO_PASSTHROUGH", const std::string& ns = "istio-system") {
  return fmt::format(
      "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {{name: {}, namespace: {}}}\nspec: {{selector: "
      "{{gateway.networking.k8s.io/gateway-name: ew}}, servers: [{{port: {{number: 15443, name: tls, protocol: TLS}}, "
      "hosts: [{}], tls: {{mode: {}}}}}]}}\n---\n",
      name, ns, hosts, mode);
}

std::string entry(const std::string& host, const std::string& more = "") {
  return fmt::format(
      "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {{name: {0}, namespace: shop}}\nspec: "
      "{{hosts: "
      "[{0}], location: MESH_INTERNAL, resolution: STATIC, ports: [{{name: http, number: 80, protocol: HTTP}}, {{name: "
      "udp, number: 53, protocol: UDP}}]{1}}}\n---\n",
      host, more);
}

/// The names that are passed on 15443; or who refuses what.
std::string passed(const std::string& manifests, std::int64_t istio = 31) {
  interpret::ClusterFacts facts = cluster_facts("east", "east");
  facts.istio = istio;
  const Site site(facts, manifests);
  REQUIRE(site.cluster.gateways.size() == 1);
  std::string text;
  for (const GatewayListener& listener : interpret::listeners_of(site.cluster, site.cluster.gateways.front())) {
    if (listener.duplicate()) text += "twice " + listener.duplicate()->sni + " ";
    for (const interpret::Chain& chain : listener.chains()) text += chain.sni + " ";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("an AUTO_PASSTHROUGH server passes the hosts that its cluster knows") {
  const std::string gateway = kube_gateway("", kListener);
  const struct {
    std::string what;
    std::string manifests;
    const char* passed;
  } kCases[] = {
      {"exact, without UDP", istio_gateway("a", "a.mesh") + entry("a.mesh") + entry("b.mesh"),
       "outbound_.80_._.a.mesh"},
      {"a host that nobody knows", istio_gateway("a", "c.mesh") + entry("a.mesh"), ""},
      {"a wildcard", istio_gateway("a", "\"*.mesh\"") + entry("a.mesh") + entry("b.mesh"),
       "outbound_.80_._.a.mesh outbound_.80_._.b.mesh"},
      {"the namespace does not count", istio_gateway("a", "other/a.mesh") + entry("a.mesh"), "outbound_.80_._.a.mesh"},
      {"hidden from the gateway", istio_gateway("a", "a.mesh") + entry("a.mesh", ", exportTo: [shop]"), ""},
      {"the same host twice: the second server is passed over",
       istio_gateway("a", "a.mesh") + istio_gateway("b", "a.mesh, b.mesh") + entry("a.mesh") + entry("b.mesh"),
       "outbound_.80_._.a.mesh"},
      {"hosts that overlap: Envoy refuses the listener",
       istio_gateway("a", "a.mesh") + istio_gateway("b", "\"*.mesh\"") + entry("a.mesh"),
       "twice outbound_.80_._.a.mesh outbound_.80_._.a.mesh outbound_.80_._.a.mesh"},
      {"another namespace", istio_gateway("a", "a.mesh", "AUTO_PASSTHROUGH", "other") + entry("a.mesh"), ""},
  };
  for (const auto& [what, manifests, expected] : kCases) CHECK_MESSAGE(passed(gateway + manifests) == expected, what);
}

TEST_CASE("before 1.31 Gateways of other namespaces count") {
  CHECK(
      passed(kube_gateway("", kListener) + istio_gateway("a", "a.mesh", "AUTO_PASSTHROUGH", "other") + entry("a.mesh"),
             30) == "outbound_.80_._.a.mesh");
}

TEST_CASE("external hosts are not passed") {
  std::string external = entry("a.mesh");
  external.replace(external.find("MESH_INTERNAL"), 13, "MESH_EXTERNAL");
  CHECK(passed(kube_gateway("", kListener) + istio_gateway("a", "a.mesh") + external) == "");
}

TEST_CASE("the network's label on a Gateway makes its listener pass everything") {
  const std::string labelled = kube_gateway("topology.istio.io/network: east", kListener) + entry("a.mesh");
  CHECK(passed(labelled) ==
        "outbound_.80_._.a.mesh outbound_.15021_._.ew-istio.istio-system.svc.cluster.local "
        "outbound_.15443_._.ew-istio.istio-system.svc.cluster.local");
  CHECK(passed(labelled, 29) == "");  // TLS listeners need the alpha flag there
  CHECK(passed(labelled + istio_gateway("a", "a.mesh")).starts_with("twice"));
  CHECK(passed(labelled + istio_gateway("a", "a.mesh"), 29) == "outbound_.80_._.a.mesh");
}

TEST_CASE("subsets have names of their own") {
  const std::string rule =
      "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: shop}\nspec: {host: "
      "a.mesh, subsets: [{name: v1, labels: {version: v1}}]}\n---\n";
  CHECK(passed(kube_gateway("", kListener) + istio_gateway("a", "a.mesh") + entry("a.mesh") + rule) ==
        "outbound_.80_._.a.mesh outbound_.80_.v1_.a.mesh");
}

TEST_CASE("a PASSTHROUGH server goes by VirtualServices and TLSRoutes") {
  const std::string gateway = kube_gateway("", kListener);
  const auto route = [](const std::string& name, const std::string& more) {
    return fmt::format(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: {}, namespace: "
        "istio-system}}\nspec: {{hosts: [\"*.a.mesh\"], gateways: [a], tls: [{{match: [{{port: 15443, sniHosts: "
        "[outbound_.80_._.a.mesh]}}], route: [{{destination: {{host: b}}}}]}}]{}}}\n---\n",
        name, more);
  };
  const std::string server = istio_gateway("a", "\"*.a.mesh\"", "PASSTHROUGH");
  CHECK(passed(gateway + server + route("a", "")) == "outbound_.80_._.a.mesh");
  std::string modeless = server;
  modeless.replace(modeless.find("mode: PASSTHROUGH"), std::string("mode: PASSTHROUGH").size(), "");
  CHECK(passed(gateway + modeless + route("a", "")) == "outbound_.80_._.a.mesh");
  CHECK(passed(gateway + server + route("a", "") + route("b", "")) ==
        "outbound_.80_._.a.mesh");  // the second is skipped
  CHECK(passed(gateway + server + route("a", ", exportTo: [shop]")) == "");
  CHECK(passed(gateway + istio_gateway("a", "\"*.b.mesh\"", "PASSTHROUGH") + route("a", "")) == "");
  const std::string tls_route =
      "apiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata: {name: r, namespace: istio-system}\nspec: "
      "{hostnames: [\"*.a.mesh\"], parentRefs: [{name: ew, sectionName: x}], rules: [{backendRefs: [{name: b, port: "
      "443}]}]}\n---\n";
  CHECK(passed(gateway + tls_route) == "*.a.mesh");
  CHECK(passed(gateway + tls_route, 29) == "");
}

TEST_CASE("once a server takes plain text on a port, no further one takes TLS there") {
  const auto pass = [](const std::string& listeners) {
    return passed(kube_gateway("", listeners) +
                  "apiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata: {name: r, namespace: "
                  "istio-system}\nspec: {hostnames: [\"*.mesh\"], parentRefs: [{name: ew}], rules: [{backendRefs: "
                  "[{name: b, port: 443}]}]}\n---\n");
  };
  const auto listener = [](const std::string& name, const std::string& protocol) {
    return fmt::format("{{name: {0}, port: 15443, protocol: {1}, hostname: {0}.mesh, tls: {{mode: Passthrough}}}}",
                       name, protocol);
  };
  CHECK(pass(listener("a", "TLS") + ", " + listener("b", "TLS")) == "a.mesh b.mesh");
  CHECK(pass(listener("a", "HTTP") + ", " + listener("b", "TLS")) == "");
  CHECK(pass(listener("a", "TLS") + ", " + listener("b", "HTTP") + ", " + listener("c", "TLS")) == "a.mesh");
  CHECK(pass(listener("a", "TCP") + ", " + listener("b", "TLS")) == "b.mesh");
}

TEST_CASE("a Gateway of which somebody else has the pods deploys none") {
  const auto names = [](const std::string& addresses) {
    std::string gateway = kube_gateway("", kListener);
    gateway.insert(gateway.find("listeners:"), "addresses: [" + addresses + "], ");
    const Site site(cluster_facts("east", "east"), gateway);
    std::string told = std::to_string(site.cluster.gateways.size());
    for (const std::string& one : site.cluster.unknown) told += " " + one;
    return told;
  };
  CHECK(names("") == "1");
  CHECK(names("{type: IPAddress, value: 192.0.2.1}") == "1");
  CHECK(names("{type: IPAddress, value: 192.0.2.1}, {type: IPAddress, value: 192.0.2.2}") == "0");
  CHECK(names("{type: Hostname, value: other}") == "0 Gateway.gateway.networking.k8s.io/istio-system/ew");
}

TEST_CASE("a TLSRoute with a mistake in a backend passes nothing, one to what is no backend does") {
  const auto pass = [](const std::string& rules, const std::string& listener = kListener) {
    return passed(kube_gateway("", listener) +
                  "apiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata: {name: r, namespace: "
                  "istio-system}\nspec: {hostnames: [\"*.a.mesh\"], parentRefs: [{name: ew}], rules: " +
                  rules + "}\n---\n");
  };
  CHECK(pass("[{backendRefs: []}]") == "");
  CHECK(pass("[{backendRefs: [{name: b, port: 443, weight: 0}]}]") == "");
  CHECK(pass("[{backendRefs: [{name: b}]}]") == "");
  CHECK(pass("[{backendRefs: [{name: b.c, port: 443}]}]") == "");
  CHECK(pass("[{backendRefs: [{name: b, port: 443}]}, {backendRefs: [{name: c}]}]") == "");
  const std::string hostname = "{name: b.mesh, port: 443, kind: Hostname, group: networking.istio.io";
  CHECK(pass("[{backendRefs: [" + hostname + ", namespace: istio-system}]}]") == "");
  CHECK(pass("[{backendRefs: [" + hostname + "}]}]") == "*.a.mesh");
  CHECK(pass("[{backendRefs: [{name: b.mesh, port: 443, kind: Hostname}]}]") == "*.a.mesh");
  CHECK(pass("[{backendRefs: [{name: b, kind: Other}]}]") == "*.a.mesh");
  std::string narrow = kListener;
  narrow.insert(narrow.rfind('}'), ", hostname: x.a.mesh");
  CHECK(pass("[{backendRefs: [{name: b, port: 443}]}]", narrow) == "x.a.mesh");
}

TEST_CASE("an EnvoyFilter may give a chain another name; one that does more is not understood") {
  constexpr const char* kOfChain = "filterChain: {sni: outbound_.80_._.a.mesh}";
  const auto matching = [](const std::string& ns, const std::string& operation, const std::string& match) {
    return fmt::format(
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {{name: f, namespace: {}}}\nspec: "
        "{{workloadSelector: {{labels: {{gateway.networking.k8s.io/gateway-name: ew}}}}, configPatches: [{{applyTo: "
        "FILTER_CHAIN, match: {{{}}}, patch: {{operation: {}, value: {{filter_chain_match: {{server_names: "
        "[a-80.mesh]}}}}}}}}]}}\n---\n",
        ns, match, operation);
  };
  const auto filter = [&](const std::string& ns, const std::string& operation) {
    return matching(ns, operation, fmt::format("context: GATEWAY, listener: {{portNumber: 15443, {}}}", kOfChain));
  };
  const std::string gateway = kube_gateway("", kListener) + istio_gateway("a", "a.mesh") + entry("a.mesh");
  CHECK(passed(gateway + filter("istio-system", "MERGE")) == "outbound_.80_._.a.mesh a-80.mesh");
  CHECK(passed(gateway + filter("other", "MERGE")) == "outbound_.80_._.a.mesh");
  const Site site(cluster_facts("east", "east"), gateway + filter("istio-system", "REMOVE"));
  const std::vector<std::string> not_understood = {"EnvoyFilter.networking.istio.io/istio-system/f"};
  CHECK(site.cluster.unknown == not_understood);

  const auto named = [&](const std::string& match) { return matching("istio-system", "MERGE", match); };
  const auto by_name = [&](const std::string& name) {
    return named(fmt::format("listener: {{name: '{}', {}}}", name, kOfChain));
  };
  CHECK(passed(gateway + by_name("0.0.0.0_15443")) == "outbound_.80_._.a.mesh a-80.mesh");
  CHECK(passed(gateway + by_name("0.0.0.0_8443")) == "outbound_.80_._.a.mesh");
  CHECK(passed(gateway + by_name("virtualInbound")) == "outbound_.80_._.a.mesh");
  const auto unknown = [&](const std::string& manifests) {
    return Site(cluster_facts("east", "east"), gateway + manifests).cluster.unknown;
  };
  CHECK(unknown(by_name("0.0.0.0_15443")).empty());
  CHECK(unknown(by_name("::_15443")) == not_understood);           // whether it is called so, the pods decide
  CHECK(unknown(named("listener: {name: x}")) == not_understood);  // of a sidecar, perhaps
}

TEST_CASE("the exact name goes before a suffix, and the longest suffix before others") {
  GatewayListener listener(15443);
  for (const char* sni : {"*.mesh", "*.a.mesh", "x.a.mesh"}) {
    interpret::Chain chain;
    chain.sni = sni;
    listener.add(std::move(chain));
  }
  CHECK(listener.find("x.a.mesh")->sni == "x.a.mesh");
  CHECK(listener.find("y.a.mesh")->sni == "*.a.mesh");
  CHECK(listener.find("y.b.mesh")->sni == "*.mesh");
  CHECK(listener.find("y.b.org") == nullptr);
}
