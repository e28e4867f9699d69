// The way out by an egress gateway: one listener per remote network, each with a port of its own, because the SNI says
// which host is wanted but not from which network.
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "lower/context.hpp"
#include "model/address.hpp"

namespace meshfed::lower {
namespace {

using model::NetworkId;

/// One remote network as this cluster's egress gateway knows it.
struct RemoteNetwork {
  std::string network;
  std::string name;  // of the objects
  std::string ns;
  std::string gateway;      // the egress Gateway's name
  k8s::StringMap selector;  // of the egress gateway's pods
  std::string backend;      // the host that stands for the remote gateways
  model::Reach reach;
  std::int64_t listens;            // the port of the egress gateway
  std::vector<std::string> hosts;  // of Gateways and routes: *.<host>, because an SNI has labels that are no host name
  std::vector<std::string> snis;   // outbound_.<port>_._.<host>, exact
};

void add_host(const Context& context, const NamedHost& named, RemoteNetwork& remote) {
  const bool routed = context.resolved.exports[named.exported].routed;
  if (!routed) remote.hosts.push_back("*." + *named.name);
  for (const int number : port_numbers(context.resolved.exported(named.exported))) {
    remote.snis.push_back(routed ? model::router_name(number, *named.name) : model::sni(number, *named.name));
    if (routed) remote.hosts.push_back(remote.snis.back());  // below no `*.`, and a host name by itself
  }
}

/// What the cluster gets from each of the networks, in the order of the hosts' names.
void add_hosts(const Context& context, std::map<NetworkId, RemoteNetwork>& remotes) {
  const model::ResolvedFederation& resolved = context.resolved;
  for (const NamedHost& host : hosts_in_order(context)) {
    for (const NetworkId source : resolved.live_sources(context.id, host.exported)) {
      if (const auto remote = remotes.find(source); remote != remotes.end()) add_host(context, host, remote->second);
    }
  }
}

RemoteNetwork way_to(const Context& context, NetworkId id) {
  const model::ResolvedFederation& resolved = context.resolved;
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  const model::Network& network = resolved.network(id);
  RemoteNetwork remote{.network = *network.name,
                       .name = model::egress_route_name(*network.name),
                       .ns = resolved.egress_namespace(context.id),
                       .gateway = *egress.name,
                       .selector = *egress.deploy
                                       ? k8s::StringMap{{std::string(model::kGatewayNameLabel), *egress.name}}
                                       : string_map(egress.selector),
                       .backend = model::remote_gateway_host(*network.name, *resolved.federation.domain),
                       .reach = resolved.reach(id, resolved.clusters[context.id].network),
                       .listens = *network.egress_port,
                       .hosts = {},
                       .snis = {}};
  if (*egress.backend == model::EgressBackend::endpointslice) {
    remote.backend = model::service_host(remote.name, remote.ns, *context.settings().cluster_domain);
  }
  return remote;
}

k8s::Gateway egress_gateway(const Context& context, const std::map<NetworkId, RemoteNetwork>& remotes) {
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  k8s::Meta meta = context.meta(*egress.name, context.resolved.egress_namespace(context.id));
  meta.annotations = {{"networking.istio.io/service-type", "ClusterIP"}};
  if (context.settings().revision.given())
    meta.labels[std::string(model::kRevisionLabel)] = *context.settings().revision;
  // Never empty, as those of the east-west gateway. The network's label would make the listeners auto-passthrough.
  const k8s::StringMap labels = context.meta("", "").labels;
  const k8s::StringMap annotations = {{std::string(model::kGatewayAnnotation), "egress"}};
  std::vector<k8s::Gateway::Listener> listeners;
  for (const auto& [id, remote] : remotes) listeners.push_back({.name = remote.network, .port = remote.listens});
  return {.meta = std::move(meta),
          .class_name = "istio",
          .infrastructure = {.labels = labels, .annotations = annotations, .parameters = *egress.parameters},
          .listeners = std::move(listeners)};
}

// --- what stands for the remote gateways
// -------------------------------------------------------------------------------------

/// Without a network: with one, the egress proxy would look for that network's gateway, which is itself.
k8s::ServiceEntry backend_entry(const Context& context, const RemoteNetwork& remote) {
  std::vector<k8s::ServiceEntry::Endpoint> endpoints;
  for (const std::string& address : remote.reach.addresses) endpoints.push_back({.address = address});
  return {
      .meta = context.meta(remote.name, remote.ns),
      .hosts = {remote.backend},
      .export_to = {"."},
      .location = k8s::ServiceEntry::Location::MeshExternal,
      .ports = {{.name = "tls", .number = remote.reach.port, .protocol = "TLS"}},
      .resolution = remote.reach.all_ips ? k8s::ServiceEntry::Resolution::Static : k8s::ServiceEntry::Resolution::Dns,
      .endpoints = std::move(endpoints)};
}

k8s::Service backend_service(const Context& context, const RemoteNetwork& remote) {
  return {.meta = context.meta(remote.name, remote.ns),
          .headless = true,
          .ports = {{.name = "tls", .port = remote.reach.port, .app_protocol = "tls"}}};
}

using Endpoints = std::vector<k8s::EndpointSlice::Endpoint>;

k8s::EndpointSlice slice(const Context& context, const RemoteNetwork& remote, std::string name,
                         k8s::EndpointSlice::AddressType type, Endpoints endpoints) {
  k8s::Meta meta = context.meta(std::move(name), remote.ns);
  meta.labels[k8s::EndpointSlice::kServiceNameLabel] = remote.name;
  return {.meta = std::move(meta),
          .address_type = type,
          .endpoints = std::move(endpoints),
          .ports = {{.name = "tls", .port = remote.reach.port}}};
}

/// A slice holds addresses of one family, and so many of them; a Service may have any number of slices. The first one's
/// name has no number.
void add_slices(const Context& context, const RemoteNetwork& remote, std::vector<k8s::Resource>& resources) {
  constexpr std::size_t kMaxEndpoints = 1000;
  for (const model::Family family : {model::Family::ipv4, model::Family::ipv6}) {
    std::vector<Endpoints> slices;
    for (const std::string& address : remote.reach.addresses) {
      if (model::family_of(address) != family) continue;
      if (slices.empty() || slices.back().size() == kMaxEndpoints) slices.emplace_back();
      slices.back().push_back({.addresses = {address}});
    }
    const bool ipv4 = family == model::Family::ipv4;
    const auto type = ipv4 ? k8s::EndpointSlice::AddressType::IPv4 : k8s::EndpointSlice::AddressType::IPv6;
    std::string name = remote.name + (ipv4 ? "-ipv4" : "-ipv6");
    for (std::size_t i = 0; i < slices.size(); ++i) {
      resources.emplace_back(
          slice(context, remote, i == 0 ? name : fmt::format("{}-{}", name, i + 1), type, std::move(slices[i])));
    }
  }
}

/// The connection carries the client's mTLS; a second layer would hide the SNI from the remote gateway. A host name may
/// stand for several addresses, so only one IP leaves nothing to choose from.
k8s::DestinationRule backend_rule(const Context& context, const RemoteNetwork& remote) {
  const bool one_address = remote.reach.all_ips && remote.reach.addresses.size() == 1;
  return {.meta = context.meta(remote.name, remote.ns),
          .host = remote.backend,
          .export_to = {"."},
          .outlier_detection = one_address ? std::nullopt : outlier_detection(*context.settings().outlier),
          .disable_tls = true};
}

// --- what leads there
// --------------------------------------------------------------------------------------------------------

k8s::IstioGateway route_gateway(const Context& context, const RemoteNetwork& remote) {
  return {.meta = context.meta(remote.name, remote.ns),
          .selector = remote.selector,
          .servers = {{.port_name = "tls-" + remote.network,
                       .port = remote.listens,
                       .hosts = remote.hosts,
                       .tls_mode = k8s::IstioGateway::TlsMode::Passthrough}}};
}

k8s::VirtualService virtual_service(const Context& context, const RemoteNetwork& remote) {
  return {.meta = context.meta(remote.name, remote.ns),
          .hosts = remote.hosts,
          .gateways = {remote.name},
          .export_to = {"."},
          .tls = {{.match = {{.port = remote.listens, .sni_hosts = remote.snis}},
                   .route = {{.host = remote.backend, .port = remote.reach.port}}}}};
}

k8s::TlsRoute tls_route(const Context& context, const RemoteNetwork& remote) {
  const bool slices = *context.cluster().egress_gateway->backend == model::EgressBackend::endpointslice;
  const auto version = model::tls_route_version(context.settings(), context.resolved.bundle(context.id));
  const k8s::TlsRoute::Backend service{.group = "", .kind = "Service", .name = remote.name, .port = remote.reach.port};
  const k8s::TlsRoute::Backend host{
      .group = "networking.istio.io", .kind = "Hostname", .name = remote.backend, .port = remote.reach.port};
  return {.meta = context.meta(remote.name, remote.ns),
          .version = version == model::TlsRouteVersion::v1alpha2 ? k8s::TlsRoute::Version::V1Alpha2
                                                                 : k8s::TlsRoute::Version::V1,
          .hostnames = remote.hosts,
          .parents = {{.name = remote.gateway, .section_name = remote.network}},
          .rules = {{.backends = {slices ? service : host}}}};
}

std::vector<k8s::Resource> way_objects(const Context& context, const RemoteNetwork& remote) {
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  std::vector<k8s::Resource> resources;
  const bool by_virtual_service = *egress.route == model::EgressRoute::virtualservice;
  if (by_virtual_service) resources.emplace_back(route_gateway(context, remote));
  switch (*egress.backend) {
    case model::EgressBackend::serviceentry:
      resources.emplace_back(backend_entry(context, remote));
      break;
    case model::EgressBackend::endpointslice:
      resources.emplace_back(backend_service(context, remote));
      add_slices(context, remote, resources);
      break;
  }
  resources.emplace_back(backend_rule(context, remote));
  if (by_virtual_service)
    resources.emplace_back(virtual_service(context, remote));
  else
    resources.emplace_back(tls_route(context, remote));
  return resources;
}

}  // namespace

void add_egress(const Context& context, k8s::ClusterPlan& plan) {
  std::map<NetworkId, RemoteNetwork> remotes;
  for (const NetworkId id : context.networks) {
    if (context.resolved.egress(context.id, id) == model::EgressMode::gateway) remotes.emplace(id, way_to(context, id));
  }
  if (remotes.empty()) return;
  add_hosts(context, remotes);
  const std::string& ns = context.resolved.egress_namespace(context.id);
  if (*context.cluster().egress_gateway->deploy) {
    std::vector<k8s::Resource> deployment;
    add_deployment(context, egress_gateway(context, remotes), context.cluster().egress_gateway->replicas, deployment);
    plan.files.push_back({in_namespace(ns, "egress-gateway"), std::move(deployment)});
  }
  for (const auto& [id, remote] : remotes)
    plan.files.push_back({in_namespace(remote.ns, remote.name), way_objects(context, remote)});
}

}  // namespace meshfed::lower
