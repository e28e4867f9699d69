#include "diff/risks.hpp"

#include <algorithm>
#include <variant>

#include "diff/lookup.hpp"

namespace meshfed::diff {
namespace {

constexpr std::string_view kNamespace = "Namespace", kService = "Service",
                           kServiceEntry = "ServiceEntry.networking.istio.io",
                           kWorkloadEntry = "WorkloadEntry.networking.istio.io",
                           kDestinationRule = "DestinationRule.networking.istio.io",
                           kVirtualService = "VirtualService.networking.istio.io",
                           kIstioGateway = "Gateway.networking.istio.io",
                           kGateway = "Gateway.gateway.networking.k8s.io",
                           kTlsRoute = "TLSRoute.gateway.networking.k8s.io",
                           kEndpointSlice = "EndpointSlice.discovery.k8s.io",
                           kPeerAuthentication = "PeerAuthentication.security.istio.io",
                           kAuthorizationPolicy = "AuthorizationPolicy.security.istio.io";

bool always(const Change&) { return true; }

bool is_host(const Change& change) { return !host_of(change.id).empty(); }
bool is_no_host(const Change& change) { return !is_host(change); }

// The Service of a host that is only imported, and no backend of an egress gateway.
bool is_consumers(const Change& change) { return find(change.document, "spec.selector") != nullptr; }

// Argo CD and Flux are told to keep it.
bool is_kept(const Change& change) { return find(change.document, "metadata.annotations") != nullptr; }
bool is_not_kept(const Change& change) { return !is_kept(change); }

// Gateway API deploys pods for a class; `istio-remote` stands for gateways elsewhere.
bool is_remote(const Change& change) { return text_at(change.document, "spec.gatewayClassName") == "istio-remote"; }
bool is_deployed(const Change& change) { return !is_remote(change); }

// Istio puts `spec.infrastructure.labels` on pods and Service, and the Gateway's own labels if that is not given; so
// with annotations.
bool copies_labels(const Change& change) {
  return is_deployed(change) && !find(change.document, "spec.infrastructure.labels");
}
bool copies_annotations(const Change& change) {
  return is_deployed(change) && !find(change.document, "spec.infrastructure.annotations");
}

constexpr std::string_view kServiceType = "networking.istio.io/service-type";

// Nobody outside dials a gateway whose Service has an address of the cluster only.
bool has_outer_address(const Change& change) {
  for (const std::string_view place : {"metadata.annotations", "spec.infrastructure.annotations"}) {
    const yaml::Value* value = find(change.document, place);
    const auto* annotations = value ? std::get_if<yaml::Map>(&value->data()) : nullptr;
    if (annotations && std::any_of(annotations->begin(), annotations->end(), [](const yaml::Entry& annotation) {
          return annotation.key == kServiceType && annotation.value == yaml::Value("ClusterIP");
        }))
      return false;
  }
  return is_deployed(change);
}

bool at_or_below(std::string_view path, std::string_view top) {
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '.' || path[top.size()] == '[');
}

bool any_field(const Change& change, std::string_view top, auto holds) {
  return std::any_of(change.fields.begin(), change.fields.end(),
                     [&](const FieldChange& field) { return at_or_below(field.path, top) && holds(field); });
}

bool was_there(const FieldChange& field) { return field.before.has_value(); }
bool is_more(const FieldChange& field) { return field.after && !field.before; }

bool takes_ports(const Change& change) { return any_field(change, "spec.ports", was_there); }
bool takes_hosts(const Change& change) { return any_field(change, "spec.servers", was_there); }
bool gives_hosts(const Change& change) { return any_field(change, "spec.servers", is_more); }

bool changes_service_type(const Change& change) {
  return std::any_of(change.fields.begin(), change.fields.end(), [](const FieldChange& field) {
    return field.path.ends_with("annotations[\"networking.istio.io/service-type\"]");
  });
}

using enum Level;
using enum Action;

constexpr RiskRule kRules[] = {
    {"namespace-removed", high, kNamespace, remove, "", is_not_kept,
     "deleting a namespace deletes everything in it, whoever wrote it"},
    {"namespace-left", low, kNamespace, remove, "", is_kept,
     "Argo CD and Flux keep the namespace, as its annotations ask; `kubectl delete` would delete everything in it"},

    {"host-removed", high, kServiceEntry, remove, "", is_host,
     "callers there lose the host: its name does not resolve any more, and calls under way end in 503"},
    {"host-removed", high, kService, remove, "", is_consumers,
     "callers there lose the host: its name does not resolve any more, and calls under way end in 503"},
    {"host-ports", high, kServiceEntry, change, "spec.ports", takes_ports,
     "callers of a port that goes or changes fail until they follow"},
    {"host-ports", high, kService, change, "spec.ports", takes_ports,
     "callers of a port that goes or changes fail until they follow"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", always,
     "callers refuse every server whose identity is not listed, with 503"},
    {"host-workloads", medium, kServiceEntry, change, "spec.workloadSelector", always, "other pods serve the host"},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints", is_host,
     "calls are shared out anew between networks"},
    {"host-sources", medium, kWorkloadEntry, change, "", always, "calls are shared out anew between networks"},
    {"host-sources", medium, kWorkloadEntry, add, "", always, "some calls go to that network from then on"},
    {"host-sources", medium, kWorkloadEntry, remove, "", always, "no calls go to that network any more"},
    {"host-visibility", high, kServiceEntry, change, "spec.exportTo", is_host,
     "callers in a namespace that is not listed lose the host"},
    {"host-visibility", high, kService, change, "metadata.annotations", is_consumers,
     "callers in a namespace that `networking.istio.io/exportTo` does not list lose the host"},
    {"host-balancing", medium, kDestinationRule, change, "", is_host,
     "where calls go, all being well or after failures, changes"},

    {"callers-restricted", high, kAuthorizationPolicy, add, "", always,
     "callers that it does not list are refused from then on, with 403 for HTTP"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec", always,
     "who may call changes: callers that it lists no more are refused, and those that are new get through"},
    {"callers-open", high, kAuthorizationPolicy, remove, "", always,
     "everyone who reaches the workloads may call them from then on"},

    {"mesh-mtls", high, kPeerAuthentication, add, "", always,
     "it holds for every workload of the cluster's mesh: STRICT refuses all plain text, PERMISSIVE accepts it"},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec", always,
     "it holds for every workload of the cluster's mesh: STRICT refuses all plain text, PERMISSIVE accepts it"},
    {"mesh-mtls", high, kPeerAuthentication, remove, "", always,
     "without it Istio's own default holds for every workload of the cluster's mesh: plain text is accepted"},

    {"gateway-added", low, kGateway, add, "", has_outer_address,
     "the Service that is deployed must get the address that federation.toml names: others dial that one"},
    {"gateway-removed", high, kGateway, remove, "", is_deployed,
     "the gateway's pods and Service are deleted, and with them its address"},
    {"gateway-pods", medium, kGateway, change, "metadata.labels", copies_labels,
     "Istio copies labels to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "metadata.annotations", copies_annotations,
     "Istio copies annotations to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "spec.infrastructure", is_deployed,
     "it goes into the template of the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-address", high, kGateway, change, "", changes_service_type,
     "another type of Service gets another address; those who dial the old one fail until they follow"},
    {"gateway-ports", medium, kGateway, change, "spec.listeners", is_deployed,
     "the ports of the gateway's Service change, and with it the load balancer's"},
    {"gateway-class", high, kGateway, change, "spec.gatewayClassName", always,
     "another controller, or none, deploys the gateway: pods and address change"},

    {"network-way", high, kGateway, change, "spec.addresses", is_remote,
     "all calls to that network take the new address, which must answer first"},
    {"network-way", high, kGateway, change, "spec.listeners", is_remote,
     "all calls to that network take the new port, which must answer first"},
    {"network-cut", high, kGateway, remove, "", is_remote, "no calls reach that network any more"},

    {"gateway-closes", high, kIstioGateway, change, "spec.servers", takes_hosts,
     "the gateway refuses a host or port that is no longer listed"},
    {"gateway-closes", high, kIstioGateway, remove, "", always,
     "the gateway lets none of these hosts through any more"},
    {"gateway-opens", medium, kIstioGateway, change, "spec.servers", gives_hosts,
     "the gateway lets a host or port through that it did not before"},
    {"gateway-opens", medium, kIstioGateway, add, "", always, "the gateway lets these hosts through from then on"},

    {"egress", medium, kVirtualService, change, "", always, "the egress gateway routes calls otherwise than before"},
    {"egress", high, kVirtualService, remove, "", always, "the egress gateway routes none of these calls any more"},
    {"egress", medium, kTlsRoute, change, "", always, "the egress gateway routes calls otherwise than before"},
    {"egress", high, kTlsRoute, remove, "", always, "the egress gateway routes none of these calls any more"},
    {"egress", high, kServiceEntry, change, "spec.endpoints", is_no_host,
     "all calls through the egress gateway to that network take the new address, which must answer first"},
    {"egress", high, kEndpointSlice, change, "", always,
     "all calls through the egress gateway to that network take the new address, which must answer first"},
};

bool applies(const RiskRule& rule, const Change& change) {
  if (rule.action != change.action || rule.kind != identity_of(change.id).kind || !rule.holds(change)) return false;
  return rule.field.empty() || any_field(change, rule.field, [](const FieldChange&) { return true; });
}

}  // namespace

std::span<const RiskRule> risk_rules() { return kRules; }

std::vector<Risk> risks_of(const Change& change) {
  std::vector<Risk> risks;
  for (const RiskRule& rule : kRules)
    if (applies(rule, change)) risks.push_back({rule.name, rule.level, rule.text});
  return risks;
}

std::vector<Risk> risks_of(const Cluster& cluster) {
  switch (cluster.state) {
    case Cluster::State::kept:
      return {};
    case Cluster::State::added:
      return {{"cluster-added", low, "nothing was published for this cluster before"}};
    case Cluster::State::removed:
      return {{"cluster-removed", high,
               "the cluster is not declared any more: all that was published for it goes, and callers there lose every "
               "host"}};
  }
  return {};
}

}  // namespace meshfed::diff
