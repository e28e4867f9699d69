// East-west gateways: what one that is already there must be and must not be, and whether one that is deployed answers
// where others dial it.
#include <algorithm>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "check/traffic.hpp"
#include "model/naming.hpp"

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

/// The first host that the cluster serves and for which `holds(id)`; kNone if there is none.
template <class Predicate>
ExportId first_served(const ResolvedFederation& resolved, ClusterId cluster, Predicate holds) {
  const std::vector<ExportId>& hosts = resolved.clusters[cluster].hosts;
  const auto found = std::find_if(hosts.begin(), hosts.end(), [&](ExportId host) {
    return resolved.exports[host].usable && resolved.serves(cluster, host) && holds(host);
  });
  return found == hosts.end() ? kNone : *found;
}

// MF0525: an existing gateway does not pass the hosts already that ours is to pass. Istio's own guide installs one that
// passes `*.local`, and Envoy refuses a listener with two chains for one SNI.
void existing_gateways_pass_nothing_of_ours(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = existing_gateway(resolved.cluster(id));
    if (!gateway || gateway->passes.state != model::State::absent) continue;
    const ExportId found =
        first_served(resolved, id, [&](ExportId host) { return resolved.exports[host].host.ends_with(".local"); });
    if (found == kNone) continue;
    sink.report(gateway->deploy.span, diag::ExistingGatewayPassesLocal, *resolved.cluster(id).name,
                resolved.exports[found].host)
        .note(resolved.exported(found).name.span, "the export is declared here")
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
      const ExportId found = first_served(resolved, id, [&](ExportId host) {
        return model::passed_by_others(*gateway, resolved.exports[host].host) == &pattern;
      });
      if (found == kNone) continue;
      sink.report(pattern.span, diag::PassedByOthers, *resolved.cluster(id).name, *pattern,
                  resolved.exports[found].host)
          .note(resolved.exported(found).name.span, "the export is declared here")
          .about_cluster(id);
    }
  }
}

// MF0527: an existing gateway of a cluster that gets from others what it serves asks for its own network's endpoints.
void existing_gateways_have_a_view(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = existing_gateway(resolved.cluster(id));
    if (!gateway || gateway->view.bad() || *gateway->view || resolved.clusters[id].network == kNone) continue;
    const ExportId found =
        first_served(resolved, id, [&](ExportId host) { return !resolved.live_sources(id, host).empty(); });
    if (found == kNone) continue;
    sink.report(gateway->deploy.span, diag::ExistingGatewayWithoutView, *resolved.cluster(id).name,
                resolved.exports[found].host)
        .advise(fmt::format("set ISTIO_META_REQUESTED_NETWORK_VIEW=\"{}\" in the gateway's pods, then add "
                            "`gateway.view = true`",
                            *resolved.network(resolved.clusters[id].network).name))
        .note(resolved.exported(found).name.span, "the export is declared here");
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
      useless(gateway.selector, "selector", "on a gateway that is deployed from here: its pods are known");
      useless(gateway.view, "view", "on a gateway that is deployed from here: it has its network's view");
      useless(gateway.passes, "passes", "on a gateway that is deployed from here: nobody else uses it");
    } else {
      constexpr const char* kWhy = "on a gateway that somebody else deploys";
      useless(gateway.service_type, "service_type", kWhy);
      useless(gateway.annotations, "annotations", kWhy);
      useless(gateway.parameters, "parameters", kWhy);
    }
  }
}

// --- what answers where others dial
// -----------------------------------------------------------------------------------------

/// The API server's default for --service-node-port-range.
constexpr bool is_node_port(int port) { return port >= 30'000 && port <= 32'767; }

/// Somebody dials `gateway.port`, or may come to: not every consumer has a view with a port of its own, by which a
/// translation is declared.
bool own_port_is_dialled(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id,
                         const Gateway& gateway) {
  const std::vector<NetworkId>& consumers = traffic.consumers[resolved.clusters[id].network];
  return consumers.empty() || std::any_of(consumers.begin(), consumers.end(), [&](NetworkId viewer) {
           return &model::port_for(gateway, *resolved.network(viewer).name) == &gateway.port;
         });
}

void load_balancer_answers(const ResolvedFederation& resolved, ClusterId id, const Gateway& gateway, diag::Sink& sink) {
  if (*gateway.port == model::kCrossNetworkPort) return;
  const std::string why = fmt::format("whose load balancer listens on port {} only", model::kCrossNetworkPort);
  diag::Report& report =
      sink.report(gateway.port.span, diag::NothingListens, *gateway.port, *resolved.cluster(id).name, why)
          .about_cluster(id);
  if (is_node_port(*gateway.port))
    report.advise("remove `gateway.port`, or, for node ports, add `gateway.service_type = \"NodePort\"`");
  else
    report.advise(fmt::format("remove `gateway.port`, or accept MF0529 if something forwards port {} to {}",
                              *gateway.port, model::kCrossNetworkPort));
}

void nodes_answer(const ResolvedFederation& resolved, ClusterId id, const Gateway& gateway, diag::Sink& sink) {
  if (is_node_port(*gateway.port)) return;
  const std::string root = resolved.clusters[id].mesh == kNone ? "istio-system" : *resolved.mesh_of(id).root_namespace;
  sink.report(span_or(gateway.port, gateway.service_type.span), diag::NothingListens, *gateway.port,
              *resolved.cluster(id).name, "and node ports are 30000 to 32767")
      .advise(fmt::format("set `gateway.port` to the node port, which this prints:\n"
                          "  kubectl --context {} get service --namespace {} {} "
                          "--output jsonpath='{{.spec.ports[?(@.port=={})].nodePort}}'",
                          *resolved.cluster(id).name, root, model::deployed_service_name(*gateway.name),
                          model::kCrossNetworkPort))
      .about_cluster(id);
}

// MF0529: where a gateway that is deployed from here is dialled, its Service answers.
void dialled_ports_are_listened_on(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway || resolved.clusters[id].network == kNone) continue;
    if (gateway->addresses.state == model::State::absent && gateway->seen_from.empty()) continue;  // MF0502
    if (gateway->deploy.bad() || !*gateway->deploy || gateway->port.bad() || gateway->service_type.bad()) continue;
    if (!own_port_is_dialled(resolved, traffic, id, *gateway)) continue;
    switch (*gateway->service_type) {
      case model::ServiceType::load_balancer:
        load_balancer_answers(resolved, id, *gateway, sink);
        break;
      case model::ServiceType::node_port:
        nodes_answer(resolved, id, *gateway, sink);
        break;
      case model::ServiceType::cluster_ip:
        sink.report(gateway->service_type.span, diag::NothingListens, *gateway->port, *resolved.cluster(id).name,
                    "and a Service of type ClusterIP answers in its own cluster only")
            .advise("use LoadBalancer or NodePort, or accept MF0529 if something forwards to the Service")
            .about_cluster(id);
        break;
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
