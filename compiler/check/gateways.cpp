// East-west gateways: what one that is already there must be and must not be, and whether one that is deployed answers
// where others dial it.
#include <algorithm>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "model/address.hpp"
#include "model/naming.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::Cluster;
using model::ClusterId;
using model::ExportId;
using model::Gateway;
using model::kNone;
using model::Name;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::live_gateway;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;

/// The gateway, if it is one that somebody else deploys; else null.
const Gateway* existing_gateway(const Cluster& cluster) {
  if (!cluster.gateway.given() || (*cluster.gateway)->deploy.bad() || *(*cluster.gateway)->deploy) return nullptr;
  return &**cluster.gateway;
}

// MF0520: a gateway that is already there is found by labels.
void existing_gateways_have_a_selector(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (const Cluster& cluster : resolved.federation.clusters) {
    const Gateway* gateway = existing_gateway(cluster);
    if (!gateway || gateway->selector.state != model::State::absent) continue;
    sink.report(gateway->deploy.span, diag::ExistingGatewayWithoutSelector, *cluster.name);
  }
}

/// A host of an export.
struct Served {
  ExportId exported = kNone;
  std::string_view host = {};
};

/// The first host that the cluster serves and for which `holds(export, host)`, aliases among them.
template <class Predicate>
Served first_served(const ResolvedFederation& resolved, ClusterId cluster, Predicate holds) {
  Served found;
  for (const ExportId id : resolved.clusters[cluster].hosts) {
    if (!resolved.exports[id].usable || !resolved.serves(cluster, id)) continue;
    each_host(resolved.exports[id], [&](const std::string& host) {
      if (found.exported == kNone && holds(id, host)) found = {id, host};
    });
    if (found.exported != kNone) break;
  }
  return found;
}

// MF0525: an existing gateway does not pass the hosts already that ours is to pass. Istio's own guide installs one that
// passes `*.local`, and Envoy refuses a listener with two chains for one SNI.
void existing_gateways_pass_nothing_of_ours(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = existing_gateway(resolved.cluster(id));
    if (!gateway || gateway->passes.state != model::State::absent) continue;
    const Served found =
        first_served(resolved, id, [](ExportId, const std::string& host) { return host.ends_with(".local"); });
    if (found.exported == kNone) continue;
    sink.report(gateway->deploy.span, diag::ExistingGatewayPassesLocal, *resolved.cluster(id).name, found.host)
        .note(resolved.exported(found.exported).name.span, "the export is declared here")
        .about_cluster(id);
  }
}

// MF0528: nothing passes a gateway but what is exported. One report for each item of `passes` that hosts fall under.
void only_exports_pass(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = existing_gateway(resolved.cluster(id));
    if (!gateway || !gateway->passes.given()) continue;
    for (const Name& pattern : *gateway->passes) {
      if (!pattern.given() || !pattern->starts_with('*')) continue;
      const Served found = first_served(resolved, id, [&](ExportId, const std::string& host) {
        return model::passed_by_others(*gateway, host) == &pattern;
      });
      if (found.exported == kNone) continue;
      sink.report(pattern.span, diag::PassedByOthers, *resolved.cluster(id).name, *pattern, found.host)
          .note(resolved.exported(found.exported).name.span, "the export is declared here")
          .about_cluster(id);
    }
  }
}

// MF0527: an existing gateway of a cluster that gets from others what it serves asks for its own network's endpoints.
void existing_gateways_have_a_view(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = existing_gateway(resolved.cluster(id));
    if (!gateway || gateway->view.bad() || *gateway->view || resolved.clusters[id].network == kNone) continue;
    const Served found = first_served(resolved, id, [&](ExportId host, const std::string&) {
      return !resolved.live_sources(id, host).empty() || resolved.read_networks(id, host).count > 0;
    });
    if (found.exported == kNone) continue;
    sink.report(gateway->deploy.span, diag::ExistingGatewayWithoutView, *resolved.cluster(id).name, found.host)
        .advise(fmt::format("set ISTIO_META_REQUESTED_NETWORK_VIEW=\"{}\" in the gateway's pods, then add "
                            "`gateway.view = true`",
                            *resolved.network(resolved.clusters[id].network).name))
        .note(resolved.exported(found.exported).name.span, "the export is declared here");
  }
}

// MF0522: every key of a gateway has an effect.
void gateway_keys_have_an_effect(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Cluster& cluster = resolved.cluster(id);
    if (!cluster.gateway.given() || (*cluster.gateway)->deploy.bad()) continue;
    const Gateway& gateway = **cluster.gateway;
    const auto useless = [&](const auto& value, const char* key, const char* why) {
      if (!value.given()) return;
      diag::Report& report = sink.report(value.span, diag::UselessGatewayKey, key, why).about_cluster(id);
      if (gateway.deploy.given()) report.note(gateway.deploy.span, "declared here");
    };
    if (*gateway.deploy) {
      useless(gateway.selector, "selector", "for a gateway that meshfedc deploys, whose pods it knows");
      useless(gateway.view, "view", "for a gateway that meshfedc deploys, which has its network's view");
      useless(gateway.passes, "passes", "for a gateway that meshfedc deploys, which has no other users");
      if (const auto& router = *gateway.router)
        useless(router->service, "router.service", "for a gateway that meshfedc deploys, whose Service it knows");
    } else {
      constexpr const char* kWhy = "for an existing gateway";
      useless(gateway.service_type, "service_type", kWhy);
      useless(gateway.annotations, "annotations", kWhy);
      useless(gateway.parameters, "parameters", kWhy);
      useless(gateway.replicas, "replicas", kWhy);
      useless(gateway.protect, "protect", kWhy);
    }
  }
}

// --- what answers where others dial
// -----------------------------------------------------------------------------------------

/// The API server's default for --service-node-port-range.
constexpr bool is_node_port(int port) { return port >= 30'000 && port <= 32'767; }

/// Why nothing listens on the port of a Service of the type; empty if something does.
std::string_view nothing_listens(model::ServiceType type, int port) {
  switch (type) {
    case model::ServiceType::load_balancer:
      return port == model::kCrossNetworkPort ? "" : "whose load balancer listens only on port 15443";
    case model::ServiceType::node_port:
      return is_node_port(port) ? "" : "but node ports are 30000 to 32767";
    case model::ServiceType::cluster_ip:
      return "but a Service of type ClusterIP is reachable only in its own cluster";
  }
  return {};
}

/// What to do about it: the port, or what Kubernetes makes of the gateway, is not what was meant.
std::string how_to_be_heard(const ResolvedFederation& resolved, ClusterId id, const Gateway& gateway,
                            std::string_view key, int port) {
  const std::string& cluster = *resolved.cluster(id).name;
  switch (*gateway.service_type) {
    case model::ServiceType::load_balancer:
      if (is_node_port(port))
        return fmt::format("remove `{}`, or, for node ports, add `gateway.service_type = \"NodePort\"`", key);
      return fmt::format("remove `{}`, or accept MF0529 if something forwards port {} to {}", key, port,
                         model::kCrossNetworkPort);
    case model::ServiceType::node_port:
      return fmt::format(
          "set `{}` to the node port, which this command prints:\n  kubectl --context {} get service --namespace {} {} "
          "--output jsonpath='{{.spec.ports[?(@.port=={})].nodePort}}'",
          key, cluster, resolved.gateway_namespace(id), model::deployed_service_name(*gateway.name),
          model::kCrossNetworkPort);
    case model::ServiceType::cluster_ip:
      break;
  }
  return "use LoadBalancer or NodePort, or accept MF0529 if something forwards to the Service";
}

/// Reports at the port, if somebody wrote it, or else at the type that it does not fit.
void report_unheard(const ResolvedFederation& resolved, ClusterId id, const Gateway& gateway, std::string_view key,
                    const model::Value<int>& port, diag::Sink& sink) {
  const std::string_view why = nothing_listens(*gateway.service_type, *port);
  if (why.empty()) return;
  const bool by_type = *gateway.service_type == model::ServiceType::cluster_ip;
  const source::Span& place = by_type ? gateway.service_type.span : span_or(port, gateway.service_type.span);
  sink.report(place, diag::NothingListens, *port, *resolved.cluster(id).name, why)
      .advise(how_to_be_heard(resolved, id, gateway, key, *port))
      .about_cluster(id);
}

/// The view has another address than the gateway: something that translates is there, and is declared.
bool is_translated(const Gateway& gateway, const model::View& view) {
  std::vector<std::string> own;
  for (const Name& address : *model::own_addresses(gateway)) own.push_back(model::canonical_address(*address));
  return std::none_of(view.addresses->begin(), view.addresses->end(), [&](const Name& address) {
    return std::find(own.begin(), own.end(), model::canonical_address(*address)) != own.end();
  });
}

/// Somebody dials the gateway's own port, or may come to: not every consumer has a view with a port.
bool own_port_is_dialled(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id,
                         const Gateway& gateway) {
  const std::vector<NetworkId>& consumers = traffic.consumers[resolved.clusters[id].network];
  return consumers.empty() || std::any_of(consumers.begin(), consumers.end(), [&](NetworkId viewer) {
           return &model::port_for(gateway, *resolved.network(viewer).name) == &model::own_port(gateway);
         });
}

/// A router is dialled on its one port.
void report_unheard_router(const ResolvedFederation& resolved, ClusterId id, std::string_view key,
                           const model::Value<int>& port, diag::Sink& sink) {
  if (!port.given() || *port == model::kRouterPort) return;
  sink.report(port.span, diag::NothingListens, *port, *resolved.cluster(id).name,
              "whose router listens only on port 443")
      .advise(fmt::format("remove `{}`, or accept MF0529 if something forwards port {} to {}", key, *port,
                          model::kRouterPort))
      .about_cluster(id);
}

void router_is_heard(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id, const Gateway& gateway,
                     diag::Sink& sink) {
  if (own_port_is_dialled(resolved, traffic, id, gateway))
    report_unheard_router(resolved, id, "gateway.port", gateway.port, sink);
  for (const model::View& view : gateway.seen_from) {
    if (is_translated(gateway, view)) continue;
    report_unheard_router(resolved, id, fmt::format("gateway.seen_from.{}.port", *view.network), view.port, sink);
  }
}

// MF0529: where a gateway that is deployed from here is dialled, its Service answers.
void dialled_ports_are_listened_on(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway || resolved.clusters[id].network == kNone || gateway->router.bad()) continue;
    if (*gateway->router) {
      router_is_heard(resolved, traffic, id, *gateway, sink);
      continue;
    }
    if (gateway->addresses.state == model::State::absent && gateway->seen_from.empty()) continue;  // MF0502
    if (gateway->deploy.bad() || !*gateway->deploy || gateway->service_type.bad()) continue;
    if (!gateway->port.bad() && own_port_is_dialled(resolved, traffic, id, *gateway))
      report_unheard(resolved, id, *gateway, "gateway.port", gateway->port, sink);
    if (*gateway->service_type == model::ServiceType::cluster_ip) continue;
    for (const model::View& view : gateway->seen_from) {
      if (!view.port.given() || is_translated(*gateway, view)) continue;
      report_unheard(resolved, id, *gateway, fmt::format("gateway.seen_from.{}.port", *view.network), view.port, sink);
    }
  }
}

}  // namespace

void check_gateways(const ResolvedFederation& resolved, diag::Sink& sink) {
  existing_gateways_have_a_selector(resolved, sink);
  existing_gateways_pass_nothing_of_ours(resolved, sink);
  only_exports_pass(resolved, sink);
  existing_gateways_have_a_view(resolved, sink);
  gateway_keys_have_an_effect(resolved, sink);
  dialled_ports_are_listened_on(resolved, sink);
}

}  // namespace meshfed::check
