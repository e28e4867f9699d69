// Egress gateways that somebody else deploys: what must be said of them, and what they must offer.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::EgressGateway;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::egress_networks;
using resolve::Traffic;
using resolve::traffic_of;

/// The egress gateway, if somebody wrote of one that can be judged; else null.
const EgressGateway* declared_egress(const model::Cluster& cluster) {
  const auto& egress = cluster.egress_gateway;
  return egress.given() && egress->deploy.usable() ? &*egress : nullptr;
}

bool exists_already(const EgressGateway& egress) { return !*egress.deploy; }

// MF0532: of an existing egress gateway everything is said that cannot be known.
void existing_gateways_are_described(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (const model::Cluster& cluster : resolved.federation.clusters) {
    const EgressGateway* egress = declared_egress(cluster);
    if (!egress || !exists_already(*egress)) continue;
    std::vector<std::string> keys;
    std::vector<std::string> what;
    const auto need = [&](const auto& value, const char* key, const char* answer) {
      if (value.state != model::State::absent) return;
      keys.push_back(fmt::format("`{}`", key));
      what.push_back(fmt::format("`egress_gateway.{}` with {}", key, answer));
    };
    need(egress->selector, "selector", "the labels of the gateway's pods");
    need(egress->service, "service", "the name of its Service");
    need(egress->ports, "ports", "the ports that this Service exposes");
    if (keys.empty()) continue;
    sink.report(egress->deploy.span, diag::ExistingEgressIncomplete, *cluster.name,
                fmt::format("{} {}", fmt::join(keys, " and "), keys.size() == 1 ? "is" : "are"))
        .advise(fmt::format("add {}", fmt::join(what, ", and ")));
  }
}

// MF0533: every key of an egress gateway has an effect.
void egress_keys_have_an_effect(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const EgressGateway* egress = declared_egress(resolved.cluster(id));
    if (!egress) continue;
    const bool existing = exists_already(*egress);
    const auto useless = [&](const auto& value, const char* key) {
      if (!value.given()) return;
      const char* why = existing ? "for an existing egress gateway" : "for an egress gateway that meshfedc deploys";
      diag::Report& report = sink.report(value.span, diag::UselessEgressKey, key, why).about_cluster(id);
      if (egress->deploy.given()) report.note(egress->deploy.span, "declared here");
    };
    if (existing) {
      useless(egress->name, "name");
      useless(egress->parameters, "parameters");
      useless(egress->replicas, "replicas");
    } else {
      useless(egress->selector, "selector");
      useless(egress->service, "service");
      useless(egress->ports, "ports");
    }
  }
}

// MF0534: a TLSRoute has a Gateway API Gateway that it belongs to.
void existing_gateways_have_no_tls_route(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (const model::Cluster& cluster : resolved.federation.clusters) {
    const EgressGateway* egress = declared_egress(cluster);
    if (!egress || !exists_already(*egress) || !egress->route.given()) continue;
    if (*egress->route != model::EgressRoute::tlsroute) continue;
    sink.report(egress->route.span, diag::ExistingEgressByTlsRoute, *cluster.name)
        .replace(egress->route.span, "\"virtualservice\"")
        .note(egress->deploy.span, "the egress gateway is not deployed by meshfedc");
  }
}

bool exposes(const EgressGateway& egress, int port) {
  return std::any_of(egress.ports->begin(), egress.ports->end(), [&](const auto& exposed) { return *exposed == port; });
}

std::string with_ports(const EgressGateway& egress, const std::vector<int>& more) {
  std::vector<int> all;
  for (const model::Value<int>& port : *egress.ports) all.push_back(*port);
  all.insert(all.end(), more.begin(), more.end());
  return fmt::format("[{}]", fmt::join(all, ", "));
}

// MF0535: the Service of an existing egress gateway has the port of every network that is left for.
void needed_ports_are_exposed(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const EgressGateway* egress = declared_egress(resolved.cluster(id));
    if (!egress || !exists_already(*egress) || !egress->ports.given()) continue;
    std::vector<int> missing;
    std::vector<std::string> needs;
    std::vector<source::Span> places;
    for (const NetworkId network : egress_networks(resolved, traffic, id)) {
      const model::Value<int>& port = resolved.network(network).egress_port;
      if (port.bad() || exposes(*egress, *port)) continue;
      needs.push_back(fmt::format("port {} for network \"{}\"", *port, *resolved.network(network).name));
      if (port.given()) places.push_back(port.span);
      if (std::find(missing.begin(), missing.end(), *port) == missing.end()) missing.push_back(*port);
    }
    if (missing.empty()) continue;
    const bool one = missing.size() == 1;
    diag::Report& report = sink.report(egress->ports.span, diag::EgressPortNotExposed, *resolved.cluster(id).name,
                                       base::join(needs, " and ", 5), one ? "it" : "them");
    report.replace(egress->ports.span, with_ports(*egress, missing));
    report.advise(fmt::format("add the port{} to Service `{}` in namespace `{}`, and then here", one ? "" : "s",
                              *egress->service, resolved.egress_namespace(id)));
    for (const source::Span& place : places) report.note(place, "the port is set here");
  }
}

}  // namespace

void check_existing_egress(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  existing_gateways_are_described(resolved, sink);
  egress_keys_have_an_effect(resolved, sink);
  existing_gateways_have_no_tls_route(resolved, sink);
  needed_ports_are_exposed(resolved, traffic, sink);
}

}  // namespace meshfed::check
