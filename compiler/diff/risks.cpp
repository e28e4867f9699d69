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
                           kAuthorizationPolicy = "AuthorizationPolicy.security.istio.io", kConfigMap = "ConfigMap",
                           kKustomization = "Kustomization.kustomize.config.k8s.io";

constexpr std::string_view kRevision = "metadata.labels[\"istio.io/rev\"]",
                           kInjection = "metadata.labels.istio-injection",
                           kNetworkLabel = "metadata.labels[\"topology.istio.io/network\"]",
                           kTlsModeLabel = "metadata.labels[\"security.istio.io/tlsMode\"]",
                           kServiceNameLabel = "metadata.labels[\"kubernetes.io/service-name\"]",
                           kExportTo = "metadata.annotations[\"networking.istio.io/exportTo\"]",
                           kServiceType = "metadata.annotations[\"networking.istio.io/service-type\"]",
                           kPodNetwork = "spec.infrastructure.labels[\"topology.istio.io/network\"]",
                           kArgoOptions = "metadata.annotations[\"argocd.argoproj.io/sync-options\"]",
                           kFluxPrune = "metadata.annotations[\"kustomize.toolkit.fluxcd.io/prune\"]",
                           kAutoscaler = "data.horizontalPodAutoscaler",
                           kPrincipals = "spec.rules.from.source.notPrincipals",
                           kPolicyPorts = "spec.rules.to.operation.ports";

// Said by more than one row.
constexpr std::string_view
    kHostLost = "callers there lose the host: its name no longer resolves, and calls in progress fail with 503",
    kPortLost = "callers of a port that is removed or renumbered fail until they use the new one",
    kPortNew = "callers can use a port that they could not use before",
    kPortRenamed = "references to the port by its name must be updated; callers use its number",
    kProtocol =
        "proxies treat calls to the port as another protocol: connections break once, and calls in the old protocol "
        "fail",
    kHidden = "callers in namespaces that are not listed lose the host",
    kShownToAll = "callers in every namespace see the host, no longer only those in the listed ones",
    kShownToMore = "callers in the added namespaces see the host", kNetworkComes = "some calls go to that network",
    kNetworkGoes = "calls no longer go to that network", kWeights = "traffic is rebalanced between networks",
    kLocality = "the network has another locality: callers that prefer the nearest source may choose differently",
    kTlsMode = "without the label `security.istio.io/tlsMode: istio`, callers send plain text, which gateways refuse",
    kRefused = "every workload of the cluster refuses plain text: callers without a sidecar fail",
    kAccepted = "every workload of the cluster accepts plain text",
    kTemplate =
        "the template of the gateway's pods changes, so the pods are replaced: connections through them break once",
    kNewAddress =
        "all calls through the egress gateway to that network use the new address, which must be reachable first",
    kImmutable = "the field is immutable in Kubernetes: applying the change fails until the object is deleted";

using enum Level;
using enum Action;

// By kind; for each, what is worst first.
constexpr RiskRule kRules[] = {
    {"namespace-removed", high, kNamespace, remove, "", no<is_kept>,
     "deleting a namespace deletes everything in it, including objects that meshfedc did not write"},
    {"namespace-left", low, kNamespace, remove, "", is_kept,
     "Argo CD and Flux keep the namespace because of its annotations; `kubectl delete` would delete everything in it"},
    {"namespace-unprotected", high, kNamespace, change, "metadata.annotations", all<takes, no<gives>>,
     "Argo CD and Flux may prune the namespace, with everything in it"},
    {"namespace-protected", low, kNamespace, change, "metadata.annotations", gives,
     "Argo CD and Flux no longer prune the namespace"},
    {"namespace-injection", low, kNamespace, add, "", injects,
     "new pods in the namespace get a sidecar; running pods do not"},
    {"namespace-injection", high, kNamespace, change, kInjection, all<vanishes, no<injects>>,
     "new pods in the namespace get no sidecar"},
    {"namespace-injection", high, kNamespace, change, kRevision, all<vanishes, no<injects>>,
     "new pods in the namespace get no sidecar"},
    {"namespace-injection", medium, kNamespace, change, kInjection, all<differs, injects>,
     "new pods in the namespace get their sidecar from another revision of istiod, or get one for the first time"},
    {"namespace-injection", medium, kNamespace, change, kRevision, all<differs, injects>,
     "new pods in the namespace get their sidecar from another revision of istiod, or get one for the first time"},

    {"host-removed", high, kServiceEntry, remove, "", all<is_host, no<moves>>, kHostLost},
    {"host-moved", medium, kServiceEntry, remove, "", all<is_host, moves>,
     "the host's ServiceEntry moves to another namespace: callers may lose the host briefly"},
    {"host-removed", high, kServiceEntry, change, "spec.hosts", all<is_host, takes>, kHostLost},
    {"host-added", low, kServiceEntry, change, "spec.hosts", all<is_host, gives>,
     "callers reach the host by another name"},
    {"egress", medium, kServiceEntry, change, "spec.hosts", all<no<is_host>, differs>,
     "the egress gateway reaches that network by another name: calls through it fail until its routes are updated"},
    {"host-ports", high, kServiceEntry, change, "spec.ports.number", takes, kPortLost},
    {"host-protocol", high, kServiceEntry, change, "spec.ports.protocol", differs, kProtocol},
    {"host-target", high, kServiceEntry, change, "spec.ports.targetPort", all<differs, selects_pods>,
     "calls reach the local workloads on another port, which their pods must listen on first"},
    {"host-target", low, kServiceEntry, change, "spec.ports.targetPort", all<differs, no<selects_pods>>,
     "the pods behind other networks' gateways use another port; outgoing calls do not change"},
    {"host-port-added", low, kServiceEntry, change, "spec.ports.number", gives, kPortNew},
    {"host-port-name", low, kServiceEntry, change, "spec.ports.name", takes, kPortRenamed},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", all<vanishes, no<selects_pods>>,
     "callers no longer verify the server's identity: they accept any identity of a trusted root"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", all<vanishes, selects_pods>,
     "callers accept only the identities of the cluster's own pods; if there are none, they accept any identity of a "
     "trusted root"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", appears,
     "callers, which accepted any identity before, refuse servers whose identity is not listed, with 503"},
    {"host-identity", high, kServiceEntry, change, "spec.subjectAltNames", loses,
     "callers refuse servers whose identity is no longer listed, with 503"},
    {"host-identity", medium, kServiceEntry, change, "spec.subjectAltNames", gains,
     "callers accept servers with identities that they refused before"},
    {"host-workloads", medium, kServiceEntry, change, "spec.workloadSelector", appears,
     "the cluster's own pods also serve the host"},
    {"host-workloads", high, kServiceEntry, change, "spec.workloadSelector", vanishes,
     "the cluster's own pods no longer serve the host: all calls go to other clusters"},
    {"host-workloads", medium, kServiceEntry, change, "spec.workloadSelector", is_edited, "other pods serve the host"},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, gives>, kNetworkComes},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, vanishes>,
     "calls reach these networks only if WorkloadEntries list them"},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.network", all<is_host, loses>, kNetworkGoes},
    {"host-sources", medium, kServiceEntry, change, "spec.endpoints.address", all<is_host, differs>,
     "the endpoints are no longer the networks' gateways, or are again"},
    {"host-weights", medium, kServiceEntry, change, "spec.endpoints.weight", all<is_host, differs>, kWeights},
    {"host-locality", medium, kServiceEntry, change, "spec.endpoints.locality", all<is_host, differs>, kLocality},
    {"host-mtls", high, kServiceEntry, change, "spec.endpoints.labels", all<is_host, differs>, kTlsMode},
    {"host-mtls", high, kServiceEntry, change, "spec.location", differs,
     "callers use mTLS with MESH_INTERNAL but not with MESH_EXTERNAL: servers may refuse the calls"},
    {"host-resolution", medium, kServiceEntry, change, "spec.resolution", differs,
     "with DNS, endpoints are resolved as names; with STATIC, they are used as addresses: calls in progress break "
     "once"},
    {"host-addresses", medium, kServiceEntry, change, "spec.addresses", appears,
     "the host resolves to these addresses instead of one that the mesh allocates: callers that cache the old one fail "
     "until they resolve the name again"},
    {"host-addresses", high, kServiceEntry, change, "spec.addresses", vanishes,
     "the addresses no longer work: callers that use them fail, and the name resolves only if the mesh allocates an "
     "address"},
    {"host-addresses", high, kServiceEntry, change, "spec.addresses", loses,
     "removed addresses no longer work: callers that cache them fail until they resolve the name again"},
    {"host-addresses", low, kServiceEntry, change, "spec.addresses", gains, "the host has one more address"},
    {"host-visibility", high, kServiceEntry, change, "spec.exportTo", hides, kHidden},
    {"host-visibility", medium, kServiceEntry, change, "spec.exportTo", shows_to_all, kShownToAll},
    {"host-visibility", medium, kServiceEntry, change, "spec.exportTo", shows_to_more, kShownToMore},
    {"egress", high, kServiceEntry, remove, "", all<no<is_host>, no<moves>>,
     "the egress gateway no longer has an address for that network: calls do not reach it"},
    {"egress", high, kServiceEntry, change, "spec.endpoints", all<no<is_host>, differs>, kNewAddress},

    {"host-removed", high, kService, remove, "", all<is_imported, no<moves>>,
     "callers there lose the host unless the application's own Service replaces it: the name no longer resolves, and "
     "calls in progress fail with 503"},
    {"host-moved", medium, kService, remove, "", all<is_imported, moves>,
     "the Service moves to another namespace, so callers must use another name"},
    {"host-ports", high, kService, change, "spec.ports.port", takes, kPortLost},
    {"host-protocol", high, kService, change, "spec.ports.appProtocol", differs, kProtocol},
    {"host-protocol", high, kService, change, "spec.ports.protocol", differs, kProtocol},
    {"host-target", low, kService, change, "spec.ports.targetPort", differs,
     "the pods behind other networks' gateways use another port; outgoing calls do not change"},
    {"host-port-added", low, kService, change, "spec.ports.port", gives, kPortNew},
    {"host-port-name", low, kService, change, "spec.ports.name", takes, kPortRenamed},
    {"host-workloads", high, kService, change, "spec.selector", differs,
     "the Service selects other endpoints: WorkloadEntries with other labels no longer get calls"},
    {"host-type", high, kService, change, "spec.clusterIP", differs, kImmutable},
    {"host-visibility", high, kService, change, kExportTo, hides, kHidden},
    {"host-visibility", medium, kService, change, kExportTo, shows_to_all, kShownToAll},
    {"host-visibility", medium, kService, change, kExportTo, shows_to_more, kShownToMore},
    {"egress", high, kService, remove, "", all<no<is_imported>, no<moves>>,
     "the egress gateway no longer has an address for that network: calls do not reach it"},

    {"host-sources", medium, kWorkloadEntry, add, "", no<moves>, kNetworkComes},
    {"host-sources", medium, kWorkloadEntry, remove, "", no<moves>,
     "calls no longer go to that network, unless the host's ServiceEntry lists it"},
    {"host-sources", high, kWorkloadEntry, change, "spec.network", differs,
     "calls go to another network, or to one without a gateway"},
    {"host-sources", medium, kWorkloadEntry, change, "metadata.labels", nullptr,
     "another host, or none, may select the network by these labels"},
    {"host-mtls", high, kWorkloadEntry, change, kTlsModeLabel, differs, kTlsMode},
    {"host-weights", medium, kWorkloadEntry, change, "spec.weight", differs, kWeights},
    {"host-locality", medium, kWorkloadEntry, change, "spec.locality", differs, kLocality},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", appears,
     "callers accept servers in that network only with this identity, or with one of the host's other workloads"},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", vanishes,
     "callers accept servers in that network only with an identity of the host's other workloads; if these have none, "
     "callers accept any identity of a trusted root"},
    {"host-identity", high, kWorkloadEntry, change, "spec.serviceAccount", is_edited,
     "callers refuse servers in that network that do not have the new identity, with 503"},

    {"host-balancing", medium, kDestinationRule, add, "", all<is_host, no<moves>>,
     "failing endpoints are ejected temporarily, and the distribution of calls may change"},
    {"host-balancing", medium, kDestinationRule, remove, "", all<is_host, no<moves>>,
     "failing endpoints are no longer ejected, and the mesh's own settings decide the distribution of calls"},
    {"host-balancing", medium, kDestinationRule, change, "spec.trafficPolicy.loadBalancer", all<is_host, differs>,
     "the distribution of calls changes"},
    {"host-outliers", medium, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", vanishes,
     "failing endpoints are no longer ejected"},
    {"host-outliers", low, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", appears,
     "failing endpoints are ejected temporarily"},
    {"host-outliers", medium, kDestinationRule, change, "spec.trafficPolicy.outlierDetection", is_edited,
     "when and how long failing endpoints are ejected changes"},
    {"host-balancing", medium, kDestinationRule, change, "spec.host", differs,
     "the rule applies to another host, and no longer to the old one"},
    {"host-balancing", medium, kDestinationRule, change, "spec.exportTo", differs,
     "the rule applies to calls from other namespaces"},
    {"host-mtls", high, kDestinationRule, change, "spec.trafficPolicy.tls", all<is_host, differs>,
     "the encryption of calls changes: servers that expect the old one refuse them"},
    {"egress", high, kDestinationRule, remove, "", all<no<is_host>, no<moves>>,
     "the egress gateway may add a second layer of TLS, which hides the host name from the gateway of that network"},
    {"egress", high, kDestinationRule, change, "spec.trafficPolicy.tls", all<no<is_host>, differs>,
     "the egress gateway forwards calls unchanged only with `mode: DISABLE`; a second layer of TLS hides their host "
     "name"},
    {"host-balancing", medium, kDestinationRule, change, "spec", nullptr,
     "connection settings, limits or load balancing of calls change"},

    {"callers-restricted", high, kAuthorizationPolicy, add, "", always,
     "callers that are not listed are refused, with 403 for HTTP"},
    {"callers-open", high, kAuthorizationPolicy, remove, "", always, "anyone who reaches the workloads can call them"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPrincipals, loses,
     "callers that are no longer listed are refused, with 403 for HTTP"},
    {"callers-open", high, kAuthorizationPolicy, change, kPrincipals, gains,
     "callers that are added to the list are allowed"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPrincipals, vanishes,
     "the list is empty: every caller is refused"},
    {"callers-open", high, kAuthorizationPolicy, change, kPrincipals, appears,
     "every caller was refused before: the listed ones are now allowed"},
    {"callers-open", high, kAuthorizationPolicy, change, kPolicyPorts, loses,
     "anyone can call a port that is no longer listed"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPolicyPorts, gains,
     "callers that are not listed are refused on the added ports"},
    {"callers-restricted", high, kAuthorizationPolicy, change, kPolicyPorts, vanishes,
     "callers that are not listed are refused on every port of the workloads, including health checks and metrics"},
    {"callers-open", high, kAuthorizationPolicy, change, kPolicyPorts, appears,
     "anyone can call a port that is not listed"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec.selector", differs,
     "other workloads are protected: anyone can call those that are no longer selected"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec.action", differs,
     "the effect of the rules changes: DENY refuses matching callers, ALLOW refuses all others"},
    {"callers-changed", high, kAuthorizationPolicy, change, "spec", nullptr, "the allowed callers change"},

    {"mesh-mtls", high, kPeerAuthentication, add, "spec.mtls.mode", is_strict, kRefused},
    {"mesh-mtls", medium, kPeerAuthentication, add, "spec.mtls.mode", is_permissive,
     "every workload of the cluster accepts plain text, as by Istio's default, unless a stricter policy was set"},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec.mtls.mode", all<differs, is_strict>, kRefused},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec.mtls.mode", all<differs, no<is_strict>>, kAccepted},
    {"mesh-mtls", high, kPeerAuthentication, change, "spec", nullptr,
     "the workloads or ports that refuse plain text change"},
    {"mesh-mtls", high, kPeerAuthentication, remove, "spec.mtls.mode", is_strict,
     "Istio's default applies again: every workload of the cluster accepts plain text"},
    {"mesh-mtls", low, kPeerAuthentication, remove, "spec.mtls.mode", no<is_strict>,
     "Istio's default applies again, which is the same: every workload of the cluster accepts plain text"},

    {"gateway-added", low, kGateway, add, kServiceType, has_outer_address,
     "the deployed Service must get the address in federation.toml, which other networks call"},
    {"gateway-removed", high, kGateway, remove, "", no<is_remote>,
     "the gateway's pods and Service are deleted, and its address is lost"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, loses_load_balancer>,
     "the gateway's load balancer is deleted, and its address is lost: calls to that address fail"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, gets_load_balancer>,
     "the gateway's Service gets a load balancer with a new address: calls to the old one may fail until callers use "
     "it"},
    {"gateway-address", high, kGateway, change, kServiceType, all<no<is_remote>, loses_node_ports>,
     "the gateway's Service loses its node ports: calls to them fail"},
    {"gateway-address", low, kGateway, change, kServiceType, all<no<is_remote>, gets_node_ports>,
     "the gateway can be reached at a port of every node"},
    {"gateway-class", high, kGateway, change, "spec.gatewayClassName", differs,
     "another controller, or none, deploys the gateway: pods and address change"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, vanishes>,
     "the default revision of istiod takes over the gateway and replaces its pods; without one, the gateway is "
     "unmanaged"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, appears>,
     "the named revision of istiod takes over the gateway and replaces its pods; if it does not run, the gateway is "
     "unmanaged"},
    {"gateway-revision", high, kGateway, change, kRevision, all<no<is_remote>, is_edited>,
     "another revision of istiod takes over the gateway and replaces its pods; if it does not run, the gateway is "
     "unmanaged"},
    {"gateway-network", high, kGateway, change, kPodNetwork, all<no<is_remote>, differs>,
     "the label sets the gateway's network: with another value, the rest of its network treats it as a gateway of "
     "another network"},
    {"gateway-parameters", high, kGateway, change, "spec.infrastructure.parametersRef",
     all<no<is_remote>, differs, is_there>,
     "istiod does not deploy the gateway while the named ConfigMap is missing or contains an unknown key"},
    {"gateway-load-balancer", medium, kGateway, change, "spec.infrastructure.annotations", all<no<is_remote>, differs>,
     "the annotations are copied to the Service: for some of them, cloud providers replace the load balancer and its "
     "address"},
    {"gateway-pods", medium, kGateway, change, "metadata.labels", all<copies_labels, differs>,
     "Istio copies labels to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "metadata.annotations", all<copies_annotations, differs>,
     "Istio copies annotations to the gateway's pods, which are replaced: connections through them break once"},
    {"gateway-pods", medium, kGateway, change, "spec.infrastructure", all<no<is_remote>, differs>, kTemplate},
    {"gateway-ports", high, kGateway, change, "spec.listeners.port", all<no<is_remote>, takes>,
     "the gateway's Service and its load balancer lose a port: calls to it fail"},
    {"gateway-ports", low, kGateway, change, "spec.listeners.port", all<no<is_remote>, gives>,
     "the gateway's Service and its load balancer get another port"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.tls", all<no<is_remote>, differs>,
     "the gateway must pass TLS through unchanged, because callers and servers verify each other, not the gateway"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.protocol", all<no<is_remote>, differs>,
     "the gateway must pass TLS through unchanged, because callers and servers verify each other, not the gateway"},
    {"gateway-listeners", high, kGateway, change, "spec.listeners.allowedRoutes", all<no<is_remote>, differs>,
     "the namespaces whose routes the gateway uses change"},
    {"gateway-listeners", medium, kGateway, change, "spec.listeners.name", all<no<is_remote>, takes>,
     "routes refer to listeners by name: those with the old name no longer apply"},

    {"gateway-protection", medium, kGateway, change, kArgoOptions, all<no<is_remote>, differs>,
     "Argo CD is told, or no longer told, to keep the gateway and its address even if the output omits it"},
    {"gateway-protection", medium, kGateway, change, kFluxPrune, all<no<is_remote>, differs>,
     "Flux is told, or no longer told, to keep the gateway and its address even if the output omits it"},

    {"gateway-autoscaler", high, kConfigMap, change, kAutoscaler, vanishes,
     "istiod does not delete the autoscaler that it created, which keeps resetting the number of pods: run `kubectl "
     "delete hpa` for it, after this is applied; its name is that of the gateway with `-istio`"},
    {"gateway-autoscaler", low, kConfigMap, change, kAutoscaler, appears,
     "an autoscaler sets the number of the gateway's pods: connections through pods that it removes break"},
    {"gateway-replicas", medium, kConfigMap, change, kAutoscaler, is_edited,
     "the bounds of the gateway's autoscaler change: connections through pods that it removes break"},
    {"gateway-replicas", medium, kConfigMap, change, "data.deployment", is_edited,
     "the gateway gets another number of pods: connections through pods that are removed break"},
    {"gateway-replicas", medium, kConfigMap, change, "data", nullptr, "the deployment of the gateway changes"},
    {"gateway-replicas", medium, kConfigMap, add, "", always,
     "the gateway gets another number of pods, and a PodDisruptionBudget"},
    {"gateway-replicas", high, kConfigMap, remove, "", always,
     "the gateway goes back to one pod, unless it has an autoscaler, which istiod does not delete: run `kubectl delete "
     "hpa,pdb` for what it created; the name is that of the gateway with `-istio`"},

    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, loses>,
     "calls to that network no longer use the removed address: the remaining ones must be reachable"},
    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, gains>,
     "calls to that network also use the new address, which must be reachable first"},
    {"network-way", high, kGateway, change, "spec.addresses.value", all<is_remote, vanishes>,
     "calls no longer reach that network"},
    {"network-way", medium, kGateway, change, "spec.addresses.value", all<is_remote, appears>,
     "calls can reach that network"},
    {"network-way", medium, kGateway, change, "spec.addresses.type", all<is_remote, differs>,
     "istiod resolves host names itself, and uses IP addresses unchanged"},
    {"network-way", high, kGateway, change, "spec.listeners.port", all<is_remote, differs>,
     "all calls to that network use the new port, which must be reachable first"},
    {"network-way", high, kGateway, change, "spec.listeners.tls", all<is_remote, differs>,
     "istiod reads from the listener how to reach the network: with another setting, calls may not reach it"},
    {"network-way", high, kGateway, change, "spec.listeners.protocol", all<is_remote, differs>,
     "istiod reads from the listener how to reach the network: with another setting, calls may not reach it"},
    {"network-way", high, kGateway, change, kNetworkLabel, all<is_remote, differs>,
     "the addresses belong to another network: calls no longer reach the old one"},
    {"network-cut", high, kGateway, remove, "", is_remote, "calls no longer reach that network"},

    {"gateway-closes", high, kIstioGateway, remove, "", always, "the gateway no longer passes any of these hosts"},
    {"gateway-opens", medium, kIstioGateway, add, "", always, "the gateway passes these hosts"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.hosts", takes,
     "the gateway no longer passes hosts that are not listed"},
    {"gateway-opens", medium, kIstioGateway, change, "spec.servers.hosts", gives,
     "the gateway passes hosts that it did not pass before"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.port.number", takes,
     "the gateway passes the hosts on another port, and no longer on the old one"},
    {"gateway-closes", high, kIstioGateway, change, "spec.servers.port.protocol", takes,
     "the gateway passes the hosts with another protocol: existing calls fail"},
    {"gateway-tls", high, kIstioGateway, change, "spec.servers.tls", differs,
     "the gateway's TLS mode changes: any mode except passthrough breaks mTLS between caller and server"},
    {"gateway-pods", high, kIstioGateway, change, "spec.selector", differs,
     "the pods of another gateway pass these hosts, and the old ones no longer do"},

    {"egress", low, kVirtualService, add, "", no<moves>, "the egress gateway routes these calls"},
    {"egress", high, kVirtualService, remove, "", no<moves>, "the egress gateway no longer routes these calls"},
    {"egress", high, kVirtualService, change, "spec.tls.match.sniHosts", takes,
     "the egress gateway no longer routes calls to hosts or ports that are not listed"},
    {"egress", low, kVirtualService, change, "spec.tls.match.sniHosts", gives,
     "the egress gateway routes calls to hosts or ports that it did not route before"},
    {"egress", medium, kVirtualService, change, "spec.tls.match.port", takes,
     "the egress gateway routes calls that arrive at another port"},
    {"egress", high, kVirtualService, change, "spec.tls.route", differs,
     "the egress gateway sends these calls to another destination, which must be reachable first"},
    {"egress", medium, kVirtualService, change, "spec.hosts", differs,
     "the egress gateway routes calls to other hosts"},
    {"egress", high, kVirtualService, change, "spec.gateways", differs,
     "the routes apply to another gateway, and no longer to the old one"},
    {"egress", high, kVirtualService, change, "spec.exportTo", hides,
     "egress gateways in namespaces that are not listed lose their routes"},
    {"egress", low, kVirtualService, change, "spec.exportTo", shows_to_all,
     "egress gateways in other namespaces also see the routes"},
    {"egress", medium, kVirtualService, change, "spec", nullptr, "the egress gateway routes calls differently"},

    {"egress", low, kTlsRoute, add, "", no<moves>, "the egress gateway routes these calls"},
    {"egress", high, kTlsRoute, remove, "", no<moves>, "the egress gateway no longer routes these calls"},
    {"egress", high, kTlsRoute, change, "spec.hostnames", takes,
     "the egress gateway no longer routes calls to hosts that are not listed"},
    {"egress", low, kTlsRoute, change, "spec.hostnames", gives,
     "the egress gateway routes calls to hosts that it did not route before"},
    {"egress", high, kTlsRoute, change, "spec.parentRefs", differs,
     "the routes apply to another gateway or listener, and no longer to the old one"},
    {"egress", high, kTlsRoute, change, "spec.rules", differs,
     "the egress gateway sends these calls to other destinations or in other proportions: the destinations must be "
     "reachable first"},
    {"egress", low, kTlsRoute, change, "apiVersion", differs,
     "applying fails unless the CRDs of the cluster serve that version"},

    {"egress", medium, kEndpointSlice, add, "", no<moves>,
     "some calls through the egress gateway to that network use these addresses, which must be reachable first"},
    {"egress", high, kEndpointSlice, remove, "", no<moves>,
     "calls through the egress gateway no longer use these addresses"},
    {"egress", high, kEndpointSlice, change, "endpoints.addresses", differs, kNewAddress},
    {"egress", high, kEndpointSlice, change, "ports", differs,
     "all calls through the egress gateway to that network use the new port, which must be reachable first"},
    {"egress", high, kEndpointSlice, change, "addressType", differs, kImmutable},
    {"egress", high, kEndpointSlice, change, kServiceNameLabel, differs,
     "the addresses belong to another Service, and no longer to the old one"},

    {"list-entries", high, kKustomization, change, "resources", gives,
     "Argo CD, Flux and `kubectl apply -k` do not apply files that are not listed, and may prune their objects, until "
     "a build restores the list"},
    {"list-entries", high, kKustomization, change, "resources", takes,
     "files that were added to the list manually are applied now; the next build removes them from the list, and their "
     "objects are pruned"},
    {"list-broken", high, kKustomization, change, "kind", differs,
     "kustomize cannot read the file: nothing that it lists is applied until a build repairs it"},
    {"list-broken", high, kKustomization, change, "apiVersion", differs,
     "kustomize cannot read the file: nothing that it lists is applied until a build repairs it"},
    {"list-transforms", high, kKustomization, change, "", nullptr,
     "kustomize changes the applied objects according to these fields until a build removes them"},
    {"list-missing", high, kKustomization, add, "", always,
     "without the file, Argo CD, Flux and `kubectl apply -k` apply nothing here, or not what was built, until a build "
     "restores it"},
    {"list-removed", high, kKustomization, remove, "", always,
     "the file was edited manually, and a build removes it: its additions and changes are no longer applied"},
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
                     "the cluster is no longer declared: everything published for it is removed, and callers there "
                     "lose every host"});
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
