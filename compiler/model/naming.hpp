// Every name that the compiler derives. Names depend only on what they stand for, never on other declarations, so that
// adding an export renames nothing.
#pragma once

#include <string>
#include <string_view>

#include "model/resolved_federation.hpp"

namespace meshfed::model {

/// The host that clients use: `host`, `<export>.<domain>`, or the Service's own name. `cluster_domain` is for naming
/// "service".
std::string host_name(const Federation& federation, const Export& exported, Naming naming,
                      std::string_view cluster_domain);

/// The Service's name of an export with naming "service".
const std::string& service_name(const Export& exported);

/// What names of objects that stand for a network begin with.
inline constexpr std::string_view kRemoteNetworkPrefix = "network-";
inline constexpr std::string_view kEgressRoutePrefix = "egress-to-";

std::string workload_entry_name(std::string_view network, std::string_view host);
std::string remote_network_name(std::string_view network);
std::string egress_route_name(std::string_view network);
/// The host of the ServiceEntry that stands for a remote network's gateways.
std::string remote_gateway_host(std::string_view network, std::string_view domain);
/// The Service that Gateway API deploys for a Gateway of class istio.
std::string deployed_service_name(std::string_view gateway);
/// The Service of an egress gateway: its own, where it is there already.
std::string egress_service_name(const EgressGateway& egress);
/// The ConfigMap of ours that adjusts the deployment of a Gateway.
std::string parameters_name(std::string_view gateway);
std::string service_host(std::string_view service, std::string_view namespace_, std::string_view cluster_domain);
/// The SNI of Istio's mTLS through passthrough gateways: outbound_.<port>_._.<host>.
std::string sni(int port, std::string_view host);
/// What routers know a port of a host by, `<first label>-<port>.<rest>`: they take no SNI with underscores. The port
/// comes after the last dash, so no two are the same.
std::string router_name(int port, std::string_view host);
std::string spiffe_id(std::string_view trust_domain, std::string_view namespace_, std::string_view service_account);

/// The mesh in a caller, `mesh/namespace/account`.
std::string_view mesh_of_caller(std::string_view caller);
/// A caller of a mesh with that trust domain as Istio's policies say it: `<domain>/ns/<namespace>/sa/<account>`,
/// without `spiffe://`; `*` stands at the end only.
std::string principal(std::string_view trust_domain, std::string_view caller);

/// Labels of Istio, Kubernetes and ours.
inline constexpr std::string_view kCanonicalNameLabel = "service.istio.io/canonical-name";
inline constexpr std::string_view kExportLabel = "meshfedc.io/export";
inline constexpr std::string_view kGatewayAnnotation = "meshfedc.io/gateway";
inline constexpr std::string_view kNetworkLabel = "topology.istio.io/network";
inline constexpr std::string_view kTlsModeLabel = "security.istio.io/tlsMode";
inline constexpr std::string_view kGatewayNameLabel = "gateway.networking.k8s.io/gateway-name";
inline constexpr std::string_view kRevisionLabel = "istio.io/rev";

/// The port on which every east-west gateway listens (Istio's convention).
inline constexpr int kCrossNetworkPort = 15443;
/// The port on which routers are dialled, unless `gateway.port` says another.
inline constexpr int kRouterPort = 443;

}  // namespace meshfed::model
