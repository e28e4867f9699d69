#include "diff/risks.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "diff/lookup.hpp"
#include "yaml/reader.hpp"

using namespace meshfed;
using diff::Change;

namespace {

constexpr const char* kNone = "";

yaml::Map map_of(const std::string& text) {
  const yaml::Reading reading = yaml::read(text);
  REQUIRE_MESSAGE(reading.problem.empty(), reading.problem);
  return std::get<yaml::Map>(reading.documents.front().data());
}

// What changes from one object to the other, either of which may be missing.
Change change_of(const std::string& before, const std::string& after) {
  if (before == kNone)
    return {.action = diff::Action::add, .id = *diff::id_of(map_of(after)), .document = map_of(after)};
  const yaml::Map old = map_of(before);
  if (after == kNone) return {.action = diff::Action::remove, .id = *diff::id_of(old), .document = old};
  const yaml::Map now = map_of(after);
  return {.action = diff::Action::change,
          .id = *diff::id_of(now),
          .document = now,
          .fields = diff::compare_fields(old, now)};
}

std::string object(const std::string& version, const std::string& kind, const std::string& name,
                   const std::string& spec, const std::string& meta = "") {
  return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {namespace: ns, name: " + name + meta +
         "}, spec: {" + spec + "}}";
}

std::string istio(const std::string& kind, const std::string& name, const std::string& spec) {
  return object("networking.istio.io/v1", kind, name, spec);
}

std::string gateway(const std::string& spec, const std::string& meta = "") {
  return object("gateway.networking.k8s.io/v1", "Gateway", "gw", spec, meta);
}

std::string security(const std::string& kind, const std::string& spec) {
  return object("security.istio.io/v1", kind, "a.b", spec);
}

const std::string kNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: ns}}";
const std::string kKeptNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: ns, annotations: {a: b}}}";

struct Case {
  std::string what;
  std::string before;
  std::string after;
  const char* rules;  // "name:level", in order
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"a namespace goes", kNamespace, kNone, "namespace-removed:high"},
      {"one that is kept", kKeptNamespace, kNone, "namespace-left:low"},
      {"a host goes", istio("ServiceEntry", "a.b", ""), kNone, "host-removed:high"},
      {"a backend goes", istio("ServiceEntry", "egress-to-w", ""), kNone, kNone},
      {"a Service of callers goes", object("v1", "Service", "s", "selector: {a: b}"), kNone, "host-removed:high"},
      {"a port moves", istio("ServiceEntry", "a.b", "ports: [{name: p, number: 1}]"),
       istio("ServiceEntry", "a.b", "ports: [{name: p, number: 2}]"), "host-ports:high"},
      {"a port comes", istio("ServiceEntry", "a.b", "ports: [{name: p}]"),
       istio("ServiceEntry", "a.b", "ports: [{name: p}, {name: q}]"), kNone},
      {"identities", istio("ServiceEntry", "a.b", "subjectAltNames: [x]"),
       istio("ServiceEntry", "a.b", "subjectAltNames: [y]"), "host-identity:high"},
      {"not a prefix of a word", istio("ServiceEntry", "a.b", "portsX: [1]"),
       istio("ServiceEntry", "a.b", "portsX: [2]"), kNone},
      {"who sees a Service", object("v1", "Service", "s", "selector: {a: b}", ", annotations: {e: x}"),
       object("v1", "Service", "s", "selector: {a: b}", ", annotations: {e: z}"), "host-visibility:high"},
      {"sources", istio("ServiceEntry", "a.b", "endpoints: [{network: w, weight: 1}]"),
       istio("ServiceEntry", "a.b", "endpoints: [{network: w, weight: 2}]"), "host-sources:medium"},
      {"a source comes", kNone, istio("WorkloadEntry", "w.a.b", "network: w"), "host-sources:medium"},
      {"a source goes", istio("WorkloadEntry", "w.a.b", "network: w"), kNone, "host-sources:medium"},
      {"callers are restricted", kNone, security("AuthorizationPolicy", "action: DENY"), "callers-restricted:high"},
      {"callers are free", security("AuthorizationPolicy", "action: DENY"), kNone, "callers-open:high"},
      {"callers change", security("AuthorizationPolicy", "rules: [{a: 1}]"),
       security("AuthorizationPolicy", "rules: [{a: 2}]"), "callers-changed:high"},
      {"mTLS", security("PeerAuthentication", "mtls: {mode: STRICT}"),
       security("PeerAuthentication", "mtls: {mode: PERMISSIVE}"), "mesh-mtls:high"},
      {"labels that Istio copies", gateway("gatewayClassName: istio", ", labels: {a: b}"),
       gateway("gatewayClassName: istio", ", labels: {a: c}"), "gateway-pods:medium"},
      {"labels that it does not copy",
       gateway("gatewayClassName: istio, infrastructure: {labels: {x: y}}", ", labels: {a: b}"),
       gateway("gatewayClassName: istio, infrastructure: {labels: {x: y}}", ", labels: {a: c}"), kNone},
      {"labels of a gateway elsewhere", gateway("gatewayClassName: istio-remote", ", labels: {a: b}"),
       gateway("gatewayClassName: istio-remote", ", labels: {a: c}"), kNone},
      {"the template", gateway("gatewayClassName: istio, infrastructure: {labels: {x: y}}"),
       gateway("gatewayClassName: istio, infrastructure: {labels: {x: z}}"), "gateway-pods:medium"},
      {"the Service's type",
       gateway("gatewayClassName: istio", ", annotations: {networking.istio.io/service-type: ClusterIP}"),
       gateway("gatewayClassName: istio", ", annotations: {networking.istio.io/service-type: NodePort}"),
       "gateway-pods:medium gateway-address:high"},
      {"a gateway goes", gateway("gatewayClassName: istio"), kNone, "gateway-removed:high"},
      {"a gateway that only the cluster dials comes", kNone,
       gateway("gatewayClassName: istio", ", annotations: {networking.istio.io/service-type: ClusterIP}"), kNone},
      {"a gateway comes", kNone, gateway("gatewayClassName: istio"), "gateway-added:low"},
      {"the way to a network", gateway("gatewayClassName: istio-remote, addresses: [{value: 1.2.3.4}]"),
       gateway("gatewayClassName: istio-remote, addresses: [{value: 1.2.3.5}]"), "network-way:high"},
      {"no way to a network", gateway("gatewayClassName: istio-remote"), kNone, "network-cut:high"},
      {"a gateway opens", istio("Gateway", "gw", "servers: [{port: {name: t}, hosts: [a]}]"),
       istio("Gateway", "gw", "servers: [{port: {name: t}, hosts: [a, b]}]"), "gateway-opens:medium"},
      {"a gateway closes", istio("Gateway", "gw", "servers: [{port: {name: t}, hosts: [a, b]}]"),
       istio("Gateway", "gw", "servers: [{port: {name: t}, hosts: [a]}]"), "gateway-closes:high"},
      {"egress", istio("VirtualService", "egress-to-w", "tls: [{a: 1}]"),
       istio("VirtualService", "egress-to-w", "tls: [{a: 2}]"), "egress:medium"},
      {"a backend moves", istio("ServiceEntry", "egress-to-w", "endpoints: [{address: a}]"),
       istio("ServiceEntry", "egress-to-w", "endpoints: [{address: b}]"), "egress:high"},
      {"a label of no consequence", istio("ServiceEntry", "a.b", ""),
       object("networking.istio.io/v1", "ServiceEntry", "a.b", "", ", labels: {a: b}"), kNone},
      {"a kind that nobody knows", object("x/v1", "Thing", "a.b", "a: 1"), kNone, kNone},
      {"a port of a Service moves", object("v1", "Service", "s", "ports: [{name: p, port: 1}]"),
       object("v1", "Service", "s", "ports: [{name: p, port: 2}]"), "host-ports:high"},
      {"other pods", istio("ServiceEntry", "a.b", "workloadSelector: {labels: {a: b}}"),
       istio("ServiceEntry", "a.b", "workloadSelector: {labels: {a: c}}"), "host-workloads:medium"},
      {"a source's weight", istio("WorkloadEntry", "w.a.b", "weight: 1"), istio("WorkloadEntry", "w.a.b", "weight: 2"),
       "host-sources:medium"},
      {"who sees a host", istio("ServiceEntry", "a.b", "exportTo: [x]"), istio("ServiceEntry", "a.b", "exportTo: [z]"),
       "host-visibility:high"},
      {"how calls are spread", istio("DestinationRule", "a.b", "host: a.b"),
       istio("DestinationRule", "a.b", "host: a.b, trafficPolicy: {a: 1}"), "host-balancing:medium"},
      {"a backend's rule", istio("DestinationRule", "egress-to-w", "trafficPolicy: {a: 1}"),
       istio("DestinationRule", "egress-to-w", "trafficPolicy: {a: 2}"), kNone},
      {"mTLS comes", kNone, security("PeerAuthentication", "mtls: {mode: STRICT}"), "mesh-mtls:high"},
      {"mTLS goes", security("PeerAuthentication", "mtls: {mode: STRICT}"), kNone, "mesh-mtls:high"},
      {"annotations that Istio copies", gateway("gatewayClassName: istio", ", annotations: {a: b}"),
       gateway("gatewayClassName: istio", ", annotations: {a: c}"), "gateway-pods:medium"},
      {"ports of a gateway", gateway("gatewayClassName: istio, listeners: [{name: l, port: 1}]"),
       gateway("gatewayClassName: istio, listeners: [{name: l, port: 2}]"), "gateway-ports:medium"},
      {"another class", gateway("gatewayClassName: istio"), gateway("gatewayClassName: other"), "gateway-class:high"},
      {"the port of a network", gateway("gatewayClassName: istio-remote, listeners: [{name: l, port: 1}]"),
       gateway("gatewayClassName: istio-remote, listeners: [{name: l, port: 2}]"), "network-way:high"},
      {"what a gateway lets through goes", istio("Gateway", "gw", "servers: [{hosts: [a]}]"), kNone,
       "gateway-closes:high"},
      {"what a gateway lets through comes", kNone, istio("Gateway", "gw", "servers: [{hosts: [a]}]"),
       "gateway-opens:medium"},
      {"a route of an egress gateway goes", istio("VirtualService", "egress-to-w", "tls: [{a: 1}]"), kNone,
       "egress:high"},
      {"a TLSRoute", object("gateway.networking.k8s.io/v1", "TLSRoute", "egress-to-w", "hostnames: [a]"),
       object("gateway.networking.k8s.io/v1", "TLSRoute", "egress-to-w", "hostnames: [b]"), "egress:medium"},
      {"a TLSRoute goes", object("gateway.networking.k8s.io/v1", "TLSRoute", "egress-to-w", "hostnames: [a]"), kNone,
       "egress:high"},
      {"a backend in a slice moves", object("discovery.k8s.io/v1", "EndpointSlice", "egress-to-w-ipv4", "a: 1"),
       object("discovery.k8s.io/v1", "EndpointSlice", "egress-to-w-ipv4", "a: 2"), "egress:high"},
  };
  return kCases;
}

}  // namespace

TEST_CASE("what a change may do") {
  for (const auto& [what, before, after, rules] : cases()) {
    INFO(what);
    std::string found;
    for (const diff::Risk& risk : diff::risks_of(change_of(before, after))) {
      if (!found.empty()) found += ' ';
      found += std::string(risk.rule) + ':' + std::string(diff::word(risk.level));
    }
    CHECK(found == rules);
  }
}

TEST_CASE("each row of the table of risks is told by some case") {
  for (const diff::RiskRule& rule : diff::risk_rules()) {
    bool told = false;
    for (const auto& [what, before, after, rules] : cases()) {
      const Change change = change_of(before, after);
      if (change.action != rule.action || diff::identity_of(change.id).kind != rule.kind) continue;
      for (const diff::Risk& risk : diff::risks_of(change)) told |= risk.rule == rule.name && risk.text == rule.text;
    }
    CHECK_MESSAGE(told, rule.name << " of " << rule.kind << ", " << rule.field << ": " << rule.text);
  }
}

TEST_CASE("a new cluster is worth knowing, one that goes is a risk") {
  using State = diff::Cluster::State;
  CHECK(diff::risks_of(diff::Cluster{.name = "a", .state = State::kept}).empty());
  CHECK(diff::risks_of(diff::Cluster{.name = "a", .state = State::added}).front().level == diff::Level::low);
  CHECK(diff::risks_of(diff::Cluster{.name = "a", .state = State::removed}).front().level == diff::Level::high);
}
