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
struct Way {
  std::string network;
  std::string name;  // of the objects
  std::string ns;
  std::string gateway;  // the egress Gateway's name
  std::string backend;  // the host that stands for the remote gateways
  model::Reach reach;
  std::int64_t listens;  // the port of the egress gateway
  std::vector<std::string>
      wildcards;                  // *.<host>, for Gateway API and Istio hosts: an SNI has labels that are no host name
  std::vector<std::string> snis;  // outbound_.<port>_._.<host>, exact
};

void add_host(const model::World& world, model::ExportId exported, Way& way) {
  const std::string& host = world.exports[exported].host;
  way.wildcards.push_back("*." + host);
  std::vector<int> numbers;
  for (const model::Port& port : *world.exported(exported).ports) numbers.push_back(*port.number);
  std::sort(numbers.begin(), numbers.end());
  for (const int number : numbers) way.snis.push_back(model::sni(number, host));
}

/// What the cluster gets from each of the networks, in the order of the hosts' names.
void add_hosts(const Context& context, std::map<NetworkId, Way>& ways) {
  const model::World& world = context.world;
  std::vector<model::ExportId> exports = world.clusters[context.id].hosts;
  std::sort(exports.begin(), exports.end(),
            [&](auto a, auto b) { return world.exports[a].host < world.exports[b].host; });
  for (const model::ExportId exported : exports) {
    for (const NetworkId source : world.live_sources(context.id, exported)) {
      if (const auto way = ways.find(source); way != ways.end()) add_host(world, exported, way->second);
    }
  }
}

Way way_to(const Context& context, NetworkId id) {
  const model::World& world = context.world;
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  const model::Network& network = world.network(id);
  Way way{.network = *network.name,
          .name = model::egress_route_name(*network.name),
          .ns = world.egress_namespace(context.id),
          .gateway = *egress.name,
          .backend = model::remote_gateway_host(*network.name, *world.federation.domain),
          .reach = world.reach(id, world.clusters[context.id].network),
          .listens = *network.egress_port,
          .wildcards = {},
          .snis = {}};
  if (*egress.backend == model::EgressBackend::endpointslice) {
    way.backend = model::service_host(way.name, way.ns, *context.settings().cluster_domain);
  }
  return way;
}

k8s::Gateway egress_gateway(const Context& context, const std::map<NetworkId, Way>& ways) {
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  k8s::Meta meta = context.meta(*egress.name, context.world.egress_namespace(context.id));
  meta.annotations = {{"networking.istio.io/service-type", "ClusterIP"}};
  if (context.settings().revision.given())
    meta.labels[std::string(model::kRevisionLabel)] = *context.settings().revision;
  std::vector<k8s::Gateway::Listener> listeners;
  for (const auto& [id, way] : ways) listeners.push_back({.name = way.network, .port = way.listens});
  return {.meta = std::move(meta),
          .class_name = "istio",
          .infrastructure = {.parameters = *egress.parameters},
          .listeners = std::move(listeners)};
}

// --- what stands for the remote gateways
// -------------------------------------------------------------------------------------

/// Without a network: with one, the egress proxy would look for that network's gateway, which is itself.
k8s::ServiceEntry backend_entry(const Context& context, const Way& way) {
  std::vector<k8s::ServiceEntry::Endpoint> endpoints;
  for (const std::string& address : way.reach.addresses) endpoints.push_back({.address = address});
  return {.meta = context.meta(way.name, way.ns),
          .hosts = {way.backend},
          .export_to = {"."},
          .location = k8s::ServiceEntry::Location::MeshExternal,
          .ports = {{.name = "tls", .number = way.reach.port, .protocol = "TLS"}},
          .resolution = way.reach.all_ips ? k8s::ServiceEntry::Resolution::Static : k8s::ServiceEntry::Resolution::Dns,
          .endpoints = std::move(endpoints)};
}

k8s::Service backend_service(const Context& context, const Way& way) {
  return {.meta = context.meta(way.name, way.ns),
          .headless = true,
          .ports = {{.name = "tls", .port = way.reach.port, .app_protocol = "tls"}}};
}

using Endpoints = std::vector<k8s::EndpointSlice::Endpoint>;

k8s::EndpointSlice slice(const Context& context, const Way& way, std::string name, k8s::EndpointSlice::AddressType type,
                         Endpoints endpoints) {
  k8s::Meta meta = context.meta(std::move(name), way.ns);
  meta.labels[k8s::EndpointSlice::kServiceNameLabel] = way.name;
  return {.meta = std::move(meta),
          .address_type = type,
          .endpoints = std::move(endpoints),
          .ports = {{.name = "tls", .port = way.reach.port}}};
}

/// A slice holds addresses of one family, and so many of them; a Service may have any number of slices. The first one's
/// name has no number.
void add_slices(const Context& context, const Way& way, std::vector<k8s::Resource>& resources) {
  constexpr std::size_t kMaxEndpoints = 1000;
  for (const model::Family family : {model::Family::ipv4, model::Family::ipv6}) {
    std::vector<Endpoints> slices;
    for (const std::string& address : way.reach.addresses) {
      if (model::family_of(address) != family) continue;
      if (slices.empty() || slices.back().size() == kMaxEndpoints) slices.emplace_back();
      slices.back().push_back({.addresses = {address}});
    }
    const bool ipv4 = family == model::Family::ipv4;
    const auto type = ipv4 ? k8s::EndpointSlice::AddressType::IPv4 : k8s::EndpointSlice::AddressType::IPv6;
    std::string name = way.name + (ipv4 ? "-ipv4" : "-ipv6");
    for (std::size_t i = 0; i < slices.size(); ++i) {
      resources.emplace_back(
          slice(context, way, i == 0 ? name : fmt::format("{}-{}", name, i + 1), type, std::move(slices[i])));
    }
  }
}

/// The connection carries the client's mTLS; a second layer would hide the SNI from the remote gateway. A host name may
/// stand for several addresses, so only one IP leaves nothing to choose from.
k8s::DestinationRule backend_rule(const Context& context, const Way& way) {
  const bool one_address = way.reach.all_ips && way.reach.addresses.size() == 1;
  return {.meta = context.meta(way.name, way.ns),
          .host = way.backend,
          .export_to = {"."},
          .outlier_detection = one_address ? std::nullopt : std::optional(outlier_detection()),
          .disable_tls = true};
}

// --- what leads there
// --------------------------------------------------------------------------------------------------------

k8s::IstioGateway route_gateway(const Context& context, const Way& way) {
  return {.meta = context.meta(way.name, way.ns),
          .selector = {{std::string(model::kGatewayNameLabel), way.gateway}},
          .servers = {{.port_name = "tls-" + way.network,
                       .port = way.listens,
                       .hosts = way.wildcards,
                       .tls_mode = k8s::IstioGateway::TlsMode::Passthrough}}};
}

k8s::VirtualService virtual_service(const Context& context, const Way& way) {
  return {.meta = context.meta(way.name, way.ns),
          .hosts = way.wildcards,
          .gateways = {way.name},
          .export_to = {"."},
          .tls = {{.match = {{.port = way.listens, .sni_hosts = way.snis}},
                   .route = {{.host = way.backend, .port = way.reach.port}}}}};
}

k8s::TlsRoute tls_route(const Context& context, const Way& way) {
  const bool slices = *context.cluster().egress_gateway->backend == model::EgressBackend::endpointslice;
  const auto version = model::tls_route_version(context.settings(), context.world.bundle(context.id));
  const k8s::TlsRoute::Backend service{.group = "", .kind = "Service", .name = way.name, .port = way.reach.port};
  const k8s::TlsRoute::Backend host{
      .group = "networking.istio.io", .kind = "Hostname", .name = way.backend, .port = way.reach.port};
  return {.meta = context.meta(way.name, way.ns),
          .version = version == model::TlsRouteVersion::v1alpha2 ? k8s::TlsRoute::Version::V1Alpha2
                                                                 : k8s::TlsRoute::Version::V1,
          .hostnames = way.wildcards,
          .parents = {{.name = way.gateway, .section_name = way.network}},
          .rules = {{.backends = {slices ? service : host}}}};
}

std::vector<k8s::Resource> way_objects(const Context& context, const Way& way) {
  const model::EgressGateway& egress = *context.cluster().egress_gateway;
  std::vector<k8s::Resource> resources;
  const bool by_virtual_service = *egress.route == model::EgressRoute::virtualservice;
  if (by_virtual_service) resources.emplace_back(route_gateway(context, way));
  switch (*egress.backend) {
    case model::EgressBackend::serviceentry:
      resources.emplace_back(backend_entry(context, way));
      break;
    case model::EgressBackend::endpointslice:
      resources.emplace_back(backend_service(context, way));
      add_slices(context, way, resources);
      break;
  }
  resources.emplace_back(backend_rule(context, way));
  if (by_virtual_service)
    resources.emplace_back(virtual_service(context, way));
  else
    resources.emplace_back(tls_route(context, way));
  return resources;
}

}  // namespace

void add_egress(const Context& context, k8s::ClusterPlan& plan) {
  std::map<NetworkId, Way> ways;
  for (const NetworkId id : context.networks) {
    if (context.world.egress(context.id, id) == model::EgressMode::gateway) ways.emplace(id, way_to(context, id));
  }
  if (ways.empty()) return;
  add_hosts(context, ways);
  const std::string& ns = context.world.egress_namespace(context.id);
  plan.files.push_back({in_namespace(ns, "egress-gateway"), {egress_gateway(context, ways)}});
  for (const auto& [id, way] : ways) plan.files.push_back({in_namespace(way.ns, way.name), way_objects(context, way)});
}

}  // namespace meshfed::lower
