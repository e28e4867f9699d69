// Gateways between networks: the cluster's own way in, and the ways to the others.
#include <algorithm>

#include "lower/context.hpp"
#include "model/address.hpp"

namespace meshfed::lower {
namespace {

using k8s::Gateway;
using k8s::IstioGateway;
using model::kCrossNetworkPort;

constexpr const char* kListener = "cross-network";
constexpr const char* kServiceTypeAnnotation = "networking.istio.io/service-type";

/// What the pods get. Never empty: Istio would copy the Gateway's own annotations, and whatever Argo CD, Flux or
/// `protect` writes there would replace the pods.
k8s::StringMap pod_annotations(const model::Gateway& gateway) {
  if (!gateway.annotations->empty()) return string_map(gateway.annotations);
  return {{std::string(model::kGatewayAnnotation), "east-west"}};
}

/// Gateway API deploys it. The network stands under `infrastructure` only: on the Gateway's own metadata it would make
/// the listener auto-passthrough, for every service of the mesh.
Gateway deployed_gateway(const Context& context, const model::Gateway& gateway) {
  k8s::Meta meta = context.meta(*gateway.name, context.resolved.gateway_namespace(context.id));
  if (*gateway.protect) meta.annotations = kept();
  if (context.settings().revision.given())
    meta.labels[std::string(model::kRevisionLabel)] = *context.settings().revision;
  const model::ServiceType type = model::service_type_of(gateway);
  if (type != model::ServiceType::load_balancer) meta.annotations[kServiceTypeAnnotation] = model::word(type);
  return {.meta = std::move(meta),
          .class_name = "istio",
          .infrastructure = {.labels = {{std::string(model::kNetworkLabel), context.network()}},
                             .annotations = pod_annotations(gateway),
                             .parameters = *gateway.parameters},
          .listeners = {{.name = kListener, .port = kCrossNetworkPort}}};
}

/// What the cluster serves; but for what its gateway passes anyway: Envoy refuses a listener with two chains for one
/// SNI.
std::vector<std::string> served_hosts(const Context& context, const model::Gateway& gateway) {
  std::vector<std::string> hosts;
  for (const model::ExportId exported : context.resolved.clusters[context.id].hosts) {
    if (!context.resolved.serves(context.id, exported)) continue;
    model::each_host(context.resolved.exports[exported], [&](const std::string& host) {
      if (!model::passed_by_others(gateway, host)) hosts.push_back(host);
    });
  }
  std::sort(hosts.begin(), hosts.end());
  return hosts;
}

/// What passes: exactly the exported hosts.
IstioGateway passthrough(const Context& context, const model::Gateway& gateway, std::vector<std::string> hosts) {
  return {.meta = context.meta(*gateway.name, context.resolved.gateway_namespace(context.id)),
          .selector = gateway_pods(gateway),
          .servers = {{.port_name = "tls",
                       .port = kCrossNetworkPort,
                       .hosts = std::move(hosts),
                       .tls_mode = IstioGateway::TlsMode::AutoPassthrough}}};
}

/// Where the cluster's proxies dial a network: its gateways, or the egress gateway that leads there.
Gateway remote_network(const Context& context, model::NetworkId id) {
  const model::ResolvedFederation& resolved = context.resolved;
  const model::Network& network = resolved.network(id);
  std::vector<Gateway::Address> addresses;
  int port = *network.egress_port;
  if (resolved.egress(context.id, id) == model::EgressMode::gateway) {
    const std::string service = model::egress_service_name(*context.cluster().egress_gateway);
    addresses.push_back(
        {Gateway::AddressType::Hostname,
         model::service_host(service, resolved.egress_namespace(context.id), *context.settings().cluster_domain)});
  } else {
    const model::Reach reach = resolved.reach(id, resolved.clusters[context.id].network);
    port = reach.port;
    for (const std::string& address : reach.addresses) {
      const bool ip = model::is_ip(address);
      addresses.push_back({ip ? Gateway::AddressType::IPAddress : Gateway::AddressType::Hostname, address});
    }
  }
  k8s::Meta meta = context.meta(model::remote_network_name(*network.name), context.root_namespace());
  meta.labels[std::string(model::kNetworkLabel)] = *network.name;
  return {.meta = std::move(meta),
          .class_name = "istio-remote",
          .addresses = std::move(addresses),
          .listeners = {{.name = kListener,
                         .port = port,
                         .tls_options = {{"gateway.istio.io/listener-protocol", "auto-passthrough"}}}}};
}

}  // namespace

k8s::StringMap gateway_pods(const model::Gateway& gateway) {
  if (!*gateway.deploy) return string_map(gateway.selector);
  return {{std::string(model::kGatewayNameLabel), *gateway.name}};
}

void add_eastwest_gateway(const Context& context, k8s::ClusterPlan& plan) {
  const std::optional<model::Gateway>& gateway = *context.cluster().gateway;
  if (!gateway) return;
  std::vector<k8s::Resource> resources;
  if (*gateway->deploy) add_deployment(context, deployed_gateway(context, *gateway), gateway->replicas, resources);
  std::vector<std::string> hosts = served_hosts(context, *gateway);
  if (!hosts.empty()) resources.emplace_back(passthrough(context, *gateway, std::move(hosts)));
  if (resources.empty()) return;
  const std::string& ns = context.resolved.gateway_namespace(context.id);
  plan.files.push_back({in_namespace(ns, "eastwest-gateway"), std::move(resources)});
}

void add_remote_networks(const Context& context, k8s::ClusterPlan& plan) {
  for (const model::NetworkId id : context.networks) {
    const std::string name = model::remote_network_name(*context.resolved.network(id).name);
    plan.files.push_back({in_namespace(context.root_namespace(), name), {remote_network(context, id)}});
  }
}

}  // namespace meshfed::lower
