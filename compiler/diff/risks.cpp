#include "diff/risks.hpp"

#include <algorithm>
#include <iterator>

#include "diff/field_path.hpp"
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
                           kAuthorizationPolicy = "AuthorizationPolicy.security.istio.io",
                           kKustomization = "Kustomization.kustomize.config.k8s.io";

constexpr std::string_view kRevision = "metadata.labels[\"istio.io/rev\"]",
                           kInjection = "metadata.labels[\"istio-injection\"]",
                           kNetworkLabel = "metadata.labels[\"topology.istio.io/network\"]",
                           kTlsModeLabel = "metadata.labels[\"security.istio.io/tlsMode\"]",
                           kServiceNameLabel = "metadata.labels[\"kubernetes.io/service-name\"]",
                           kExportTo = "metadata.annotations[\"networking.istio.io/exportTo\"]",
                           kServiceType = "metadata.annotations[\"networking.istio.io/service-type\"]",
                           kPrincipals = "spec.rules.from.source.notPrincipals",
                           kPolicyPorts = "spec.rules.to.operation.ports";

// Said by more than one row.
constexpr std::string_view
    kHostLost = "callers there lose the host: its name does not resolve any more, and calls under way end in 503",
    kPortLost = "callers of a port that goes or gets another number fail until they follow",
    kPortNew = "callers may use a port that they could not use before",
    kPortRenamed = "whatever refers to the port by its name has to follow; callers use its number",
    kProtocol =
        "proxies treat the calls of the port as another protocol: connections break once, and calls that do not speak "
        "it fail",
    kHidden = "callers in a namespace that is not listed lose the host",
    kShownToAll = "callers in every namespace see the host from then on, and not only in those that were listed",
    kShownToMore = "callers in a namespace that is new in the list see the host from then on",
    kNetworkComes = "some calls go to that network from then on", kNetworkGoes = "no calls go to that network any more",
    kWeights = "calls are shared between networks in other proportions",
    kLocality = "the network counts as another locality: callers that prefer near ones may choose differently",
    kTlsMode = "without the label `security.istio.io/tlsMode: istio` callers send plain text, which gateways refuse",
    kRefused = "every workload of the cluster refuses plain text from then on: callers without a sidecar fail",
    kAccepted = "every workload of the cluster accepts plain text from then on",
    kTemplate =
        "it goes into the template of the gateway's pods, which are replaced: connections through them break once",
    kNewAddress = "all calls through the egress gateway to that network take the new address, which must answer first",
    kImmutable = "Kubernetes does not let it change: applying fails until the object is deleted";

using enum Level;
using enum Action;

// By kind; for each, what is worst first.
constexpr RiskRule kRules[] = {
    {"namespace-removed", high, kNamespace, remove, "", no<is_kept>,
     "deleting a namespace deletes everything in it, whoever wrote it"},
    {"namespace-left", low, kNamespace, remove, "", is_kept,
     "Argo CD and Flux keep the namespace, as its annotations ask; `kubectl delete` would delete everything in it"},
    {"namespace-unprotected", high, kNamespace, change, "metadata.annotations", all<takes, no<gives>>,
     "Argo CD and Flux may prune the namespace, with everything in it"},
    {"namespace-protected", low, kNamespace, change, "metadata.annotations", gives,
     "Argo CD and Flux do not prune the namespace from then on"},
    {"namespace-injection", low, kNamespace, add, "", injects,
     "pods that start in the namespace from then on get a sidecar; those that run do not"},
    {"namespace-injection", high, kNamespace, change, kInjection, all<vanishes, no<injects>>,
     "pods that start in the namespace from then on get no sidecar"},
    {"namespace-injection", high, kNamespace, change, kRevision, all<vanishes, no<injects>>,
     "pods that start in the namespace from then on get no sidecar"},
    {"namespace-injection", medium, kNamespace, change, kInjection, all<differs, injects>,
     "pods that start in the namespace from then on get their sidecar from another revision of istiod, or get one at "
     "all"},
    {"namespace-injection", medium, kNamespace, change, kRevision, all<differs, injects>,
     "pods that start in the namespace from then on get their sidecar from another revision of istiod, or get one at "
     "all"},

    {"host-removed", high, kServiceEntry, remove, "", all<is_host, no<moves>>, kHostLost},
    {"host-moved", medium, kServiceEntry, remove, "", all<is_host, moves>,
     "the host's entry moves to another namespace: between the two, callers may lose it for a moment"},
    {"host-removed", high, kServiceEntry, change, "spec.hosts", all<is_host, takes>, kHostLost},
    {"host-added", low, kServiceEntry, change, "spec.hosts", all<is_host, gives>,
     "callers find the host by another name than before"},
    {"egress", medium, kServiceEntry, change, "spec.hosts", all<no<is_host>, differs>,
     "the egress gateway finds that network by another name: until its routes follow, calls through it fail"},
    {"host-ports", high, kServiceEntry, change, "spec.ports.number", takes, kPortLost},
    {"host-protocol", high, kServiceEntry, change, "spec.ports.protocol", differs, kProtocol},
    {"host-target", high, kServiceEntry, change, "spec.ports.targetPort", all<differs, selects_pods>,
     "calls reach the workloads here on another port, which their pods must listen on first"},
    {"host-target", low, kServiceEntry, change, "spec.ports.targetPort", all<differs, no<selects_pods>>,
     "the pods behind other networks' gateways serve on another port; calls from here leave as before"},
    {"host-port-added", low, kServiceEntry, change, "spec.ports.number", gives, kPortNew},
    {"host-port-name", low, kServiceEntry, change, "spec.ports.name", takes, kPortRenamed},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", all<vanishes, no<selects_pods>>,
     "callers do not check any more who answers: every identity of a root that they trust is accepted as the server"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", all<vanishes, selects_pods>,
     "callers accept the identities of the cluster's own pods only; while there are none, every identity of a root "
     "that "
     "they trust is accepted as the server"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", appears,
     "callers, which accepted every identity before, refuse a server whose identity is not listed, with 503"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", loses,
     "callers refuse a server whose identity is not listed any more, with 503"},
    {"host-identity", medium, kServiceEntry, change, "spec.subjectAltNames", gains,
     "callers accept servers with an identity that they refused before"},
    {"host-workloads", medium, kServiceEntry, change, "spec.workloadSelector", appears,
     "pods of the cluster itself serve the host from then on"},
    {"host-workloads", high, kServiceEntry, change, "spec.workloadSelector", vanishes,
     "no pods of the cluster itself serve the host any more: all calls leave it"},
    {"host-workloads", medium, kServiceEntry, change, "spec.workloadSelector", is_edited, "other pods serve the host"},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, gives>, kNetworkComes},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, vanishes>,
     "calls go to these networks only if WorkloadEntries name them"},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, loses>, kNetworkGoes},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.address", all<is_host, differs>,
     "calls go to other addresses than the networks' gateways, or do so no more"},
    {"host-weights", medium, kServiceEntry, change, "spec.endpoints.weight", all<is_host, differs>, kWeights},
    {"host-locality", medium, kServiceEntry, change, "spec.endpoints.locality", all<is_host, differs>, kLocality},
    {"host-mtls", high, kServiceEntry, change, "spec.endpoints.labels", all<is_host, differs>, kTlsMode},
    {"host-mtls", high, kServiceEntry, change, "spec.location", differs,
     "MESH_INTERNAL means that callers use mTLS, and MESH_EXTERNAL that they do not: servers may refuse the calls"},
    {"host-resolution", medium, kServiceEntry, change, "spec.resolution", differs,
     "DNS looks the endpoints' names up, and STATIC takes them as addresses: calls under way break once"},
    {"host-addresses", medium, kServiceEntry, change, "spec.addresses", appears,
     "the host resolves to these addresses and not to one that the mesh allocates: callers that keep that one fail "
     "until "
     "they resolve the name again"},
    {"host-addresses", high, kServiceEntry, change, "spec.addresses", vanishes,
     "the addresses lead nowhere any more: callers that use them fail, and names resolve only if the mesh allocates an "
     "address"},
    {"host-addresses", high, kServiceEntry, change, "spec.addresses", loses,
     "an address that goes leads nowhere any more: callers that keep it fail until they resolve the name again"},
    {"host-addresses", low, kServiceEntry, change, "spec.addresses", gains, "the host has one more address"},
    {"host-visibility", high, kServiceEntry, change, "spec.exportTo", hides, kHidden},
    {"host-visibility", medium, kServiceEntry, change, "spec.exportTo", shows_to_all, kShownToAll},
    {"host-visibility", medium, kServiceEntry, change, "spec.exportTo", shows_to_more, kShownToMore},
    {"egress", high, kServiceEntry, remove, "", all<no<is_host>, no<moves>>,
     "the egress gateway does not know where that network is any more: no calls reach it"},
    {"egress", high, kServiceEntry, change, "spec.endpoints", all<no<is_host>, differs>, kNewAddress},

    {"host-removed", high, kService, remove, "", all<is_imported, no<moves>>,
     "callers there lose the host, unless the application's own Service takes its place: the name does not resolve any "
     "more, and calls under way end in 503"},
    {"host-moved", medium, kService, remove, "", all<is_imported, moves>,
     "the Service moves to another namespace, and with it the name that callers use"},
    {"host-ports", high, kService, change, "spec.ports.port", takes, kPortLost},
    {"host-protocol", high, kService, change, "spec.ports.appProtocol", differs, kProtocol},
    {"host-protocol", high, kService, change, "spec.ports.protocol", differs, kProtocol},
    {"host-target", low, kService, change, "spec.ports.targetPort", differs,
     "the pods behind other networks' gateways serve on another port; calls from here leave as before"},
    {"host-port-added", low, kService, change, "spec.ports.port", gives, kPortNew},
    {"host-port-name", low, kService, change, "spec.ports.name", takes, kPortRenamed},
    {"host-workloads", high, kService, change, "spec.selector", differs,
     "the Service selects other endpoints: WorkloadEntries with other labels get no calls any more"},
    {"host-type", high, kService, change, "spec.clusterIP", differs, kImmutable},
    {"host-visibility", high, kService, change, kExportTo, hides, kHidden},
    {"host-visibility", medium, kService, change, kExportTo, shows_to_all, kShownToAll},
    {"host-visibility", medium, kService, change, kExportTo, shows_to_more, kShownToMore},
    {"egress", high, kService, remove, "", all<no<is_imported>, no<moves>>,
     "the egress gateway does not know where that network is any more: no calls reach it"},

    {"host-sources", medium, kWorkloadEntry, add, "", no<moves>, kNetworkComes},
    {"host-sources", medium, kWorkloadEntry, remove, "", no<moves>,
     "no calls go to that network any more, unless the host's ServiceEntry lists it"},
    {"host-sources", high, kWorkloadEntry, change, "spec.network", differs,
     "calls go to another network, or to none that gateways lead to"},
    {"host-sources", medium, kWorkloadEntry, change, "metadata.labels", nullptr,
     "the host that selects the network by these labels may be another one, or none"},
    {"host-mtls", high, kWorkloadEntry, change, kTlsModeLabel, differs, kTlsMode},
    {"host-weights", medium, kWorkloadEntry, change, "spec.weight", differs, kWeights},
    {"host-locality", medium, kWorkloadEntry, change, "spec.locality", differs, kLocality},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", appears,
     "callers accept servers of that network only with this identity or one of the host's other workloads"},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", vanishes,
     "callers accept servers of that network only with an identity of the host's other workloads; if these name none, "
     "every identity of a root that they trust is accepted"},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", is_edited,
     "callers refuse servers of that network that do not have the new identity, with 503"},

    {"host-balancing", medium, kDestinationRule, add, "", all<is_host, no<moves>>,
     "endpoints that fail are left out for a while, and where calls go, all being well, may change"},
    {"host-balancing", medium, kDestinationRule, remove, "", all<is_host, no<moves>>,
     "endpoints that fail get calls all the same, and where calls go is for the mesh's own settings to decide"},
    {"host-balancing", medium, kDestinationRule, change, "spec.trafficPolicy.loadBalancer", all<is_host, differs>,
     "where calls go, all being well, changes"},
    {"host-outliers", medium, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", vanishes,
     "endpoints that fail get calls all the same from then on"},
    {"host-outliers", low, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", appears,
     "endpoints that fail are left out for a while from then on"},
    {"host-outliers", medium, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", is_edited,
     "when endpoints that fail are left out, and for how long, changes"},
    {"host-balancing", medium, kDestinationRule, change, "spec.host", differs,
     "the rule is about another host: calls to the old one go as if there were none"},
    {"host-balancing", medium, kDestinationRule, change, "spec.exportTo", differs,
     "the rule holds for the calls of other namespaces than before"},
    {"host-mtls", high, kDestinationRule, change, "spec.trafficPolicy.tls", all<is_host, differs>,
     "whether calls are encrypted, and how, changes: a server that expects the other refuses them"},
    {"egress", high, kDestinationRule, remove, "", all<no<is_host>, no<moves>>,
     "the egress gateway may add a layer of TLS, in which the gateway of that network finds no host name"},
    {"egress", high, kDestinationRule, change, "spec.trafficPolicy.tls", all<no<is_host>, differs>,
     "only with `mode: DISABLE` the egress gateway passes calls on as they are; a second layer of TLS hides their host "
     "name"},
    {"host-balancing", medium, kDestinationRule, change, "spec", nullptr,
     "how calls are made, limited or balanced changes"},

    {"callers-restricted", high, kAuthorizationPolicy, add, "", always,
     "callers that it does not list are refused from then on, with 403 for HTTP"},
    {"callers-open", high, kAuthorizationPolicy, remove, "", always,
     "everyone who reaches the workloads may call them from then on"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPrincipals, loses,
     "a caller that is not listed any more is refused from then on, with 403 for HTTP"},
    {"callers-open", high, kAuthorizationPolicy, change, kPrincipals, gains,
     "a caller that is new in the list gets through from then on"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPrincipals, vanishes,
     "nobody is listed any more: every caller is refused from then on"},
    {"callers-open", high, kAuthorizationPolicy, change, kPrincipals, appears,
     "every caller was refused before: those that are listed get through from then on"},
    {"callers-open", high, kAuthorizationPolicy, change, kPolicyPorts, loses,
     "everyone may call a port that is not listed any more"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPolicyPorts, gains,
     "callers that are not listed are refused on a port that is new in the list"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPolicyPorts, vanishes,
     "callers that are not listed are refused on every port of the workloads, health checks and metrics among them"},
    {"callers-open", high, kAuthorizationPolicy, change, kPolicyPorts, appears,
     "everyone may call a port that is not listed"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec.selector", differs,
     "other workloads are protected: everyone may call those that are not selected any more"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec.action", differs,
     "what the rules are for is another thing: DENY refuses whom they match, ALLOW lets nobody else through"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec", nullptr, "who may call changes"},

    {"mesh-mtls", high, kPeerAuthentication, add, "spec.mtls.mode", is_strict, kRefused},
    {"mesh-mtls", medium, kPeerAuthentication, add, "spec.mtls.mode", is_permissive,
     "every workload of the cluster accepts plain text: Istio's own default, unless something stricter was set"},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec.mtls.mode", all<differs, is_strict>, kRefused},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec.mtls.mode", all<differs, no<is_strict>>, kAccepted},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec", nullptr,
     "for which workloads or ports plain text is refused changes"},
    {"mesh-mtls", high, kPeerAuthentication, remove, "spec.mtls.mode", is_strict,
     "without it Istio's own default holds: every workload of the cluster accepts plain text from then on"},
    {"mesh-mtls", low, kPeerAuthentication, remove, "spec.mtls.mode", no<is_strict>,
     "without it Istio's own default holds, which is the same: every workload of the cluster accepts plain text"},

    {"gateway-added", low, kGateway, add, kServiceType, has_outer_address,
     "the Service that is deployed must get the address that federation.toml names: others dial that one"},
    {"gateway-removed", high, kGateway, remove, "", no<is_remote>,
     "the gateway's pods and Service are deleted, and with them its address"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, loses_load_balancer>,
     "the gateway's load balancer is deleted, and its address with it: who dials that fails"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, gets_load_balancer>,
     "the gateway's Service gets a load balancer with an address of its own: who dials another one may fail until they "
     "follow"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, loses_node_ports>,
     "the gateway's Service loses its node ports: who dials one fails"},
    {"gateway-address", low, kGateway, change, kServiceType, all<no<is_remote>, gets_node_ports>,
     "the gateway can be dialled at a port of every node from then on"},
    {"gateway-class", high, kGateway, change, "spec.gatewayClassName", differs,
     "another controller, or none, deploys the gateway: pods and address change"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, vanishes>,
     "the default revision of istiod takes the gateway over and replaces its pods; without one nobody takes care of "
     "it"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, appears>,
     "the revision that is named takes the gateway over and replaces its pods; if it does not run, nobody takes care "
     "of "
     "it"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, is_edited>,
     "another revision of istiod takes the gateway over and replaces its pods; if it does not run, nobody takes care "
     "of "
     "it"},
    {"gateway-network", high, kGateway, change, "spec.infrastructure.labels", all<no<is_remote>, differs>,
     "the label says which network the gateway belongs to: with another one, calls of the rest of its network take it "
     "for a gateway elsewhere"},
    {"gateway-parameters", high, kGateway, change, "spec.infrastructure.parametersRef",
     all<no<is_remote>, differs, is_there>,
     "istiod does not deploy the gateway while the ConfigMap that is named is missing or has a key that it does not "
     "know"},
    {"gateway-load-balancer", medium, kGateway, change, "spec.infrastructure.annotations", all<no<is_remote>, differs>,
     "the Service gets them too: for some annotations a cloud provider replaces the load balancer and its address"},
    {"gateway-pods", medium, kGateway, change, "metadata.labels", all<copies_labels, differs>,
     "Istio copies labels to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "metadata.annotations", all<copies_annotations, differs>,
     "Istio copies annotations to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "spec.infrastructure", all<no<is_remote>, differs>, kTemplate},
    {"gateway-ports", high, kGateway, change, "spec.listeners.port", all<no<is_remote>, takes>,
     "the gateway's Service loses a port, and its load balancer too: who dials it fails"},
    {"gateway-ports", low, kGateway, change, "spec.listeners.port", all<no<is_remote>, gives>,
     "the gateway's Service gets another port, and its load balancer too"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.tls", all<no<is_remote>, differs>,
     "the gateway must pass TLS as it is: callers and servers verify each other, and not the gateway"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.protocol", all<no<is_remote>, differs>,
     "the gateway must pass TLS as it is: callers and servers verify each other, and not the gateway"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.allowedRoutes", all<no<is_remote>, differs>,
     "which namespaces' routes the gateway follows changes"},
    {"gateway-listeners", medium, kGateway, change, "spec.listeners.name", all<no<is_remote>, takes>,
     "routes name a listener by its name: those with the old one do not hold any more"},

    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, loses>,
     "no calls to that network take an address that goes: what is left must answer"},
    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, gains>,
     "calls to that network take the new address too, which must answer first"},
    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, vanishes>,
     "no calls reach that network any more"},
    {"network-way", medium, kGateway, change, "spec.addresses.value", all<is_remote, appears>,
     "calls reach that network from then on"},
    {"network-way", medium, kGateway, change, "spec.addresses.type", all<is_remote, differs>,
     "istiod looks a host name up itself, and takes an IP address as it is"},
    {"network-way", high, kGateway, change, "spec.listeners.port", all<is_remote, differs>,
     "all calls to that network take the new port, which must answer first"},
    {"network-way", high, kGateway, change, "spec.listeners.tls", all<is_remote, differs>,
     "istiod reads from the listener how the network is dialled: with another one no calls may reach it"},
    {"network-way", high, kGateway, change, "spec.listeners.protocol", all<is_remote, differs>,
     "istiod reads from the listener how the network is dialled: with another one no calls may reach it"},
    {"network-way", high, kGateway, change, kNetworkLabel, all<is_remote, differs>,
     "the addresses stand for another network: calls to the old one do not reach it any more"},
    {"network-cut", high, kGateway, remove, "", is_remote, "no calls reach that network any more"},

    {"gateway-closes", high, kIstioGateway, remove, "", always,
     "the gateway lets none of these hosts through any more"},
    {"gateway-opens", medium, kIstioGateway, add, "", always, "the gateway lets these hosts through from then on"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.hosts", takes,
     "the gateway refuses a host that is not listed any more"},
    {"gateway-opens", medium, kIstioGateway, change, "spec.servers.hosts", gives,
     "the gateway lets a host through that it did not before"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.port.number", takes,
     "the gateway lets the hosts through on another port, and not on the old one any more"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.port.protocol", takes,
     "the gateway lets the hosts through as another protocol: calls as they come fail"},
    {"gateway-tls", high, kIstioGateway, change, "spec.servers.tls", differs,
     "how the gateway treats TLS changes: anything but passing it on breaks the mTLS between caller and server"},
    {"gateway-pods", high, kIstioGateway, change, "spec.selector", differs,
     "pods of another gateway let these hosts through, and the old ones do not any more"},

    {"egress", low, kVirtualService, add, "", no<moves>, "the egress gateway routes these calls from then on"},
    {"egress", high, kVirtualService, remove, "", no<moves>, "the egress gateway routes none of these calls any more"},
    {"egress", high, kVirtualService, change, "spec.tls.match.sniHosts", takes,
     "the egress gateway does not route calls to a host or port any more that is not listed"},
    {"egress", low, kVirtualService, change, "spec.tls.match.sniHosts", gives,
     "the egress gateway routes calls to a host or port that it did not before"},
    {"egress", medium, kVirtualService, change, "spec.tls.match.port", takes,
     "the egress gateway routes what comes in at another port"},
    {"egress", high, kVirtualService, change, "spec.tls.route", differs,
     "the egress gateway sends these calls elsewhere, where somebody must answer first"},
    {"egress", medium, kVirtualService, change, "spec.hosts", differs,
     "the egress gateway routes calls to other hosts than before"},
    {"egress", high, kVirtualService, change, "spec.gateways", differs,
     "the routes belong to another gateway, and not to the old one any more"},
    {"egress", high, kVirtualService, change, "spec.exportTo", hides,
     "an egress gateway in a namespace that is not listed loses its routes"},
    {"egress", low, kVirtualService, change, "spec.exportTo", shows_to_all,
     "egress gateways in other namespaces see the routes, too"},
    {"egress", medium, kVirtualService, change, "spec", nullptr,
     "the egress gateway routes calls otherwise than before"},

    {"egress", low, kTlsRoute, add, "", no<moves>, "the egress gateway routes these calls from then on"},
    {"egress", high, kTlsRoute, remove, "", no<moves>, "the egress gateway routes none of these calls any more"},
    {"egress", high, kTlsRoute, change, "spec.hostnames", takes,
     "the egress gateway does not route calls to a host any more that is not listed"},
    {"egress", low, kTlsRoute, change, "spec.hostnames", gives,
     "the egress gateway routes calls to a host that it did not before"},
    {"egress", high, kTlsRoute, change, "spec.parentRefs", differs,
     "the routes belong to another gateway or listener, and not to the old one any more"},
    {"egress", high, kTlsRoute, change, "spec.rules", differs,
     "the egress gateway sends these calls elsewhere, or in other proportions: somebody must answer there first"},
    {"egress", low, kTlsRoute, change, "apiVersion", differs,
     "applying fails unless the CRDs of the cluster serve that version"},

    {"egress", medium, kEndpointSlice, add, "", no<moves>,
     "some calls through the egress gateway to that network take these addresses, which must answer first"},
    {"egress", high, kEndpointSlice, remove, "", no<moves>,
     "no calls through the egress gateway take these addresses any more"},
    {"egress", high, kEndpointSlice, change, "endpoints.addresses", differs, kNewAddress},
    {"egress", high, kEndpointSlice, change, "ports", differs,
     "all calls through the egress gateway to that network take the new port, which must answer first"},
    {"egress", high, kEndpointSlice, change, "addressType", differs, kImmutable},
    {"egress", high, kEndpointSlice, change, kServiceNameLabel, differs,
     "the addresses belong to another Service, and not to the old one any more"},

    {"list-entries", high, kKustomization, change, "resources", gives,
     "Argo CD, Flux and `kubectl apply -k` do not apply what is not listed, and prune it: a build brings it back"},
    {"list-entries", high, kKustomization, change, "resources", takes,
     "what was added to the list by hand is applied now; after a build it is not listed any more, and pruned"},
    {"list-broken", high, kKustomization, change, "kind", differs,
     "kustomize does not read the file as it stands: nothing that it lists is applied until a build"},
    {"list-broken", high, kKustomization, change, "apiVersion", differs,
     "kustomize does not read the file as it stands: nothing that it lists is applied until a build"},
    {"list-transforms", high, kKustomization, change, "", nullptr,
     "kustomize changes the objects that are applied as these fields say; after a build it does not any more"},
    {"list-missing", high, kKustomization, add, "", always,
     "without the file, Argo CD, Flux and `kubectl apply -k` apply nothing here, or not what was built: a build brings "
     "it "
     "back"},
    {"list-removed", high, kKustomization, remove, "", always,
     "the file was edited by hand, and a build removes it: what it adds or changes is not applied any more"},
};

bool is_of(const RiskRule& rule, const Change& change) {
  return rule.action == change.action && rule.kind == identity_of(change.id).kind;
}

// A change, with the general paths of its fields: most rows are about others, and not asked.
struct Asked {
  const Change& change;
  std::vector<std::string> paths = {};
};

Asked asked_of(const Change& change) {
  Asked asked{change};
  for (const FieldChange& field : change.fields) asked.paths.push_back(general_path(field.path));
  return asked;
}

bool is_about(const RiskRule& rule, const Asked& asked) {
  if (!is_of(rule, asked.change)) return false;
  if (rule.action != Action::change) return true;
  return std::any_of(asked.paths.begin(), asked.paths.end(), [&](const std::string& path) {
    return path.starts_with(rule.field) || rule.field.starts_with(path);
  });
}

// Of an item that comes or goes, a row of a field in it says more.
bool is_told_by_another(std::size_t field, const Asked& asked) {
  return std::any_of(std::begin(kRules), std::end(kRules), [&](const RiskRule& rule) {
    if (!rule.holds || !is_about(rule, asked)) return false;
    if (concerns(asked.change.fields[field], rule.field)) return true;
    return rule.field.starts_with(asked.paths[field]) && rule.holds(asked.change, rule.field);
  });
}

bool applies(const RiskRule& rule, const Asked& asked) {
  if (!is_about(rule, asked)) return false;
  if (rule.holds) return rule.holds(asked.change, rule.field);
  for (std::size_t i = 0; i < asked.paths.size(); ++i)
    if (concerns(asked.change.fields[i], rule.field) && !is_told_by_another(i, asked)) return true;
  return false;
}

}  // namespace

std::span<const RiskRule> risk_rules() { return kRules; }

std::vector<Risk> risks_of(const Change& change) {
  std::vector<Risk> risks;
  const Asked asked = asked_of(change);
  for (const RiskRule& rule : kRules) {
    if (!applies(rule, asked)) continue;
    const Risk risk{rule.name, rule.level, rule.text};
    if (std::find(risks.begin(), risks.end(), risk) == risks.end()) risks.push_back(risk);
  }
  return risks;
}
std::vector<Risk> risks_of(const Cluster& cluster) {
  std::vector<Risk> risks;
  if (cluster.state == Cluster::State::added)
    risks.push_back({"cluster-added", low, "nothing was published for this cluster before"});
  if (cluster.state == Cluster::State::removed)
    risks.push_back({"cluster-removed", high,
                     "the cluster is not declared any more: all that was published for it goes, and callers there lose "
                     "every host"});
  if (cluster.lists == Cluster::Lists::vanish)
    risks.push_back({"lists-removed", high,
                     "no kustomization.yaml is written any more: what applies the directory by it finds nothing, and "
                     "prunes everything, unless it is told to read the files of all directories"});
  if (cluster.lists == Cluster::Lists::appear)
    risks.push_back(
        {"lists-added", low, "kustomization.yaml is written from then on: Argo CD and Flux apply the directory by it"});
  return risks;
}

}  // namespace meshfed::diff
