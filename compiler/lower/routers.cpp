// Routers in front of gateways: names that they can tell apart, and what makes routers, gateways and clients use them.
#include <algorithm>
#include <string_view>

#include "lower/context.hpp"

namespace meshfed::lower {
namespace {

using model::ExportId;

/// A port of a host that is behind a router somewhere, as this cluster serves it.
struct RoutedPort {
  int number;
  std::string_view host;

  std::string name() const { return model::router_name(number, host); }
};

std::vector<RoutedPort> routed_ports(const Context& context) {
  std::vector<RoutedPort> ports;
  for (const auto& [host, exported] : hosts_in_order(context)) {
    if (!context.resolved.exports[exported].routed || !context.resolved.serves(context.id, exported)) continue;
    for (const int number : port_numbers(context.resolved.exported(exported))) ports.push_back({number, *host});
  }
  return ports;
}

/// The gateway takes the name besides Istio's own, which whoever needs no router may still send.
k8s::EnvoyFilter name_at_gateway(const Context& context, const model::Gateway& gateway, const RoutedPort& port) {
  return {.meta = context.meta(port.name(), context.resolved.gateway_namespace(context.id)),
          .workload_selector = gateway_pods(gateway),
          .listener_port = model::kCrossNetworkPort,
          .sni = model::sni(port.number, port.host),
          .server_names = {port.name()}};
}

k8s::Route route_to_gateway(const Context& context, const model::Gateway& gateway, const RoutedPort& port) {
  const model::Name& service = (*gateway.router)->service;
  return {.meta = context.meta(port.name(), context.resolved.gateway_namespace(context.id)),
          .host = port.name(),
          .service = *gateway.deploy ? model::deployed_service_name(*gateway.name) : *service,
          .target_port = model::kCrossNetworkPort};
}

}  // namespace

void add_router(const Context& context, k8s::ClusterPlan& plan) {
  const std::optional<model::Gateway>& gateway = *context.cluster().gateway;
  if (!gateway) return;
  std::vector<k8s::Resource> resources;
  for (const RoutedPort& port : routed_ports(context)) {
    resources.emplace_back(name_at_gateway(context, *gateway, port));
    if (*gateway->router) resources.emplace_back(route_to_gateway(context, *gateway, port));
  }
  if (resources.empty()) return;
  plan.files.push_back({in_namespace(context.resolved.gateway_namespace(context.id), "router"), std::move(resources)});
}

std::vector<k8s::DestinationRule::NamedPort> router_names(const Context& context, ExportId id,
                                                          const std::string& host) {
  std::vector<k8s::DestinationRule::NamedPort> ports;
  if (!context.resolved.exports[id].routed) return ports;
  for (const int number : port_numbers(context.resolved.exported(id)))
    ports.push_back({number, model::router_name(number, host)});
  return ports;
}

std::vector<int> port_numbers(const model::Export& exported) {
  std::vector<int> numbers;
  for (const model::Port& port : *exported.ports) numbers.push_back(*port.number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace meshfed::lower
