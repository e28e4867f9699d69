// Where gateways are dialled: their addresses and ports, as each consumer network sees them.
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "check/each_export.hpp"
#include "check/rules.hpp"
#include "check/traffic.hpp"
#include "model/address.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Gateway;
using model::kNone;
using model::Name;
using model::Names;
using model::NetworkId;
using model::World;

constexpr std::size_t kMaxAddresses = 16;  // of a Gateway of Gateway API

/// One gateway of a network, as the viewers of a sight dial it.
struct Seen {
  ClusterId cluster = kNone;
  const Gateway* gateway = nullptr;
  const Names* addresses = nullptr;
  const model::Value<int>* port = nullptr;

  bool by_view() const { return addresses != &gateway->addresses; }
};

std::vector<Seen> gateways_seen(const World& world, const Sight& sight) {
  std::vector<Seen> seen;
  const std::string& viewer = *world.network(sight.viewers.front()).name;
  for (const ClusterId id : world.networks[sight.network].clusters) {
    const Gateway* gateway = live_gateway(world, id);
    if (!gateway) continue;
    const Names& addresses = model::addresses_for(*gateway, viewer);
    if (addresses.given()) seen.push_back({id, gateway, &addresses, &model::port_for(*gateway, viewer)});
  }
  return seen;
}

/// Calls `visit(seen, address)` for every address that is an IP address or a host name.
template <class Visit>
void each_address(const std::vector<Seen>& seen, Visit visit) {
  for (const Seen& one : seen) {
    for (const Name& address : **one.addresses) {
      if (address.given()) visit(one, address);
    }
  }
}

bool dials_directly(const World& world, const Traffic& traffic, const Sight& sight) {
  const auto dials = [&](ClusterId cluster) {
    const std::vector<NetworkId>& wanted = traffic.wanted[cluster];
    return std::binary_search(wanted.begin(), wanted.end(), sight.network) &&
           world.egress(cluster, sight.network) == model::EgressMode::direct;
  };
  return std::any_of(sight.viewers.begin(), sight.viewers.end(), [&](NetworkId viewer) {
    const std::vector<ClusterId>& clusters = world.networks[viewer].clusters;
    return std::any_of(clusters.begin(), clusters.end(), dials);
  });
}

// MF0504: a network has no more gateway addresses than a Gateway holds.
void addresses_fit_into_a_gateway(const World& world, const Traffic& traffic, const Sight& sight,
                                  const std::vector<Seen>& seen, diag::Sink& sink) {
  std::set<std::string> addresses;
  const Seen* guilty = nullptr;
  for (const Seen& one : seen) {
    if ((*one.addresses)->size() > kMaxAddresses) return;  // a list that is too long by itself
    for (const Name& address : **one.addresses) addresses.insert(model::canonical_address(*address));
    if (addresses.size() > kMaxAddresses && !guilty) guilty = &one;
  }
  if (!guilty || !dials_directly(world, traffic, sight)) return;
  diag::Report& report =
      sink.report(guilty->addresses->span, diag::TooManyAddresses, *world.network(sight.network).name, addresses.size(),
                  *world.network(sight.viewers.front()).name, kMaxAddresses);
  for (const Seen& one : seen) {
    if (&one == guilty) break;
    report.note(one.addresses->span, "these count too");
  }
}

// MF0505: gateways of one network are dialled on one port.
void gateways_share_a_port(const World& world, const Sight& sight, const std::vector<Seen>& seen, diag::Sink& sink) {
  for (const Seen& one : seen) {
    const model::Value<int>& first = *seen.front().port;
    const model::Value<int>& port = *one.port;
    if (first.bad() || port.bad() || *port == *first) continue;
    const bool default_one = !port.span.known();
    const source::Span& other = default_one ? port.span : first.span;
    diag::Report& report =
        sink.report(default_one ? first.span : port.span, diag::GatewayPortsDiffer, *world.network(sight.network).name,
                    *first, *port, *world.network(sight.viewers.front()).name);
    const int other_port = default_one ? *port : *first;
    const Seen& other_gateway = default_one ? one : seen.front();
    if (other.known())
      report.note(other, "declared here");
    else
      report.note(world.cluster(other_gateway.cluster).gateway.span, fmt::format("this one has port {}", other_port));
    return;
  }
}

// MF0506: the gateways of a network have addresses of one family.
void addresses_are_of_one_family(const World& world, const Sight& sight, const std::vector<Seen>& seen,
                                 diag::Sink& sink) {
  const Name* first = nullptr;
  bool reported = false;
  each_address(seen, [&](const Seen& one, const Name& address) {
    const model::Family family = model::family_of(*address);
    if (reported || family == model::Family::none) return;
    if (!first) first = &address;
    if (family == model::family_of(**first)) return;
    sink.report(address.span, diag::BothFamilies, *world.network(sight.network).name)
        .note(first->span, "of the other family")
        .about_cluster(one.cluster);
    reported = true;
  });
}

using Spans = std::set<std::pair<source::FileId, std::uint32_t>>;

// MF0507: an address that other networks dial is not private, unless `seen_from` says for whom it is.
void addresses_are_public(const World& world, const Sight& sight, const std::vector<Seen>& seen, Spans& reported,
                          diag::Sink& sink) {
  each_address(seen, [&](const Seen& one, const Name& address) {
    if (one.by_view() || !model::is_private(*address)) return;
    if (!reported.insert({address.span.file, address.span.begin}).second) return;
    const std::string& viewer = *world.network(sight.viewers.front()).name;
    diag::Report& report = sink.report(address.span, diag::PrivateAddress, *address, viewer).about_cluster(one.cluster);
    if (sight.viewers.size() < 2 || !sink.wants_detail()) return;
    std::vector<std::string_view> others;
    for (std::size_t i = 1; i < sight.viewers.size(); ++i) others.push_back(*world.network(sight.viewers[i]).name);
    report.note({}, fmt::format("so {} {}", others.size() == 1 ? "does" : "do", base::join(others, ", ", 5)));
  });
}

// MF0508: an address can be dialled from elsewhere.
void addresses_can_be_dialled(const std::vector<Seen>& seen, diag::Sink& sink) {
  each_address(seen, [&](const Seen&, const Name& address) {
    const std::string_view why = model::undialable(*address);
    if (!why.empty()) sink.report(address.span, diag::UnreachableAddress, *address, why);
  });
}

/// An address and port of a network, for some viewers.
struct Door {
  std::string address;
  int port = 0;
  const Sight* sight = nullptr;
  const Name* written = nullptr;

  auto key() const { return std::tie(address, port); }
};

/// Reports each network of which a viewer finds the door to be another network's.
void report_shared_doors(const World& world, const Door* begin, const Door* end, diag::Sink& sink) {
  std::unordered_map<NetworkId, const Door*> first;  // by viewer
  std::set<std::pair<NetworkId, NetworkId>> reported;
  for (const Door* door = begin; door != end; ++door) {
    for (const NetworkId viewer : door->sight->viewers) {
      const Door* other = first.try_emplace(viewer, door).first->second;
      const NetworkId a = other->sight->network;
      const NetworkId b = door->sight->network;
      if (a == b || !reported.insert({a, b}).second) continue;
      sink.report(door->written->span, diag::AddressTwice, *world.network(a).name, *world.network(b).name,
                  model::is_ip(door->address) && model::family_of(door->address) == model::Family::ipv6
                      ? fmt::format("[{}]:{}", door->address, door->port)
                      : fmt::format("{}:{}", door->address, door->port))
          .note(other->written->span, fmt::format("the address of network \"{}\"", *world.network(a).name));
    }
  }
}

// MF0509: no viewer finds two networks at one address and port.
void networks_have_their_own_addresses(const World& world, const std::vector<Sight>& all, diag::Sink& sink) {
  std::vector<Door> doors;
  for (const Sight& sight : all) {
    each_address(gateways_seen(world, sight), [&](const Seen& one, const Name& address) {
      if (one.port->bad() || !model::undialable(*address).empty()) return;
      doors.push_back({model::canonical_address(*address), **one.port, &sight, &address});
    });
  }
  std::stable_sort(doors.begin(), doors.end(), [](const Door& a, const Door& b) {
    return std::tie(a.address, a.port, a.written->span.begin) < std::tie(b.address, b.port, b.written->span.begin);
  });
  for (std::size_t i = 0; i < doors.size();) {
    std::size_t end = i + 1;
    while (end < doors.size() && doors[end].key() == doors[i].key()) ++end;
    if (end - i > 1) report_shared_doors(world, &doors[i], &doors[i] + (end - i), sink);
    i = end;
  }
}

// MF0521: a private address is for one network.
void private_views_differ(const World& world, diag::Sink& sink) {
  for (ClusterId id = 0; id < world.clusters.size(); ++id) {
    const Gateway* gateway = live_gateway(world, id);
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
        sink.report(again.second->span, diag::SharedView, **again.second, *world.cluster(id).name,
                    *other.first->network, *again.first->network)
            .note(other.second->span, "the same")
            .about_cluster(id);
      }
    }
  }
}

// MF0451: a virtual address can be one. Of 0.0.0.0 and :: istiod thinks that they are none, and a TCP port takes all
// calls to that port then; loopback and the link's own addresses never reach the proxy.
void vips_can_be_called(const World& world, diag::Sink& sink) {
  each_export(world, [&](model::ExportId, const model::Export& exported, const model::ExportInfo&) {
    for (const Name& vip : *exported.vip) {
      const std::string_view why = vip.given() ? model::undialable(*vip) : std::string_view();
      if (!why.empty()) sink.report(vip.span, diag::UnusableVip, *vip, why);
    }
  });
}

}  // namespace

void check_addresses(const World& world, diag::Sink& sink) {
  const Traffic traffic = traffic_of(world);
  const std::vector<Sight> all = sights(world, traffic);
  Spans private_ones;
  for (const Sight& sight : all) {
    const std::vector<Seen> seen = gateways_seen(world, sight);
    if (seen.empty()) continue;
    addresses_fit_into_a_gateway(world, traffic, sight, seen, sink);
    gateways_share_a_port(world, sight, seen, sink);
    addresses_are_of_one_family(world, sight, seen, sink);
    addresses_are_public(world, sight, seen, private_ones, sink);
    addresses_can_be_dialled(seen, sink);
  }
  networks_have_their_own_addresses(world, all, sink);
  private_views_differ(world, sink);
  vips_can_be_called(world, sink);
}

}  // namespace meshfed::check
