// Where gateways are dialled: their addresses and ports, as each consumer network sees them.
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "check/cluster_dns.hpp"
#include "check/rules.hpp"
#include "model/address.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Gateway;
using model::kNone;
using model::Name;
using model::Names;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_export;
using resolve::live_gateway;
using resolve::Traffic;
using resolve::traffic_of;
using resolve::Viewpoint;
using resolve::viewpoints;

constexpr std::size_t kMaxAddresses = 16;  // of a Gateway of Gateway API

/// One gateway of a network, as the viewers of a viewpoint dial it.
struct VisibleGateway {
  ClusterId cluster = kNone;
  const Gateway* gateway = nullptr;
  const Names* addresses = nullptr;
  const model::Value<int>* port = nullptr;

  bool by_view() const { return addresses != &model::own_addresses(*gateway); }
};

std::vector<VisibleGateway> gateways_seen(const ResolvedFederation& resolved, const Viewpoint& viewpoint) {
  std::vector<VisibleGateway> seen;
  const std::string& viewer = *resolved.network(viewpoint.viewers.front()).name;
  for (const ClusterId id : resolved.networks[viewpoint.network].clusters) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway) continue;
    const Names& addresses = model::addresses_for(*gateway, viewer);
    if (addresses.given()) seen.push_back({id, gateway, &addresses, &model::port_for(*gateway, viewer)});
  }
  return seen;
}

/// Calls `visit(seen, address)` for every address that is an IP address or a host name.
template <class Visit>
void each_address(const std::vector<VisibleGateway>& seen, Visit visit) {
  for (const VisibleGateway& one : seen) {
    for (const Name& address : **one.addresses) {
      if (address.given()) visit(one, address);
    }
  }
}

bool dials_directly(const ResolvedFederation& resolved, const Traffic& traffic, const Viewpoint& viewpoint) {
  const auto dials = [&](ClusterId cluster) {
    const std::vector<NetworkId>& wanted = traffic.wanted[cluster];
    return std::binary_search(wanted.begin(), wanted.end(), viewpoint.network) &&
           resolved.egress(cluster, viewpoint.network) == model::EgressMode::direct;
  };
  return std::any_of(viewpoint.viewers.begin(), viewpoint.viewers.end(), [&](NetworkId viewer) {
    const std::vector<ClusterId>& clusters = resolved.networks[viewer].clusters;
    return std::any_of(clusters.begin(), clusters.end(), dials);
  });
}

// MF0504: a network has no more gateway addresses than a Gateway holds.
void addresses_fit_into_a_gateway(const ResolvedFederation& resolved, const Traffic& traffic,
                                  const Viewpoint& viewpoint, const std::vector<VisibleGateway>& seen,
                                  diag::Sink& sink) {
  std::set<std::string> addresses;
  const VisibleGateway* guilty = nullptr;
  for (const VisibleGateway& one : seen) {
    if ((*one.addresses)->size() > kMaxAddresses) return;  // a list that is too long by itself
    for (const Name& address : **one.addresses) addresses.insert(model::canonical_address(*address));
    if (addresses.size() > kMaxAddresses && !guilty) guilty = &one;
  }
  if (!guilty || !dials_directly(resolved, traffic, viewpoint)) return;
  diag::Report& report =
      sink.report(guilty->addresses->span, diag::TooManyAddresses, *resolved.network(viewpoint.network).name,
                  addresses.size(), *resolved.network(viewpoint.viewers.front()).name, kMaxAddresses);
  for (const VisibleGateway& one : seen) {
    if (&one == guilty) break;
    report.note(one.addresses->span, "these addresses count as well");
  }
}

/// Where the port is said that a gateway is dialled on; unknown if it is the usual one.
const source::Span& port_span(const VisibleGateway& seen) {
  return seen.port->span.known() ? seen.port->span : seen.gateway->router.span;
}

// MF0505: gateways of one network are dialled on one port.
void gateways_share_a_port(const ResolvedFederation& resolved, const Viewpoint& viewpoint,
                           const std::vector<VisibleGateway>& seen, diag::Sink& sink) {
  for (const VisibleGateway& one : seen) {
    const model::Value<int>& first = *seen.front().port;
    const model::Value<int>& port = *one.port;
    if (first.bad() || port.bad() || *port == *first) continue;
    const source::Span& own = port_span(one);
    const bool default_one = !own.known();
    const source::Span& other = default_one ? own : port_span(seen.front());
    diag::Report& report = sink.report(default_one ? port_span(seen.front()) : own, diag::GatewayPortsDiffer,
                                       *resolved.network(viewpoint.network).name, *first, *port,
                                       *resolved.network(viewpoint.viewers.front()).name);
    const int other_port = default_one ? *port : *first;
    const VisibleGateway& other_gateway = default_one ? one : seen.front();
    if (other.known())
      report.note(other, "declared here");
    else
      report.note(resolved.cluster(other_gateway.cluster).gateway.span,
                  fmt::format("this one has port {}", other_port));
    return;
  }
}

// MF0506: the gateways of a network have addresses of one family.
void addresses_are_of_one_family(const ResolvedFederation& resolved, const Viewpoint& viewpoint,
                                 const std::vector<VisibleGateway>& seen, diag::Sink& sink) {
  const Name* first = nullptr;
  bool reported = false;
  each_address(seen, [&](const VisibleGateway& one, const Name& address) {
    const model::Family family = model::family_of(*address);
    if (reported || family == model::Family::none) return;
    if (!first) first = &address;
    if (family == model::family_of(**first)) return;
    sink.report(address.span, diag::BothFamilies, *resolved.network(viewpoint.network).name)
        .note(first->span, "an address of the other family")
        .about_cluster(one.cluster);
    reported = true;
  });
}

using Spans = std::set<std::pair<source::FileId, std::uint32_t>>;

// MF0507: an address that other networks dial is not private, unless `seen_from` says for whom it is.
void addresses_are_public(const ResolvedFederation& resolved, const Viewpoint& viewpoint,
                          const std::vector<VisibleGateway>& seen, Spans& reported, diag::Sink& sink) {
  each_address(seen, [&](const VisibleGateway& one, const Name& address) {
    if (one.by_view() || !model::is_private(*address)) return;
    if (!reported.insert({address.span.file, address.span.begin}).second) return;
    const std::string& viewer = *resolved.network(viewpoint.viewers.front()).name;
    diag::Report& report = sink.report(address.span, diag::PrivateAddress, *address, viewer).about_cluster(one.cluster);
    if (viewpoint.viewers.size() < 2 || !sink.wants_detail()) return;
    std::vector<std::string_view> others;
    for (std::size_t i = 1; i < viewpoint.viewers.size(); ++i)
      others.push_back(*resolved.network(viewpoint.viewers[i]).name);
    report.note({}, fmt::format("so {} {}", others.size() == 1 ? "does" : "do", base::join(others, ", ", 5)));
  });
}

// MF0508: an address can be dialled from elsewhere.
void addresses_can_be_dialled(const std::vector<VisibleGateway>& seen, diag::Sink& sink) {
  each_address(seen, [&](const VisibleGateway&, const Name& address) {
    const std::string_view why = model::undialable(*address);
    if (!why.empty()) sink.report(address.span, diag::UnreachableAddress, *address, why);
  });
}

/// Names that each machine or container runtime answers for itself, with all that is below them.
const std::set<std::string_view>& names_of_machines() {
  static const std::set<std::string_view> names{
      "localhost",           "localdomain",       "localdomain4", "localdomain6",     "docker.internal",
      "containers.internal", "minikube.internal", "k3d.internal", "lima.internal",    "rancher-desktop.internal",
      "orb.internal",        "orb.local",         "crc.testing",  "apps-crc.testing", "metadata.google.internal"};
  return names;
}

// MF0526: a gateway's name means the same to everybody who dials it. A view may name a Service of the viewers'
// clusters.
void names_mean_one_gateway(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::set<std::string_view> of_clusters = dns_of_clusters(resolved);
  of_clusters.insert("cluster.local");
  const auto inspect = [&](const Names& addresses, bool view) {
    for (const Name& address : *addresses) {
      if (!address.given() || model::is_ip(*address)) continue;
      const std::string_view cluster = view ? std::string_view() : suffix_of(of_clusters, *address);
      if (!cluster.empty())
        sink.report(address.span, diag::NameOfEveryCluster, *address,
                    fmt::format("resolved by the clusters' own DNS (`{}`)", cluster));
      else if (!suffix_of(names_of_machines(), *address).empty())
        sink.report(address.span, diag::NameOfEveryCluster, *address, "resolved by each machine itself");
    }
  };
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway) continue;
    inspect(model::own_addresses(*gateway), false);
    for (const model::View& view : gateway->seen_from) inspect(view.addresses, true);
  }
}

/// An address and port of a network, for some viewers.
struct DialledAddress {
  std::string address;
  int port = 0;
  const Viewpoint* viewpoint = nullptr;
  const Name* written = nullptr;

  auto key() const { return std::tie(address, port); }
};

/// Reports each network of which a viewer finds the door to be another network's.
void report_shared_addresses(const ResolvedFederation& resolved, const DialledAddress* begin, const DialledAddress* end,
                             diag::Sink& sink) {
  std::unordered_map<NetworkId, const DialledAddress*> first;  // by viewer
  std::set<std::pair<NetworkId, NetworkId>> reported;
  for (const DialledAddress* dialled = begin; dialled != end; ++dialled) {
    for (const NetworkId viewer : dialled->viewpoint->viewers) {
      const DialledAddress* other = first.try_emplace(viewer, dialled).first->second;
      const NetworkId a = other->viewpoint->network;
      const NetworkId b = dialled->viewpoint->network;
      if (a == b || !reported.insert({a, b}).second) continue;
      sink.report(dialled->written->span, diag::AddressTwice, *resolved.network(a).name, *resolved.network(b).name,
                  model::is_ip(dialled->address) && model::family_of(dialled->address) == model::Family::ipv6
                      ? fmt::format("[{}]:{}", dialled->address, dialled->port)
                      : fmt::format("{}:{}", dialled->address, dialled->port))
          .note(other->written->span, fmt::format("the address of network \"{}\"", *resolved.network(a).name));
    }
  }
}

// MF0509: no viewer finds two networks at one address and port.
void networks_have_their_own_addresses(const ResolvedFederation& resolved, const std::vector<Viewpoint>& all,
                                       diag::Sink& sink) {
  std::vector<DialledAddress> all_dialled;
  for (const Viewpoint& viewpoint : all) {
    each_address(gateways_seen(resolved, viewpoint), [&](const VisibleGateway& one, const Name& address) {
      if (one.port->bad() || !model::undialable(*address).empty()) return;
      all_dialled.push_back({model::canonical_address(*address), **one.port, &viewpoint, &address});
    });
  }
  std::stable_sort(all_dialled.begin(), all_dialled.end(), [](const DialledAddress& a, const DialledAddress& b) {
    return std::tie(a.address, a.port, a.written->span.begin) < std::tie(b.address, b.port, b.written->span.begin);
  });
  for (std::size_t i = 0; i < all_dialled.size();) {
    std::size_t end = i + 1;
    while (end < all_dialled.size() && all_dialled[end].key() == all_dialled[i].key()) ++end;
    if (end - i > 1) report_shared_addresses(resolved, &all_dialled[i], &all_dialled[i] + (end - i), sink);
    i = end;
  }
}

// MF0521: a private address is for one network.
void private_views_differ(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(resolved, id);
    if (!gateway) continue;
    std::unordered_map<std::string, std::pair<const model::View*, const Name*>> first;
    for (const model::View& view : gateway->seen_from) {
      if (!view.network.given() || !view.addresses.given()) continue;
      for (const Name& address : *view.addresses) {
        if (!address.given() || !model::is_private(*address)) continue;
        const auto [known, fresh] = first.try_emplace(model::canonical_address(*address), &view, &address);
        if (fresh || known->second.first == &view) continue;
        auto other = known->second;
        auto again = std::pair(&view, &address);
        if (source::before(again.second->span, other.second->span)) std::swap(other, again);
        sink.report(again.second->span, diag::SharedView, **again.second, *resolved.cluster(id).name,
                    *other.first->network, *again.first->network)
            .note(other.second->span, "the same address")
            .about_cluster(id);
      }
    }
  }
}

// MF0451: a virtual address can be one. Of 0.0.0.0 and :: istiod thinks that they are none, and a TCP port takes all
// calls to that port then; loopback and the link's own addresses never reach the proxy.
void vips_can_be_called(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](model::ExportId, const model::Export& exported, const model::ExportInfo&) {
    for (const Name& vip : *exported.vip) {
      const std::string_view why = vip.given() ? model::undialable(*vip) : std::string_view();
      if (!why.empty()) sink.report(vip.span, diag::UnusableVip, *vip, why);
    }
  });
}

}  // namespace

void check_addresses(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  const std::vector<Viewpoint> all = viewpoints(resolved, traffic);
  Spans private_ones;
  for (const Viewpoint& viewpoint : all) {
    const std::vector<VisibleGateway> seen = gateways_seen(resolved, viewpoint);
    if (seen.empty()) continue;
    addresses_fit_into_a_gateway(resolved, traffic, viewpoint, seen, sink);
    gateways_share_a_port(resolved, viewpoint, seen, sink);
    addresses_are_of_one_family(resolved, viewpoint, seen, sink);
    addresses_are_public(resolved, viewpoint, seen, private_ones, sink);
    addresses_can_be_dialled(seen, sink);
  }
  names_mean_one_gateway(resolved, sink);
  networks_have_their_own_addresses(resolved, all, sink);
  private_views_differ(resolved, sink);
  vips_can_be_called(resolved, sink);
}

}  // namespace meshfed::check
