// The way out by an egress gateway.
#include <set>
#include <unordered_map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "check/reserved_ports.hpp"
#include "check/rules.hpp"
#include "model/address.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::EgressBackend;
using model::EgressMode;
using model::EgressRoute;
using model::ExportId;
using model::Istio;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::all_known;
using resolve::each_said_alias;
using resolve::egress_networks;
using resolve::live_gateway;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;

/// By cluster: the networks that it leaves for by its egress gateway.
using Ways = std::vector<std::vector<NetworkId>>;

/// Egress ports that no network has: proposals that clash with nothing, and not with each other.
class FreePorts {
 public:
  explicit FreePorts(const ResolvedFederation& resolved) {
    for (const model::Network& network : resolved.federation.networks) used_.insert(*network.egress_port);
  }

  int take() {
    while (next_ <= kLast && (used_.contains(next_) || in_proxy_range(next_))) ++next_;
    return next_ <= kLast ? next_++ : 0;
  }

 private:
  static constexpr int kLast = 65535;
  std::set<int> used_;
  int next_ = 15443;
};

/// Where a network's egress port comes from: the key, else the table's name.
const source::Span& port_span(const model::Network& network) { return span_or(network.egress_port, network.name.span); }

// MF0512: the networks that one cluster leaves for by its egress gateway have ports of their own. The one that stands
// later in the file is asked to move, once for all clusters.
void egress_ports_are_distinct(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  FreePorts free(resolved);
  std::vector<int> port;  // by network, as if every report had been followed
  for (const model::Network& network : resolved.federation.networks) port.push_back(*network.egress_port);
  for (ClusterId cluster = 0; cluster < remotes.size(); ++cluster) {
    std::vector<NetworkId> networks = remotes[cluster];
    std::sort(networks.begin(), networks.end(), [&](NetworkId a, NetworkId b) {
      return source::before(resolved.network(a).name.span, resolved.network(b).name.span);
    });
    std::unordered_map<int, NetworkId> first;
    for (const NetworkId id : networks) {
      const model::Network& network = resolved.network(id);
      const auto [other, fresh] = first.try_emplace(port[id], id);
      if (fresh || network.egress_port.bad() || resolved.network(other->second).egress_port.bad()) continue;
      const model::Network& earlier = resolved.network(other->second);
      diag::Report& report = sink.report(port_span(network), diag::EgressPortsShared, *resolved.cluster(cluster).name,
                                         *earlier.name, *network.name, port[id]);
      report.note(port_span(earlier), earlier.egress_port.given() ? "the same port" : "uses 15443, the default");
      port[id] = free.take();
      first.try_emplace(port[id], id);
      if (network.egress_port.given())
        report.replace(network.egress_port.span, std::to_string(port[id]));
      else
        report.advise(fmt::format("add `egress_port = {}` to [network.{}]", port[id], *network.name));
    }
  }
}

// MF0523: nothing else in the gateway's pod binds the egress port.
void egress_ports_are_free(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  std::set<NetworkId> used;
  for (const std::vector<NetworkId>& networks : remotes) used.insert(networks.begin(), networks.end());
  for (const NetworkId id : used) {
    const model::Network& network = resolved.network(id);
    const int port = *network.egress_port;
    const bool only_in_sidecars = port == 15001 || port == 15006 || port == 15008;
    const std::string_view what = bound_by_proxy(port);
    if (!network.egress_port.given() || what.empty() || only_in_sidecars) continue;
    sink.report(network.egress_port.span, diag::ReservedEgressPort, port, *network.name, what);
  }
}

// MF0531: no listener of an egress gateway is named like a port that istiod adds to its Service.
void listeners_are_no_status_port(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  const NetworkId id = resolved.find_network("status-port");
  if (id == model::kNone) return;
  for (ClusterId cluster = 0; cluster < remotes.size(); ++cluster) {
    const std::vector<NetworkId>& networks = remotes[cluster];
    if (!std::binary_search(networks.begin(), networks.end(), id)) continue;
    if (!*resolved.cluster(cluster).egress_gateway->deploy) continue;  // its Service has names of its own
    sink.report(resolved.network(id).name.span, diag::NetworkNamedStatusPort, *resolved.cluster(cluster).name);
    return;
  }
}

bool leaves_by_virtual_service(const ResolvedFederation& resolved, const Ways& remotes, ClusterId cluster,
                               NetworkId network) {
  const auto& egress = resolved.cluster(cluster).egress_gateway;
  if (egress.bad() || egress->route.bad() || *egress->route != EgressRoute::virtualservice) return false;
  return std::binary_search(remotes[cluster].begin(), remotes[cluster].end(), network);
}

/// A host, or an alias, and where it is said.
struct RoutedHost {
  ExportId exported;
  std::string_view host;
  const source::Span* span;
};

template <class Visit>
void each_routed_host(const ResolvedFederation& resolved, Visit visit) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::Export& exported = resolved.exported(id);
    if (!resolved.exports[id].usable) continue;
    const std::string& host = resolved.exports[id].host;
    visit(RoutedHost{id, host, &span_or(exported.host, exported.name.span)});
    each_said_alias(exported, [&](const model::Name& alias) { visit(RoutedHost{id, *alias, &alias.span}); });
  }
}

/// A cluster that gets both hosts from one network, and leaves for it by a VirtualService; kNone without one.
ClusterId meets_in(const ResolvedFederation& resolved, const Ways& remotes, const RoutedHost& one,
                   const RoutedHost& other) {
  const ExportId a = one.exported, b = other.exported;
  std::vector<NetworkId> sources;
  std::set_intersection(resolved.exports[a].sources.begin(), resolved.exports[a].sources.end(),
                        resolved.exports[b].sources.begin(), resolved.exports[b].sources.end(),
                        std::back_inserter(sources));
  for (const ClusterId cluster : resolved.exports[a].consumers) {
    if (!resolved.consumes(cluster, b)) continue;
    if (!resolved.has_host(cluster, a, one.host) || !resolved.has_host(cluster, b, other.host)) continue;
    for (const NetworkId source : sources) {
      if (leaves_by_virtual_service(resolved, remotes, cluster, source)) return cluster;
    }
  }
  return model::kNone;
}

// MF0513: of two hosts in one VirtualService, none lies below the other. Of the hosts above one, the nearest is told.
void hosts_are_not_nested(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  if (std::all_of(remotes.begin(), remotes.end(), [](const auto& networks) { return networks.empty(); })) return;
  std::unordered_map<std::string_view, RoutedHost> by_host;
  each_routed_host(resolved, [&](const RoutedHost& routed) { by_host.try_emplace(routed.host, routed); });
  each_routed_host(resolved, [&](const RoutedHost& guilty) {
    if (by_host.find(guilty.host)->second.span != guilty.span) return;  // said before, for another place
    std::string_view host = guilty.host;
    for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
      host.remove_prefix(dot + 1);
      const auto outer = by_host.find(host);
      if (outer == by_host.end() || resolved.exports[outer->second.exported].routed)
        continue;  // which has no `*.<host>`
      const ClusterId cluster = meets_in(resolved, remotes, guilty, outer->second);
      if (cluster == model::kNone) continue;
      sink.report(*guilty.span, diag::NestedHosts, guilty.host, host, *resolved.cluster(cluster).name)
          .note(*outer->second.span, fmt::format("the host `{}`", host));
      break;
    }
  });
}

/// Why an Istio below 1.30 reads no TLSRoute on the bundle that it was released with, or an older one.
std::string why_unread(const model::Settings& settings, model::GatewayApi bundle) {
  const std::string channel =
      fmt::format("the standard channel of Gateway API {} does not contain TLSRoute", model::word(bundle));
  constexpr const char* kFlag = "istiod runs without PILOT_ENABLE_ALPHA_GATEWAY_API";
  const bool standard = *settings.gateway_api_channel == model::Channel::standard;
  if (*settings.alpha_gateway_api) return channel;
  return standard ? fmt::format("{}, and {}", kFlag, channel) : kFlag;
}

// MF0514, MF0702, MF0703: a cluster that routes by TLSRoute has an istiod that reads one.
void tls_routes_are_read(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  for (ClusterId id = 0; id < remotes.size(); ++id) {
    const auto& egress = resolved.cluster(id).egress_gateway;
    if (remotes[id].empty() || !egress.given() || !egress->route.given()) continue;
    if (*egress->route != EgressRoute::tlsroute) continue;
    const model::Settings& settings = resolved.clusters[id].settings;
    const bool known = settings.istio.given() && settings.gateway_api.usable() &&
                       settings.gateway_api_channel.usable() && settings.alpha_gateway_api.usable();
    const model::GatewayApi bundle = resolved.bundle(id);
    if (!known || model::tls_route_version(settings, bundle)) continue;
    const std::string& name = *resolved.cluster(id).name;
    const source::Span& span = egress->route.span;
    const std::string istio = model::word(*settings.istio);
    const auto note = [&](diag::Report& report) {
      if (settings.gateway_api.given()) report.note(settings.gateway_api.span, "the version of the CRDs is set here");
      report.note(settings.istio.span, "the Istio version is set here");
    };
    if (*settings.istio >= Istio::v1_30) {
      note(sink.report(span, diag::BundleTooOld, name, istio, model::word(bundle)));
    } else if (bundle >= model::GatewayApi::v1_5) {
      note(sink.report(span, diag::BundleTooNew, name, istio, model::word(bundle)));
    } else {
      note(sink.report(span, diag::NoTlsRoute, name, istio, why_unread(settings, bundle)));
    }
  }
}

/// A gateway of `network` that viewers on `viewer` dial by name, if there is one.
const model::Name* host_name_of(const ResolvedFederation& resolved, NetworkId network, NetworkId viewer) {
  for (const ClusterId id : resolved.networks[network].clusters) {
    const model::Gateway* gateway = live_gateway(resolved, id);
    if (!gateway) continue;
    for (const model::Name& address : *model::addresses_for(*gateway, *resolved.network(viewer).name)) {
      if (address.given() && !model::is_ip(*address)) return &address;
    }
  }
  return nullptr;
}

// MF0515: EndpointSlices are applied. MF0516: they hold IP addresses.
void endpoint_slices_work(const ResolvedFederation& resolved, const Ways& remotes, diag::Sink& sink) {
  for (ClusterId id = 0; id < remotes.size(); ++id) {
    const auto& egress = resolved.cluster(id).egress_gateway;
    if (remotes[id].empty() || !egress.given() || !egress->backend.given()) continue;
    if (*egress->backend != EgressBackend::endpointslice) continue;
    const source::Span& span = egress->backend.span;
    const model::Name* name = nullptr;
    for (const NetworkId network : remotes[id]) {
      if (!name) name = host_name_of(resolved, network, resolved.clusters[id].network);
    }
    if (name)
      sink.report(span, diag::EndpointSliceForName, **name).note(name->span, "declared here");
    else
      sink.report(span, diag::EndpointSliceExcluded).about_cluster(id);
  }
}

/// Where a cluster itself asks for an egress gateway; unknown if only its mesh or [defaults] does.
source::Span asks_for_egress(const model::Cluster& cluster) {
  if (cluster.egress_gateway.given()) return cluster.egress_gateway.span;
  const auto& egress = cluster.settings.egress;
  if (!egress.given()) return {};
  if (egress->fallback.given() && *egress->fallback == EgressMode::gateway) return egress->fallback.span;
  for (const auto& [network, mode] : egress->networks) {
    if (mode == EgressMode::gateway) return network.span;
  }
  return {};
}

/// The cluster gets something from networks that its istiod reads; and whether it asks to leave for one of these by its
/// egress gateway, which is MF0537's.
struct Read {
  bool something = false;
  bool by_gateway = false;
};

Read read_by(const ResolvedFederation& resolved, ClusterId id) {
  Read read;
  for (const ExportId host : resolved.clusters[id].hosts) {
    const model::ReadableSources* sources = resolved.readable(id, host);
    if (!sources || resolved.read_networks(id, host).count == 0) continue;
    read.something = true;
    const NetworkId own = resolved.clusters[id].network;
    read.by_gateway =
        read.by_gateway || std::any_of(sources->networks.begin(), sources->networks.end(), [&](auto network) {
          return network != own && resolved.egress(id, network) == EgressMode::gateway;
        });
  }
  return read;
}

// MF0517: a cluster that asks for an egress gateway has a use for it.
void egress_gateways_are_used(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  if (!all_known(resolved)) return;
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const source::Span span = asks_for_egress(resolved.cluster(id));
    const std::vector<NetworkId>& wanted = traffic.wanted[id];
    const auto leaves = [&](NetworkId network) { return resolved.egress(id, network) == EgressMode::gateway; };
    if (!span.known() || resolved.clusters[id].settings.egress.bad()) continue;
    if (std::any_of(wanted.begin(), wanted.end(), leaves)) continue;
    const Read read = read_by(resolved, id);
    if (read.by_gateway) continue;
    sink.report(span, diag::UnusedEgressGateway, *resolved.cluster(id).name,
                wanted.empty() && !read.something ? "it consumes nothing from other networks"
                                                  : "`egress` is \"direct\" for all networks that it consumes from")
        .about_cluster(id);
  }
}

}  // namespace

void check_egress(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  Ways remotes;
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) remotes.push_back(egress_networks(resolved, traffic, id));
  egress_ports_are_distinct(resolved, remotes, sink);
  hosts_are_not_nested(resolved, remotes, sink);
  tls_routes_are_read(resolved, remotes, sink);
  endpoint_slices_work(resolved, remotes, sink);
  egress_gateways_are_used(resolved, traffic, sink);
  egress_ports_are_free(resolved, remotes, sink);
  listeners_are_no_status_port(resolved, remotes, sink);
}

}  // namespace meshfed::check
