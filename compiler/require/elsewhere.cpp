// Gateways of others, and the way to them.
#include "require/elsewhere.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "model/naming.hpp"

namespace meshfed::require {
namespace {

std::string selector_of(const model::Labels& labels) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : *labels) pairs.push_back(fmt::format("{}={}", *key, *value));
  return base::join(pairs, ",");
}

void add_existing(const Place& at, const model::Gateway& gateway, Found& found) {
  const std::string& ns = at.resolved.gateway_namespace(at.id);
  const std::string pods = selector_of(gateway.selector);
  found.add("gateway-view",
            fmt::format("the pods of the existing gateway ({} in {}) have the environment variable "
                        "ISTIO_META_REQUESTED_NETWORK_VIEW={}",
                        pods, ns, at.network()),
            fmt::format("kubectl get pods -n {} -l {} -o yaml | grep -A1 ISTIO_META_REQUESTED_NETWORK_VIEW", ns, pods),
            "MF0527");
  found.add(
      "gateway-port",
      fmt::format("the Service of the existing gateway exposes port {} to other networks", model::kCrossNetworkPort),
      fmt::format("kubectl get service -n {} -l {}", ns, pods));
}

void add_pending(const Place& at, const model::Gateway& gateway, Found& found) {
  if (!*gateway.pending) return;
  const std::string service = model::deployed_service_name(*gateway.name);
  found.add("gateway-address", "the address of the gateway goes to `gateway.addresses` once it is known",
            fmt::format("kubectl get service -n {} {} -o jsonpath='{{.status.loadBalancer.ingress}}'",
                        at.resolved.gateway_namespace(at.id), service),
            "MF0503");
}

void add_router(const model::Gateway& gateway, Found& found) {
  if (!gateway.router->has_value()) return;
  found.add("route-hosts", "whoever applies the manifests may create Routes with hosts, and the router admits them",
            "kubectl auth can-i create routes/custom-host", "MF0562");
}

void add_parameters(const std::string& ns, const model::Name& parameters, Found& found) {
  if (!parameters.given()) return;
  found.add("parameters",
            fmt::format("the ConfigMap {} exists in {}: without it, istiod deploys no gateway", *parameters, ns),
            fmt::format("kubectl get configmap -n {} {}", ns, *parameters));
}

/// istiod looks up the Service when a Gateway of another network names it, and does so again only after 30 seconds.
/// Until it has an address, proxies refuse all endpoints of the hosts that are called through it (tests/scratch).
void add_first(const std::string& ns, const std::string& gateway, Found& found) {
  found.add("egress-gateway",
            fmt::format("the Gateway {} in {} is Programmed before the rest is applied for the first time: until its "
                        "Service exists, new pods get no endpoints of the hosts that they call through it",
                        gateway, ns),
            fmt::format("kubectl wait -n {} --for=condition=Programmed gateway/{}", ns, gateway));
}

void add_egress(const Place& at, Found& found) {
  const model::EgressGateway& egress = *at.cluster().egress_gateway;
  const std::string& ns = at.resolved.egress_namespace(at.id);
  add_parameters(ns, egress.parameters, found);
  if (*egress.deploy) {
    if (leaves_by_gateway(at.resolved, at.id)) add_first(ns, *egress.name, found);
    return;
  }
  std::vector<int> ports;
  for (const model::Value<int>& port : *egress.ports) ports.push_back(*port);
  found.add("egress-ports", fmt::format("the Service {} in {} exposes {}", *egress.service, ns, fmt::join(ports, ", ")),
            fmt::format("kubectl get service -n {} {}", ns, *egress.service));
}

/// Who dials the other network: its pods, or the egress gateway for them.
std::string caller(const Place& at, model::NetworkId network) {
  const bool direct = at.resolved.egress(at.id, network) == model::EgressMode::direct;
  return direct ? fmt::format("network {}", at.network()) : fmt::format("the egress gateway of {}", *at.cluster().name);
}

}  // namespace

bool leaves_by_gateway(const model::ResolvedFederation& resolved, model::ClusterId cluster) {
  return std::ranges::any_of(resolved.remote_networks(cluster), [&](model::NetworkId network) {
    return resolved.egress(cluster, network) == model::EgressMode::gateway;
  });
}

void add_gateways(const Place& at, Found& found) {
  add_egress(at, found);
  if (!at.cluster().gateway.given() || !at.cluster().gateway->has_value()) return;
  const model::Gateway& gateway = **at.cluster().gateway;
  add_parameters(at.resolved.gateway_namespace(at.id), gateway.parameters, found);
  if (!*gateway.deploy) add_existing(at, gateway, found);
  add_pending(at, gateway, found);
  add_router(gateway, found);
}

void add_connections(const Place& at, Found& found) {
  for (const model::NetworkId network : at.resolved.remote_networks(at.id)) {
    const model::Reach reach = at.resolved.reach(network, at.resolved.clusters[at.id].network);
    for (const std::string& address : reach.addresses) {
      found.add("connection",
                fmt::format("{} reaches {} (network {}) on TCP port {}", caller(at, network), address,
                            *at.resolved.network(network).name, reach.port),
                fmt::format("nc -vz {} {}", address, reach.port));
    }
  }
}

}  // namespace meshfed::require
