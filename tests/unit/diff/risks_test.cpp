#include "diff/risks.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "diff/lookup.hpp"
#include "unit/diff/risk_cases.hpp"
#include "yaml/reader.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using diff::Change;

namespace {

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
          .fields = diff::compare_fields(old, now),
          .before = old};
}

std::string gateway(const std::string& spec, const std::string& meta = "") {
  return object("gateway.networking.k8s.io/v1", "Gateway", "gw", spec, meta);
}

std::string security(const std::string& kind, const std::string& spec) {
  return object("security.istio.io/v1", kind, "a.b", spec);
}

const std::string kNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: ns}}";
const std::string kKeptNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: ns, annotations: {a: b}}}";

// One kind of object with two specs, by short names.
std::string entry(const std::string& spec) { return istio("ServiceEntry", "a.b", spec); }
std::string backend(const std::string& spec) { return istio("ServiceEntry", "egress-to-w", spec); }
std::string workload(const std::string& spec) { return istio("WorkloadEntry", "w.a.b", spec); }
std::string rule(const std::string& spec) { return istio("DestinationRule", "a.b", spec); }
std::string backend_rule(const std::string& spec) { return istio("DestinationRule", "egress-to-w", spec); }
std::string virtual_service(const std::string& spec) { return istio("VirtualService", "egress-to-w", spec); }
std::string servers(const std::string& spec) { return istio("Gateway", "gw", spec); }
std::string service(const std::string& spec, const std::string& meta = "") {
  return object("v1", "Service", "s", spec, meta);
}
std::string route(const std::string& spec, const std::string& version = "v1") {
  return object("gateway.networking.k8s.io/" + version, "TLSRoute", "egress-to-w", spec);
}
std::string slice(const std::string& body, const std::string& service = "s") {
  return "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: ns, name: egress-to-w-ipv4, "
         "labels: {kubernetes.io/service-name: " +
         service + "}}, " + body + "}";
}
std::string list(const std::string& body, const std::string& version = "v1beta1",
                 const std::string& kind = "Kustomization") {
  return "{apiVersion: kustomize.config.k8s.io/" + version + ", kind: " + kind +
         ", metadata: {name: kustomization.yaml}, " + body + "}";
}
std::string deployed(const std::string& spec, const std::string& meta = "") {
  return gateway("gatewayClassName: istio, infrastructure: {labels: {n: e}, annotations: {x: y}}, " + spec, meta);
}
std::string typed(const std::string& type) {
  return deployed("", ", annotations: {networking.istio.io/service-type: " + type + "}");
}
std::string remote(const std::string& spec, const std::string& meta = "") {
  return gateway("gatewayClassName: istio-remote, " + spec, meta);
}
std::string policy(const std::string& principals, const std::string& ports, const std::string& more = "") {
  return security("AuthorizationPolicy", "rules: [{from: [{source: {notPrincipals: [" + principals +
                                             "]}}], to: [{operation: {ports: [" + ports + "]}}]}]" + more);
}
std::string mode(const std::string& mode, const std::string& more = "") {
  return security("PeerAuthentication", "mtls: {mode: " + mode + "}" + more);
}
std::string labelled(const std::string& labels) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: ns, labels: {" + labels + "}}}";
}
std::string visible(const std::string& namespaces) {
  return service("selector: {a: b}", ", annotations: {networking.istio.io/exportTo: \"" + namespaces + "\"}");
}

const std::string kRevisioned = ", labels: {istio.io/rev: r1}", kOtherRevision = ", labels: {istio.io/rev: r2}";

std::vector<Case> host_cases() {
  return {
      {"a host goes", entry(""), kNone, "host-removed:high"},
      {"it moves to another namespace", entry(""), kNone, "host-moved:medium", true},
      {"and its Service", service("selector: {a: b}"), kNone, "host-moved:medium", true},
      {"and a source", workload("network: w"), kNone, kNone, true},
      {"it is called otherwise", entry("hosts: [a]"), entry("hosts: [b]"), "host-removed:high host-added:low"},
      {"a port moves", entry("ports: [{name: p, number: 1}]"), entry("ports: [{name: p, number: 2}]"),
       "host-ports:high host-port-added:low"},
      {"a port goes", entry("ports: [{name: p, number: 1}, {name: q, number: 2}]"),
       entry("ports: [{name: p, number: 1}]"), "host-ports:high host-port-name:low"},
      {"a port comes", entry("ports: [{name: p, number: 1}]"),
       entry("ports: [{name: p, number: 1}, {name: q, number: 2, protocol: TCP, targetPort: 3}]"),
       "host-port-added:low"},
      {"ports in another order", entry("ports: [{name: p, number: 1}, {name: q, number: 2}]"),
       entry("ports: [{name: q, number: 2}, {name: p, number: 1}]"), kNone},
      {"a port is renamed", entry("ports: [{name: p, number: 1}]"), entry("ports: [{name: q, number: 1}]"),
       "host-port-name:low"},
      {"two ports swap their targets",
       entry("workloadSelector: {}, ports: [{name: p, targetPort: 1}, {name: q, targetPort: 2}]"),
       entry("workloadSelector: {}, ports: [{name: p, targetPort: 2}, {name: q, targetPort: 1}]"), "host-target:high"},
      {"a target appears", entry("workloadSelector: {}, ports: [{name: p, number: 1}]"),
       entry("workloadSelector: {}, ports: [{name: p, number: 1, targetPort: 2}]"), "host-target:high"},
      {"the target of who only imports", entry("ports: [{name: p, targetPort: 1}]"), entry("ports: [{name: p}]"),
       "host-target:low"},
      {"a protocol", entry("ports: [{name: p, protocol: TCP}]"), entry("ports: [{name: p, protocol: HTTP}]"),
       "host-protocol:high"},
      {"identities change", entry("subjectAltNames: [x]"), entry("subjectAltNames: [y]"),
       "host-identity:high host-identity:medium"},
      {"fewer identities", entry("subjectAltNames: [x, y]"), entry("subjectAltNames: [y]"), "host-identity:high"},
      {"more identities", entry("subjectAltNames: [x]"), entry("subjectAltNames: [x, y]"), "host-identity:medium"},
      {"identities for the first time", entry(""), entry("subjectAltNames: [y]"), "host-identity:high"},
      {"no identities any more", entry("subjectAltNames: [x]"), entry(""), "host-identity:high"},
      {"an empty list of them", entry("subjectAltNames: [x]"), entry("subjectAltNames: []"), "host-identity:high"},
      {"beside local pods", entry("workloadSelector: {}, subjectAltNames: [x]"), entry("workloadSelector: {}"),
       "host-identity:high"},
      {"not a prefix of a word", entry("portsX: [1]"), entry("portsX: [2]"), kNone},
      {"who sees it", entry("exportTo: [x]"), entry("exportTo: [z]"), "host-visibility:high host-visibility:medium"},
      {"fewer see it", entry("exportTo: [x, z]"), entry("exportTo: [z]"), "host-visibility:high"},
      {"more see it", entry("exportTo: [x]"), entry("exportTo: [x, z]"), "host-visibility:medium"},
      {"not all see it", entry(""), entry("exportTo: [z]"), "host-visibility:high"},
      {"not all see it, who were told so", entry("exportTo: ['*']"), entry("exportTo: [z]"), "host-visibility:high"},
      {"all see it", entry("exportTo: [x]"), entry(""), "host-visibility:medium"},
      {"all see it, and are told so", entry("exportTo: [x]"), entry("exportTo: ['*']"), "host-visibility:medium"},
      {"all saw it all the time", entry(""), entry("exportTo: ['*']"), kNone},
      {"a fixed address", entry(""), entry("addresses: [10.0.0.1]"), "host-addresses:medium"},
      {"no fixed address any more", entry("addresses: [10.0.0.1]"), entry(""), "host-addresses:high"},
      {"another address", entry("addresses: [10.0.0.1]"), entry("addresses: [10.0.0.2]"),
       "host-addresses:high host-addresses:low"},
      {"one address less", entry("addresses: [10.0.0.1, '::1']"), entry("addresses: ['::1']"), "host-addresses:high"},
      {"sources weigh otherwise", entry("endpoints: [{network: w, weight: 1}]"),
       entry("endpoints: [{network: w, weight: 2}]"), "host-weights:medium"},
      {"they swap their weights", entry("endpoints: [{network: v, weight: 1}, {network: w, weight: 2}]"),
       entry("endpoints: [{network: v, weight: 2}, {network: w, weight: 1}]"), "host-weights:medium"},
      {"a source is elsewhere", entry("endpoints: [{network: w, locality: a}]"), entry("endpoints: [{network: w}]"),
       "host-locality:medium"},
      {"a source comes", entry("endpoints: [{network: w}]"),
       entry("endpoints: [{network: w}, {network: v, weight: 1, locality: a, labels: {a: b}}]"), "host-sources:medium"},
      {"a source goes", entry("endpoints: [{network: w}, {network: v, weight: 1}]"), entry("endpoints: [{network: w}]"),
       "host-sources:medium"},
      {"sources go to entries of their own", entry("endpoints: [{network: w}]"),
       entry("workloadSelector: {labels: {a: b}}"), "host-workloads:medium host-sources:medium"},
      {"no pods here any more", entry("workloadSelector: {labels: {a: b}}"), entry("endpoints: [{network: w}]"),
       "host-workloads:high host-sources:medium"},
      {"other pods", entry("workloadSelector: {labels: {a: b}}"), entry("workloadSelector: {labels: {a: c}}"),
       "host-workloads:medium"},
      {"an endpoint's address", entry("endpoints: [{network: w, address: a}]"), entry("endpoints: [{network: w}]"),
       "host-sources:medium"},
      {"endpoints without mTLS", entry("endpoints: [{network: w, labels: {a: b}}]"), entry("endpoints: [{network: w}]"),
       "host-mtls:high"},
      {"outside of the mesh", entry("location: MESH_INTERNAL"), entry("location: MESH_EXTERNAL"), "host-mtls:high"},
      {"looked up", entry("resolution: STATIC"), entry("resolution: DNS"), "host-resolution:medium"},
      {"a label of no consequence", entry(""),
       object("networking.istio.io/v1", "ServiceEntry", "a.b", "", ", labels: {a: b}"), kNone},

      {"a source comes, and is selected", kNone, workload("network: w"), "host-sources:medium"},
      {"a source goes, that was selected", workload("network: w"), kNone, "host-sources:medium"},
      {"its weight", workload("weight: 1"), workload("weight: 2"), "host-weights:medium"},
      {"its locality", workload("locality: a"), workload(""), "host-locality:medium"},
      {"its network", workload("network: w"), workload("network: v"), "host-sources:high"},
      {"its labels", object("networking.istio.io/v1", "WorkloadEntry", "w.a.b", "", ", labels: {a: b}"), workload(""),
       "host-sources:medium"},
      {"its mTLS",
       object("networking.istio.io/v1", "WorkloadEntry", "w.a.b", "",
              ", labels: {security.istio.io/tlsMode: istio, a: b}"),
       object("networking.istio.io/v1", "WorkloadEntry", "w.a.b", "", ", labels: {a: b}"), "host-mtls:high"},
      {"its identity", workload("serviceAccount: a"), workload("serviceAccount: b"), "host-identity:high"},
      {"an identity for the first time", workload(""), workload("serviceAccount: b"), "host-identity:high"},
      {"no identity any more", workload("serviceAccount: a"), workload(""), "host-identity:high"},

      {"a Service of callers goes", service("selector: {a: b}"), kNone, "host-removed:high"},
      {"a port of a Service moves", service("ports: [{name: p, port: 1}]"), service("ports: [{name: p, port: 2}]"),
       "host-ports:high host-port-added:low"},
      {"a port of a Service is renamed", service("ports: [{name: p, port: 1}]"), service("ports: [{name: q, port: 1}]"),
       "host-port-name:low"},
      {"its target", service("ports: [{name: p, targetPort: 1}]"), service("ports: [{name: p, targetPort: 2}]"),
       "host-target:low"},
      {"its protocols", service("ports: [{name: p, protocol: TCP, appProtocol: http}]"),
       service("ports: [{name: p, protocol: UDP, appProtocol: tcp}]"), "host-protocol:high"},
      {"who sees a Service", visible("x"), visible("z"), "host-visibility:high host-visibility:medium"},
      {"not all see a Service", service("selector: {a: b}"), visible("x, z"), "host-visibility:high"},
      {"all see a Service", visible("x,z"), service("selector: {a: b}"), "host-visibility:medium"},
      {"all saw it", service("selector: {a: b}"), visible("*"), kNone},
      {"another annotation", service("selector: {a: b}", ", annotations: {e: x}"), service("selector: {a: b}"), kNone},
      {"a Service's selector", service("selector: {a: b}"), service("selector: {a: c}"), "host-workloads:high"},
      {"an address for a headless Service", service("clusterIP: None"), service("clusterIP: 10.0.0.1"),
       "host-type:high"},
      {"a backend's Service goes", service("clusterIP: None"), kNone, "egress:high"},

      {"a rule comes", kNone, rule("host: a.b"), "host-balancing:medium"},
      {"a rule goes", rule("host: a.b"), kNone, "host-balancing:medium"},
      {"how calls are spread", rule("trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: true}}}"),
       rule("trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: false}}}"), "host-balancing:medium"},
      {"what fails stays in", rule("trafficPolicy: {outlierDetection: {interval: 1s}}"), rule("trafficPolicy: {}"),
       "host-outliers:medium"},
      {"what fails is left out", rule(""), rule("trafficPolicy: {outlierDetection: {interval: 1s}}"),
       "host-outliers:low"},
      {"what fails is left out longer", rule("trafficPolicy: {outlierDetection: {interval: 1s}}"),
       rule("trafficPolicy: {outlierDetection: {interval: 2s}}"), "host-outliers:medium"},
      {"a limit of somebody's", rule("trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}"),
       rule("trafficPolicy: {}"), "host-balancing:medium"},
      {"another host's rule", rule("host: a.b"), rule("host: c.d"), "host-balancing:medium"},
      {"a rule for fewer", rule("host: a.b"), rule("host: a.b, exportTo: [x]"), "host-balancing:medium"},
      {"TLS of calls", rule("trafficPolicy: {tls: {mode: DISABLE}}"), rule(""), "host-mtls:high"},
  };
}

std::vector<Case> policy_cases() {
  return {
      {"a namespace goes", kNamespace, kNone, "namespace-removed:high"},
      {"one that is kept", kKeptNamespace, kNone, "namespace-left:low"},
      {"one may be pruned", kKeptNamespace, kNamespace, "namespace-unprotected:high"},
      {"one is kept from now on", kNamespace, kKeptNamespace, "namespace-protected:low"},
      {"a namespace with sidecars", kNone, labelled("istio-injection: enabled"), "namespace-injection:low"},
      {"one without", kNone, labelled("a: b"), kNone},
      {"another revision", labelled("istio.io/rev: a"), labelled("istio.io/rev: b"), "namespace-injection:medium"},
      {"a revision for the first time", labelled("istio-injection: enabled"), labelled("istio.io/rev: b"),
       "namespace-injection:medium"},
      {"no sidecars any more", labelled("istio-injection: enabled"), labelled("a: b"), "namespace-injection:high"},
      {"nor of a revision", labelled("istio.io/rev: a"), labelled("a: b"), "namespace-injection:high"},

      {"callers are restricted", kNone, policy("a", "'1'"), "callers-restricted:high"},
      {"callers are free", policy("a", "'1'"), kNone, "callers-open:high"},
      {"other callers", policy("a", "'1'"), policy("b", "'1'"), "callers-restricted:high callers-open:high"},
      {"fewer callers", policy("a, b", "'1'"), policy("b", "'1'"), "callers-restricted:high"},
      {"more callers", policy("b", "'1'"), policy("a, b", "'1'"), "callers-open:high"},
      {"no callers", policy("a", "'1'"),
       security("AuthorizationPolicy", "rules: [{to: [{operation: {ports: ['1']}}]}]"), "callers-restricted:high"},
      {"callers for the first time", security("AuthorizationPolicy", "rules: [{to: [{operation: {ports: ['1']}}]}]"),
       policy("a", "'1'"), "callers-open:high"},
      {"fewer ports", policy("a", "'1', '2'"), policy("a", "'1'"), "callers-open:high"},
      {"more ports", policy("a", "'1'"), policy("a", "'1', '2'"), "callers-restricted:high"},
      {"all ports", policy("a", "'1'"),
       security("AuthorizationPolicy", "rules: [{from: [{source: {notPrincipals: [a]}}]}]"), "callers-restricted:high"},
      {"not all ports", security("AuthorizationPolicy", "rules: [{from: [{source: {notPrincipals: [a]}}]}]"),
       policy("a", "'1'"), "callers-open:high"},
      {"other pods are protected", policy("a", "'1'", ", selector: {matchLabels: {a: b}}"),
       policy("a", "'1'", ", selector: {matchLabels: {a: c}}"), "callers-changed:high"},
      {"the action", policy("a", "'1'", ", action: DENY"), policy("a", "'1'", ", action: ALLOW"),
       "callers-changed:high"},
      {"a condition of somebody's", security("AuthorizationPolicy", "rules: [{when: [{key: a}]}]"),
       security("AuthorizationPolicy", "rules: [{}]"), "callers-changed:high"},

      {"mTLS is demanded", kNone, mode("STRICT"), "mesh-mtls:high"},
      {"mTLS is not demanded", kNone, mode("PERMISSIVE"), "mesh-mtls:medium"},
      {"mTLS from now on", mode("PERMISSIVE"), mode("STRICT"), "mesh-mtls:high"},
      {"mTLS no more", mode("STRICT"), mode("PERMISSIVE"), "mesh-mtls:high"},
      {"nobody demands mTLS", mode("STRICT"), kNone, "mesh-mtls:high"},
      {"nobody did", mode("PERMISSIVE"), kNone, "mesh-mtls:low"},
      {"mTLS of a port", mode("STRICT", ", portLevelMtls: {a: b}"), mode("STRICT"), "mesh-mtls:high"},

      {"an entry was taken out", list("resources: [a]"), list("resources: [a, b]"), "list-entries:high"},
      {"an entry was added", list("resources: [a, b]"), list("resources: [a]"), "list-entries:high"},
      {"a patch was added", list("resources: [a], patches: [{path: b}]"), list("resources: [a]"),
       "list-transforms:high"},
      {"a prefix was added", list("resources: [a], namePrefix: x"), list("resources: [a]"), "list-transforms:high"},
      {"another kind", list("resources: [a]", "v1beta1", "Component"), list("resources: [a]"), "list-broken:high"},
      {"another version", list("resources: [a]", "v2"), list("resources: [a]"), "list-broken:high"},
      {"a list is missing", kNone, list("resources: [a]"), "list-missing:high"},
      {"an edited list goes", list("resources: [a]"), kNone, "list-removed:high"},
      {"a kind that nobody knows", object("x/v1", "Thing", "a.b", "a: 1"), kNone, kNone},
  };
}

std::string parameters(const std::string& data) {
  return "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: ns, name: gw-parameters}, data: {" + data + "}}";
}

const std::string kRange = parameters("horizontalPodAutoscaler: a, podDisruptionBudget: a");
const std::string kThree = parameters("deployment: a, podDisruptionBudget: a");
const std::string kKept = ", annotations: {argocd.argoproj.io/sync-options: a, kustomize.toolkit.fluxcd.io/prune: b}";

std::vector<Case> replica_cases() {
  return {
      {"a number of pods", kNone, kThree, "gateway-replicas:medium"},
      {"no number any more", kThree, kNone, "gateway-replicas:high"},
      {"another number", kThree, parameters("deployment: b, podDisruptionBudget: a"), "gateway-replicas:medium"},
      {"a number instead of a range", kRange, kThree, "gateway-autoscaler:high"},
      {"a range instead of a number", kThree, kRange, "gateway-autoscaler:low"},
      {"another range", kRange, parameters("horizontalPodAutoscaler: b, podDisruptionBudget: a"),
       "gateway-replicas:medium"},
      {"another budget", kThree, parameters("deployment: a, podDisruptionBudget: b"), "gateway-replicas:medium"},
      {"protection", deployed(""), deployed("", kKept), "gateway-protection:medium gateway-protection:medium"},
  };
}

std::vector<Case> gateway_cases() {
  return {
      {"a gateway comes", kNone, deployed(""), "gateway-added:low"},
      {"a gateway that only the cluster dials comes", kNone, typed("ClusterIP"), kNone},
      {"a gateway goes", deployed(""), kNone, "gateway-removed:high"},
      {"no load balancer any more", deployed(""), typed("ClusterIP"), "gateway-address:high"},
      {"nor with node ports", deployed(""), typed("NodePort"), "gateway-address:high"},
      {"a load balancer", typed("NodePort"), deployed(""), "gateway-address:high"},
      {"no node ports any more", typed("NodePort"), typed("ClusterIP"), "gateway-address:high"},
      {"node ports", typed("ClusterIP"), typed("NodePort"), "gateway-address:low"},
      {"the same type, said", deployed(""), typed("LoadBalancer"), kNone},
      {"another revision", deployed("", kRevisioned), deployed("", kOtherRevision), "gateway-revision:high"},
      {"a revision for the first time", deployed(""), deployed("", kRevisioned), "gateway-revision:high"},
      {"no revision any more", deployed("", kRevisioned), deployed(""), "gateway-revision:high"},
      {"another class", deployed(""),
       gateway("gatewayClassName: other, infrastructure: {labels: {n: e}, annotations: {x: y}}"), "gateway-class:high"},
      {"labels that Istio copies", gateway("gatewayClassName: istio", ", labels: {a: b}"),
       gateway("gatewayClassName: istio", ", labels: {a: c}"), "gateway-pods:medium"},
      {"annotations that it copies", gateway("gatewayClassName: istio", ", annotations: {a: b}"),
       gateway("gatewayClassName: istio", ", annotations: {a: c}"), "gateway-pods:medium"},
      {"labels that it does not copy", deployed("", ", labels: {a: b}"), deployed("", ", labels: {a: c}"), kNone},
      {"labels of a gateway elsewhere", remote("", ", labels: {a: b}"), remote("", ", labels: {a: c}"), kNone},
      {"the network of the pods",
       gateway("gatewayClassName: istio, infrastructure: {labels: {topology.istio.io/network: y}}"),
       gateway("gatewayClassName: istio, infrastructure: {labels: {topology.istio.io/network: z}}"),
       "gateway-network:high gateway-pods:medium"},
      {"another label of the pods", gateway("gatewayClassName: istio, infrastructure: {labels: {x: y}}"),
       gateway("gatewayClassName: istio, infrastructure: {labels: {x: z}}"), "gateway-pods:medium"},
      {"annotations of the load balancer", gateway("gatewayClassName: istio, infrastructure: {annotations: {x: y}}"),
       gateway("gatewayClassName: istio, infrastructure: {annotations: {x: z}}"),
       "gateway-load-balancer:medium gateway-pods:medium"},
      {"parameters", gateway("gatewayClassName: istio, infrastructure: {parametersRef: {name: a}}"),
       gateway("gatewayClassName: istio, infrastructure: {parametersRef: {name: b}}"),
       "gateway-parameters:high gateway-pods:medium"},
      {"a port goes", deployed("listeners: [{name: l, port: 1}, {name: m, port: 2}]"),
       deployed("listeners: [{name: l, port: 1}]"), "gateway-ports:high gateway-listeners:medium"},
      {"a port comes", deployed("listeners: [{name: l, port: 1}]"),
       deployed("listeners: [{name: l, port: 1}, {name: m, port: 2, protocol: TLS, tls: {mode: a}}]"),
       "gateway-ports:low"},
      {"a listener is called otherwise", deployed("listeners: [{name: l, port: 1}]"),
       deployed("listeners: [{name: m, port: 1}]"), "gateway-listeners:medium"},
      {"TLS is terminated", deployed("listeners: [{name: l, tls: {mode: Terminate}}]"),
       deployed("listeners: [{name: l, tls: {mode: Passthrough}}]"), "gateway-listeners:high"},
      {"another protocol", deployed("listeners: [{name: l, protocol: HTTP}]"),
       deployed("listeners: [{name: l, protocol: TLS}]"), "gateway-listeners:high"},
      {"whose routes", deployed("listeners: [{name: l, allowedRoutes: {namespaces: {from: All}}}]"),
       deployed("listeners: [{name: l, allowedRoutes: {namespaces: {from: Same}}}]"), "gateway-listeners:high"},

      {"the way to a network", remote("addresses: [{type: IPAddress, value: 1.2.3.4}]"),
       remote("addresses: [{type: IPAddress, value: 1.2.3.5}]"), "network-way:high network-way:high"},
      {"one address less", remote("addresses: [{value: a}, {value: b}]"), remote("addresses: [{value: b}]"),
       "network-way:high"},
      {"one address more", remote("addresses: [{value: b}]"), remote("addresses: [{value: a}, {value: b}]"),
       "network-way:high"},
      {"no address", remote("addresses: [{value: b}]"), remote("addresses: []"), "network-way:high"},
      {"an address at last", remote(""), remote("addresses: [{value: b}]"), "network-way:medium"},
      {"the type of an address", remote("addresses: [{type: Hostname, value: b}]"),
       remote("addresses: [{type: IPAddress, value: b}]"), "network-way:medium"},
      {"no way to a network", remote(""), kNone, "network-cut:high"},
      {"the port of a network", remote("listeners: [{name: l, port: 1}]"), remote("listeners: [{name: l, port: 2}]"),
       "network-way:high"},
      {"how it is dialled", remote("listeners: [{name: l, protocol: HBONE}]"),
       remote("listeners: [{name: l, protocol: TLS}]"), "network-way:high"},
      {"how its listener passes", remote("listeners: [{name: l}]"),
       remote("listeners: [{name: l, tls: {options: {a: b}}}]"), "network-way:high"},
      {"another network", remote("", ", labels: {topology.istio.io/network: a}"),
       remote("", ", labels: {topology.istio.io/network: b}"), "network-way:high"},

      {"a gateway opens", servers("servers: [{port: {name: t}, hosts: [a]}]"),
       servers("servers: [{port: {name: t}, hosts: [a, b]}]"), "gateway-opens:medium"},
      {"a gateway closes", servers("servers: [{port: {name: t}, hosts: [a, b]}]"),
       servers("servers: [{port: {name: t}, hosts: [a]}]"), "gateway-closes:high"},
      {"what a gateway lets through goes", servers("servers: [{hosts: [a]}]"), kNone, "gateway-closes:high"},
      {"what a gateway lets through comes", kNone, servers("servers: [{hosts: [a]}]"), "gateway-opens:medium"},
      {"on another port", servers("servers: [{port: {name: t, number: 1}}]"),
       servers("servers: [{port: {name: t, number: 2}}]"), "gateway-closes:high"},
      {"as another protocol", servers("servers: [{port: {name: t, protocol: HTTP}}]"),
       servers("servers: [{port: {name: t, protocol: TLS}}]"), "gateway-closes:high"},
      {"by terminating TLS", servers("servers: [{port: {name: t}, tls: {mode: MUTUAL}}]"),
       servers("servers: [{port: {name: t}, tls: {mode: AUTO_PASSTHROUGH}}]"), "gateway-tls:high"},
      {"in other pods", servers("selector: {a: b}"), servers("selector: {a: c}"), "gateway-pods:high"},
  };
}

std::vector<Case> egress_cases() {
  return {
      {"a backend goes", backend(""), kNone, "egress:high"},
      {"a backend moves", backend("endpoints: [{address: a}]"), backend("endpoints: [{address: b}]"), "egress:high"},
      {"a backend is called otherwise", backend("hosts: [a]"), backend("hosts: [b]"), "egress:medium"},
      {"a backend's rule", backend_rule("trafficPolicy: {tls: {mode: SIMPLE}}"),
       backend_rule("trafficPolicy: {tls: {mode: DISABLE}}"), "egress:high"},
      {"no rule for a backend", backend_rule(""), kNone, "egress:high"},
      {"a rule for a backend", kNone, backend_rule(""), kNone},

      {"routes", kNone, virtual_service(""), "egress:low"},
      {"no routes", virtual_service(""), kNone, "egress:high"},
      {"fewer names", virtual_service("tls: [{match: [{sniHosts: [a, b]}]}]"),
       virtual_service("tls: [{match: [{sniHosts: [a]}]}]"), "egress:high"},
      {"more names", virtual_service("tls: [{match: [{sniHosts: [a]}]}]"),
       virtual_service("tls: [{match: [{sniHosts: [a, b]}]}]"), "egress:low"},
      {"another port", virtual_service("tls: [{match: [{port: 1}]}]"), virtual_service("tls: [{match: [{port: 2}]}]"),
       "egress:medium"},
      {"elsewhere", virtual_service("tls: [{route: [{destination: {host: a}}]}]"),
       virtual_service("tls: [{route: [{destination: {host: b}}]}]"), "egress:high"},
      {"other hosts", virtual_service("hosts: [a]"), virtual_service("hosts: [b]"), "egress:medium"},
      {"another gateway's routes", virtual_service("gateways: [a]"), virtual_service("gateways: [b]"), "egress:high"},
      {"hidden routes", virtual_service("exportTo: ['*']"), virtual_service("exportTo: [a]"), "egress:high"},
      {"routes for all", virtual_service("exportTo: [.]"), virtual_service(""), "egress:low"},
      {"something of somebody's", virtual_service("http: [{a: 1}]"), virtual_service(""), "egress:medium"},

      {"TLSRoute", kNone, route(""), "egress:low"},
      {"no TLSRoute", route(""), kNone, "egress:high"},
      {"fewer of its names", route("hostnames: [a, b]"), route("hostnames: [a]"), "egress:high"},
      {"more of its names", route("hostnames: [a]"), route("hostnames: [a, b]"), "egress:low"},
      {"another listener", route("parentRefs: [{name: a, sectionName: b}]"),
       route("parentRefs: [{name: a, sectionName: c}]"), "egress:high"},
      {"another backend", route("rules: [{backendRefs: [{name: a, weight: 1}]}]"),
       route("rules: [{backendRefs: [{name: a, weight: 2}]}]"), "egress:high"},
      {"another version", route("", "v1alpha2"), route("", "v1"), "egress:low"},

      {"addresses", kNone, slice("endpoints: []"), "egress:medium"},
      {"no addresses", slice("endpoints: []"), kNone, "egress:high"},
      {"other addresses", slice("endpoints: [{addresses: [a]}]"), slice("endpoints: [{addresses: [b]}]"),
       "egress:high"},
      {"their port", slice("ports: [{name: a, port: 1}]"), slice("ports: [{name: a, port: 2}]"), "egress:high"},
      {"their family", slice("addressType: IPv4"), slice("addressType: IPv6"), "egress:high"},
      {"their Service", slice("a: b"), slice("a: b", "t"), "egress:high"},
  };
}

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = [] {
    std::vector<Case> all;
    for (const auto& some :
         {host_cases(), policy_cases(), gateway_cases(), replica_cases(), egress_cases(), router_cases()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return kCases;
}

}  // namespace

TEST_CASE("what a change may do") {
  for (const auto& [what, before, after, rules, moves] : cases()) {
    INFO(what);
    std::string found;
    Change change = change_of(before, after);
    change.moves = moves;
    for (const diff::Risk& risk : diff::risks_of(change)) {
      if (!found.empty()) found += ' ';
      found += std::string(risk.rule) + ':' + std::string(diff::word(risk.level));
    }
    CHECK(found == rules);
  }
}

TEST_CASE("each row of the table of risks is told by some case") {
  for (const diff::RiskRule& rule : diff::risk_rules()) {
    bool told = false;
    for (const auto& [what, before, after, rules, moves] : cases()) {
      Change change = change_of(before, after);
      change.moves = moves;
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
  using Lists = diff::Cluster::Lists;
  CHECK(diff::risks_of(diff::Cluster{.name = "a", .lists = Lists::vanish}).front().level == diff::Level::high);
  CHECK(diff::risks_of(diff::Cluster{.name = "a", .lists = Lists::appear}).front().level == diff::Level::low);
}
