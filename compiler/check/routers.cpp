// Routers in front of gateways: what they must be told, and what the hosts behind them cannot be.
#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "check/rules.hpp"
#include "model/naming.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::Cluster;
using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::Gateway;
using model::kNone;
using model::NetworkId;
using model::ResolvedFederation;
using model::State;
using resolve::span_or;

/// Calls `visit(id, gateway)` for each gateway that has a router.
template <class Visit>
void each_router(const ResolvedFederation& resolved, Visit visit) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const auto& gateway = resolved.cluster(id).gateway;
    if (gateway.given() && *(*gateway)->router) visit(id, **gateway);
  }
}

/// Calls `visit(id, export, info)` for each export with a source behind a router.
template <class Visit>
void each_routed(const ResolvedFederation& resolved, Visit visit) {
  resolve::each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (info.usable && info.routed) visit(id, exported, info);
  });
}

/// By network: the first cluster with a router; kNone without one.
using Routers = std::vector<ClusterId>;

Routers routers_of(const ResolvedFederation& resolved) {
  Routers routers(resolved.networks.size(), kNone);
  each_router(resolved, [&](ClusterId id, const Gateway&) {
    const NetworkId network = resolved.clusters[id].network;
    if (network != kNone && routers[network] == kNone) routers[network] = id;
  });
  return routers;
}

/// The first of the routers that an export is behind.
ClusterId router_before(const Routers& routers, const ExportInfo& info) {
  const auto found =
      std::find_if(info.sources.begin(), info.sources.end(), [&](NetworkId id) { return routers[id] != kNone; });
  return found == info.sources.end() ? kNone : routers[*found];
}

void note_router(const ResolvedFederation& resolved, ClusterId id, diag::Report& report) {
  report.note((*resolved.cluster(id).gateway)->router.span, "the router is declared here");
}

// MF0562: where a router is dialled, the gateway's own addresses are not.
void routers_replace_addresses(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_router(resolved, [&](ClusterId id, const Gateway& gateway) {
    if (!gateway.addresses.given()) return;
    sink.report(gateway.addresses.span, diag::RouterAndAddresses, *resolved.cluster(id).name)
        .note(gateway.router.span, "the router is declared here");
  });
}

// MF0563: a router knows the Service of the gateway.
void routers_have_a_service(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_router(resolved, [&](ClusterId id, const Gateway& gateway) {
    const bool existing = gateway.deploy.given() && !*gateway.deploy;
    if (!existing || (*gateway.router)->service.state != State::absent) return;
    const Cluster& cluster = resolved.cluster(id);
    const bool known = resolved.clusters[id].mesh != kNone;
    sink.report(gateway.router.span, diag::RouterWithoutService, *cluster.name)
        .advise(fmt::format("set `gateway.router.service` to the name of its Service, which this command prints:\n"
                            "  kubectl --context {} get services --namespace {}",
                            *cluster.name, known ? resolved.gateway_namespace(id) : "istio-system"))
        .note(gateway.deploy.span, "declared here");
  });
}

// MF0564: a host, or an alias, leaves room for its ports in the names that routers know.
void router_names_fit(const ResolvedFederation& resolved, const Routers& routers, diag::Sink& sink) {
  constexpr std::size_t kMaxLabel = 63;
  each_routed(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    int highest = 1;
    for (const model::Port& port : *exported.ports) highest = std::max(highest, *port.number);
    const auto check = [&](const std::string& host, const source::Span& place) {
      const std::string name = model::router_name(highest, host);
      const std::size_t label = std::min(name.find('.'), name.size());
      if (label <= kMaxLabel) return;
      note_router(resolved, router_before(routers, info),
                  sink.report(place, diag::RouterNameTooLong, highest, *exported.name, name, label, kMaxLabel));
    };
    const bool service = info.naming == model::Naming::service;
    if (exported.host.usable() && exported.service.usable() && exported.name.usable())
      check(info.host, span_or(service ? exported.service : exported.host, exported.name.span));
    resolve::each_said_alias(exported, [&](const model::Name& alias) { check(*alias, alias.span); });
  });
}

/// Somebody gets the export from another network than its own.
bool is_called_from_afar(const ResolvedFederation& resolved, const ExportInfo& info) {
  return std::any_of(info.consumers.begin(), info.consumers.end(), [&](ClusterId consumer) {
    return info.sources.size() > 1 || info.sources.front() != resolved.clusters[consumer].network;
  });
}

// MF0565: what is behind a router has a rule of ours, which says its names.
void routed_hosts_have_a_rule(const ResolvedFederation& resolved, const Routers& routers, diag::Sink& sink) {
  each_routed(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    if (exported.destination_rule.bad() || *exported.destination_rule || !is_called_from_afar(resolved, info)) return;
    const ClusterId router = router_before(routers, info);
    note_router(resolved, router,
                sink.report(exported.destination_rule.span, diag::RouterWithoutRule, *exported.name,
                            *resolved.cluster(router).name));
  });
}

/// The first cluster that has workloads of the export, and gets it from others.
ClusterId first_merging(const ResolvedFederation& resolved, const ExportInfo& info) {
  const auto merges = [&](ClusterId id) {
    const NetworkId own = resolved.clusters[id].network;
    const bool local = base::contains(info.from, id) || base::contains(info.merge, id);
    return local && (info.sources.size() > 1 || info.sources.front() != own);
  };
  const auto found = std::find_if(info.consumers.begin(), info.consumers.end(), merges);
  return found == info.consumers.end() ? kNone : *found;
}

// MF0566: what is merged with sources behind a router has sidecars everywhere. Once for each export.
void merged_pods_have_sidecars(const ResolvedFederation& resolved, const Routers& routers, diag::Sink& sink) {
  each_routed(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    const ClusterId cluster = first_merging(resolved, info);
    if (cluster == kNone) return;
    const bool merge = exported.merge.given() && base::contains(info.merge, cluster);
    note_router(resolved, router_before(routers, info),
                sink.report(merge ? exported.merge.span : exported.to.span, diag::RouterNeedsSidecars, *exported.name,
                            *resolved.cluster(cluster).name)
                    .about_cluster(cluster)
                    .about_export(id));
  });
}

}  // namespace

void check_routers(const ResolvedFederation& resolved, diag::Sink& sink) {
  routers_replace_addresses(resolved, sink);
  routers_have_a_service(resolved, sink);
  const Routers routers = routers_of(resolved);
  router_names_fit(resolved, routers, sink);
  routed_hosts_have_a_rule(resolved, routers, sink);
  merged_pods_have_sidecars(resolved, routers, sink);
}

}  // namespace meshfed::check
