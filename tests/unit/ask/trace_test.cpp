#include "ask/trace.hpp"

#include <doctest/doctest.h>

#include <functional>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "sites.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

constexpr const char* kHost = "pay.mesh.global";

ask::Answer asked(const interpret::World& world, const ask::Client& client, std::int64_t port = 80) {
  return ask::trace(world, {client, kHost, port}, ask::Detail::hops);
}

/// "reached 100 % west", or "refused 1113 1114".
std::string told(const ask::Answer& answer) {
  std::string text(ask::word(answer.verdict));
  for (const ask::End& end : answer.ends) text += fmt::format(" {} {}", ask::percent(end.share), end.cluster);
  for (const ask::Cause& cause : answer.causes) text += fmt::format(" {}", cause.row->code);
  return text;
}

std::string from_east(const std::string& east, const std::string& west = kExported,
                      const interpret::Facts& facts = two_clusters()) {
  return told(
      asked(*world(facts, {{"east", east}, {"west", west}}), {.cluster = "east", .ns = "web", .account = "web"}));
}

const std::string kImporter = std::string(kRemote) + kImported;
const std::string kByEgress = std::string(kEgress) + kImported;

interpret::Facts facts_with(const std::function<void(interpret::Facts&)>& change) {
  interpret::Facts facts = two_clusters();
  change(facts);
  return facts;
}

}  // namespace

TEST_CASE("a call goes by the remote network's gateway to the workload") {
  const auto both = world(two_clusters(), {{"east", kImporter}, {"west", kExported}});
  const ask::Answer answer = asked(*both, {.cluster = "east", .ns = "web", .account = "web"});
  CHECK(told(answer) == "reached 100 % west");
  CHECK(answer.identity == "spiffe://east.example/ns/web/sa/web");
  CHECK(answer.ends.front().identity == "spiffe://west.example/ns/shop/sa/pay");
  REQUIRE(answer.endpoints.size() == 1);
  CHECK((answer.endpoints[0].address == "1.1.1.1" && answer.endpoints[0].network == "west"));
  CHECK(answer.hops.size() == 4);
}

TEST_CASE("a call goes by an egress gateway") { CHECK(from_east(kByEgress) == "reached 100 % west"); }

TEST_CASE("where a call ends, the cause has a code") {
  const struct {
    std::string what;
    std::string east;
    std::string west;
    const char* told;
  } kCases[] = {
      {"unknown", kRemote, kExported, "unresolved 1101"},
      {"hidden", edited(kImporter, "location:", "exportTo: [bank]\n  location:"), kExported, "unresolved 1102"},
      {"another port", edited(kImporter, "number: 80", "number: 81"), kExported, "unreachable 1103"},
      {"a port for UDP", edited(kImporter, "protocol: HTTP", "protocol: UDP"), kExported, "unreachable 1103"},
      {"no endpoints at the gateway", kImporter, edited(kExported, "{labels: {app: pay}}", "{labels: {app: other}}"),
       "unreachable 1105"},
      {"no gateway known", kImported, kExported, "unreachable 1106"},
      {"no mTLS", edited(kImporter, ", labels: {security.istio.io/tlsMode: istio}", ""), kExported, "unreachable 1107"},
      {"not passed", kImporter, edited(kExported, "hosts: [pay.mesh.global], tls", "hosts: [x.mesh.global], tls"),
       "unreachable 1109"},
      {"another port number", kImporter, edited(kExported, "number: 80", "number: 81"), "unreachable 1108"},
      {"another listener", kImporter, edited(kExported, "{number: 15443, name", "{number: 15444, name"),
       "unreachable 1109"},
      {"passed twice", kImporter,
       edited(kExported, "{name: ew, namespace: istio-system}",
              "{name: ew, namespace: istio-system, labels: {topology.istio.io/network: west}}"),
       "unreachable 1110"},
      {"another identity", edited(kImporter, "sa/pay", "sa/other"), kExported, "refused 1113"},
      {"not known at the door", kImporter, edited(kExported, "gatewayClassName: istio", "gatewayClassName: other"),
       "unreachable 1120"},
      {"an address without a fact", edited(kImporter, "1.1.1.1", "1.1.1.2"), kExported, "unknown 1123"},
      {"a Sidecar",
       kImporter + "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a, namespace: web}\n",
       kExported, "unknown 100 % west 1122"},
      {"a field", edited(kImporter, "location:", "future: 1\n  location:"), kExported, "unknown 100 % west 1122"},
      {"a route of a sidecar",
       kImporter + "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: "
                   "web}\nspec: {hosts: [pay.mesh.global]}\n",
       kExported, "unknown 100 % west 1122"},
      {"the route leads nowhere", edited(kByEgress, "host: west.gateway", "host: nowhere.gateway"), kExported,
       "unreachable 1111"},
      {"no route for the name", edited(kByEgress, "sniHosts: [outbound_.80_", "sniHosts: [outbound_.81_"), kExported,
       "unreachable 1108"},
      {"encrypted twice",
       kByEgress + "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: "
                   "istio-system}\nspec: {host: west.gateway, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}\n",
       kExported, "unreachable 1112"},
      {"denied", kImporter,
       std::string(kExported) +
           "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: "
           "{action: DENY, rules: [{from: [{source: {notPrincipals: [east.example/ns/bank/*]}}]}]}\n",
       "refused 1117"},
      {"the own network", edited(kImporter, "[{network: west,", "[{network: east,"), kExported, "unreachable 1125"},
  };
  for (const auto& [what, east, west, expected] : kCases) CHECK_MESSAGE(from_east(east, west) == expected, what);
}

TEST_CASE("what the facts say decides as well") {
  const struct {
    std::string what;
    interpret::Facts facts;
    const char* told;
  } kCases[] = {
      {"no DNS capture", facts_with([](auto& facts) { facts.clusters[1].dns_capture = false; }),
       "unresolved 100 % west 1104"},
      {"before Istio allocated addresses", facts_with([](auto& facts) { facts.clusters[1].istio = 24; }),
       "unresolved 100 % west 1104"},
      {"another trust domain", facts_with([](auto& facts) { facts.clusters[0].accepted_domains.clear(); }),
       "refused 1114"},
      {"another account", facts_with([](auto& facts) { facts.clusters[0].workloads[0].account = "x"; }),
       "refused 1113"},
      {"no account", facts_with([](auto& facts) { facts.clusters[0].workloads[0].account = ""; }), "unknown 1123"},
      {"another port", facts_with([](auto& facts) { facts.clusters[0].workloads[0].ports = {80}; }),
       "unreachable 1119"},
      {"no sidecar: its gateway drops it",
       facts_with([](auto& facts) { facts.clusters[0].workloads[0].sidecar = false; }), "unreachable 1107"},
      {"the address is another network's", facts_with([](auto& facts) { facts.doors[0].viewers = {"north"}; }),
       "unknown 1123"},
      {"all causes, not the first", facts_with([](auto& facts) {
         facts.clusters[0].accepted_domains.clear();
         facts.clusters[0].workloads[0].account = "x";
         facts.clusters[0].workloads[0].ports = {80};
       }),
       "unreachable 1119 1113 1114"},
  };
  for (const auto& [what, facts, expected] : kCases)
    CHECK_MESSAGE(from_east(kImporter, kExported, facts) == expected, what);
}

TEST_CASE("a rule whose TLS is not Istio's ends calls, and says so") {
  const auto rule = [](const std::string& mode) {
    return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: mine, namespace: shop}\nspec: "
           "{host: pay.mesh.global, trafficPolicy: {tls: {mode: " +
           mode + "}}}\n---\n";
  };
  for (const char* mode : {"DISABLE", "SIMPLE", "MUTUAL"})
    CHECK_MESSAGE(from_east(kImporter + rule(mode)) == "unreachable 1128", mode);
  CHECK(from_east(kImporter + rule("ISTIO_MUTUAL")) == "reached 100 % west");
  CHECK(from_east(kImporter, kExported + rule("SIMPLE")) == "unreachable 1128");  // for the gateway

  const auto at_home = [&](const std::string& mode, const std::string& mtls, const std::string& protocol) {
    const std::string objects = edited(edited(kExported, "STRICT", mtls), "protocol: HTTP", "protocol: " + protocol);
    const auto both = world(two_clusters(), {{"east", ""}, {"west", objects + rule(mode)}});
    return told(asked(*both, {.cluster = "west", .ns = "web", .account = "web"}));
  };
  CHECK(at_home("SIMPLE", "STRICT", "HTTP") == "refused 1128");
  CHECK(at_home("SIMPLE", "STRICT", "TCP") == "refused 1128");
  CHECK(at_home("SIMPLE", "PERMISSIVE", "HTTP") == "refused 1128");
  CHECK(at_home("SIMPLE", "DISABLE", "HTTP") == "refused 1128");
  CHECK(at_home("SIMPLE", "PERMISSIVE", "TCP") == "unknown 1123");  // it may speak TLS itself
  CHECK(at_home("MUTUAL", "STRICT", "HTTP") == "unknown 1123");     // whose certificate is it?
  CHECK(at_home("MUTUAL", "PERMISSIVE", "HTTP") == "refused 1128");
  CHECK(at_home("DISABLE", "STRICT", "HTTP") == "refused 1115");
  CHECK(at_home("DISABLE", "PERMISSIVE", "HTTP") == "reached 100 % west");
}

TEST_CASE("a proxy demands the identities of a rule, or those that Istio knows") {
  const std::string service =
      "apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {selector: {app: pay}, ports: "
      "[{name: http, port: 80, targetPort: 8080}]}\n---\n";
  const auto demanded = [&](const std::string& host, const std::string& tls) {
    const std::string rule =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: mine, namespace: shop}\nspec: "
        "{host: " +
        host + ", trafficPolicy: {tls: {" + tls + "}}}\n---\n";
    const auto both = world(two_clusters(), {{"east", ""}, {"west", kExported + service + rule}});
    const ask::Answer answer = ask::trace(*both, {{"west"}, host, 80}, ask::Detail::hops);
    return fmt::format("{}", fmt::join(answer.accepted, " "));
  };
  const std::string known = "spiffe://west.example/ns/shop/sa/pay";
  const std::string own = "pay.shop.svc.cluster.local";
  for (const std::string mode : {"ISTIO_MUTUAL", "SIMPLE", "MUTUAL"}) {
    CAPTURE(mode);
    CHECK(demanded(kHost, "mode: " + mode) == known);
    CHECK(demanded(own, "mode: " + mode) == (mode == "ISTIO_MUTUAL" ? known : ""));
    CHECK(demanded(own, "mode: " + mode + ", subjectAltNames: [a]") == "a");
    CHECK(demanded(kHost, "mode: " + mode + ", subjectAltNames: [b, a]") == "a b");
  }
  CHECK(demanded(kHost, "mode: DISABLE") == "");
}

TEST_CASE("a Service of a cluster that is read resolves where proxies look up names themselves") {
  const auto calls = [](bool capture, const std::string& spec) {
    const auto facts = facts_with([&](interpret::Facts& all) {
      all.clusters[1].reads = {"west"};
      all.clusters[1].dns_capture = capture;
    });
    const std::string service = "apiVersion: v1\nkind: Service\nmetadata: {name: nobody, namespace: shop}\nspec: {" +
                                spec + "ports: [{name: http, port: 80}]}\n";
    const auto both = world(facts, {{"east", ""}, {"west", service}});
    return told(ask::trace(*both,
                           {{.cluster = "east", .ns = "web", .account = "web"}, "nobody.shop.svc.cluster.local", 80},
                           ask::Detail::hops));
  };
  CHECK(calls(true, "") == "unreachable 1105");
  CHECK(calls(false, "") == "unresolved 1104 1105");
  CHECK(calls(true, "clusterIP: None, ") == "unresolved 1104 1105");
}

TEST_CASE("pods of a network whose gateway nobody knows are called in vain") {
  const interpret::Facts reading = facts_with([](interpret::Facts& all) { all.clusters[1].reads = {"west"}; });
  const std::string entry =
      edited(edited(kImported, "endpoints: [{network: west, labels: {security.istio.io/tlsMode: istio}}]",
                    "workloadSelector: {labels: {app: pay}}"),
             "protocol: HTTP", "protocol: HTTP, targetPort: 8080");
  const std::string there = edited(kExported, "infrastructure: {labels: {topology.istio.io/network: west}}",
                                   "infrastructure: {labels: {topology.istio.io/network: north}}");
  CHECK(from_east(entry, there, reading) == "unreachable 1106");
}

TEST_CASE("a router passes on what it has a Route for") {
  const std::string routed = std::string(kExported) + R"(
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: r, namespace: istio-system}
spec: {host: pay-80.mesh.global, to: {kind: Service, name: ew-istio}, port: {targetPort: 15443}, tls: {termination: passthrough}}
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: r, namespace: istio-system}
spec:
  workloadSelector: {labels: {gateway.networking.k8s.io/gateway-name: ew}}
  configPatches:
  - applyTo: FILTER_CHAIN
    match: {context: GATEWAY, listener: {portNumber: 15443, filterChain: {sni: outbound_.80_._.pay.mesh.global}}}
    patch: {operation: MERGE, value: {filter_chain_match: {server_names: [pay-80.mesh.global]}}}
---
)";
  const std::string named = std::string(kRemote) + kImported + R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec: {host: pay.mesh.global, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: pay-80.mesh.global}}}
)";
  interpret::Facts facts = two_clusters();
  facts.doors[0].router = true;
  const auto verdict = [&](const std::string& east, const std::string& west) {
    const auto both = world(facts, {{"east", east}, {"west", west}});
    const ask::Answer answer = ask::trace(*both, {{"east"}, "pay.mesh.global", 80}, ask::Detail::hops);
    return std::string(ask::word(answer.verdict)) + (answer.causes.empty() ? "" : ": " + answer.causes.front().message);
  };
  CHECK(verdict(named, routed) == "reached");
  CHECK(verdict(std::string(kRemote) + kImported, routed) ==
        "unreachable: the router of cluster \"west\" does not pass `outbound_.80_._.pay.mesh.global`");
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"termination: passthrough", "termination: edge"},
                                 {"name: ew-istio", "name: other"},
                                 {"targetPort: 15443", "targetPort: 443"}})
    CHECK(verdict(named, edited(routed, from, to)).starts_with("unreachable: the router of cluster"));
}

TEST_CASE("plain text is refused where mTLS is strict, and mTLS where nobody understands it") {
  const std::string rule =
      "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: shop}\nspec: {host: "
      "pay.mesh.global, trafficPolicy: {tls: {mode: DISABLE}}}\n";
  const auto from_west = [](const std::string& west, bool sidecar) {
    interpret::Facts facts = two_clusters();
    facts.clusters[0].workloads[0].sidecar = sidecar;
    return told(asked(*world(facts, {{"west", west}}), {.cluster = "west"}));
  };
  CHECK(from_west(kExported, true) == "reached 100 % west");
  CHECK(from_west(kExported + rule, true) == "refused 1115");
  CHECK(from_west(kExported, false) == "reached 100 % west");
  CHECK(from_west(kExported + edited(rule, "DISABLE", "ISTIO_MUTUAL"), false) == "refused 1116");
}

TEST_CASE("a share that dies makes an answer partly") {
  interpret::Facts facts = two_clusters();
  facts.clusters[1].workloads = {pods("pay", {{"app", "pay"}})};
  const std::string merged = edited(
      edited(kImporter, "endpoints: [{network: west, labels: {security.istio.io/tlsMode: istio}}]",
             "workloadSelector: {labels: {app: pay}}"),
      "---\n",
      "---\napiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: w, namespace: shop, labels: "
      "{app: pay, security.istio.io/tlsMode: istio}}\nspec: {network: west, weight: 3}\n---\n");
  const auto tell = [&](const std::string& west) {
    return told(asked(*world(facts, {{"east", merged}, {"west", west}}), {.cluster = "east"}));
  };
  CHECK(tell(kExported) == "reached 25 % east 75 % west");
  CHECK(tell(edited(kExported, "hosts: [pay.mesh.global], tls", "hosts: [x], tls")) == "partly 25 % east 1109");
}

TEST_CASE("gateways without a network view send calls on, and back") {
  interpret::Facts facts = two_clusters();
  facts.clusters[1].workloads = {pods("pay", {{"app", "pay"}})};
  facts.clusters[0].accepted_domains = {"east.example"};
  facts.clusters[1].accepted_domains = {"west.example"};
  facts.doors.push_back({.address = "2.2.2.2",
                         .port = 15443,
                         .viewers = {},
                         .cluster = "east",
                         .ns = "istio-system",
                         .gateway = "ew-istio",
                         .listener = 15443});
  const auto site = [](const std::string& network, const std::string& address) {
    const std::string entry =
        "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: w, namespace: shop, labels: {app: "
        "pay, security.istio.io/tlsMode: istio}}\nspec: {network: " +
        network + "}\n---\n";
    std::string remote = edited(edited(kRemote, "network: west", "network: " + network), "1.1.1.1", address);
    return remote + entry + edited(kExported, "infrastructure: {labels: {topology.istio.io/network: west}}", "");
  };
  const std::string sans =
      "\n  subjectAltNames: [\"spiffe://west.example/ns/shop/sa/pay\", "
      "\"spiffe://east.example/ns/shop/sa/pay\"]";
  const std::string east = edited(site("west", "1.1.1.1"), "location: MESH_INTERNAL", "location: MESH_INTERNAL" + sans);
  const auto both = world(facts, {{"east", east}, {"west", site("east", "2.2.2.2")}});
  // Half stays at home; of what arrives at a gateway half stays there, and the other half is sent back.
  const ask::Answer answer = asked(*both, {.cluster = "east"});
  CHECK(answer.verdict == ask::Verdict::reached);
  REQUIRE(answer.ends.size() == 2);
  CHECK(answer.ends[0].share == doctest::Approx(2.0 / 3));
  CHECK(answer.ends[1].share == doctest::Approx(1.0 / 3));
}

TEST_CASE("a caller that no object names is nobody in particular") {
  const std::string denied =
      std::string(kExported) +
      "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: "
      "{action: DENY, rules: [{from: [{source: {notPrincipals: [east.example/ns/bank/sa/web]}}]}]}\n";
  const auto both = world(two_clusters(), {{"east", kImporter}, {"west", denied}});
  CHECK(told(asked(*both, {.cluster = "east", .ns = "bank", .account = "web"})) == "reached 100 % west");
  CHECK(told(asked(*both, {.cluster = "east", .ns = "bank"})) == "refused 1117");
  CHECK(told(asked(*both, {.cluster = "east"})) == "refused 1117");
}
