// The way between proxies: addresses, gateways and where these lead. Gateways do not decrypt: all that goes by them is
// the client's own mTLS, and its SNI is what they go by.
#include <list>
#include <utility>

#include "ask/flow.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

using interpret::Assignment;
using interpret::Cluster;
using interpret::GatewayPods;
using interpret::Service;
using interpret::Target;

/// A port of a gateway where calls come by, and where they go from there.
struct Stop {
  const Cluster* cluster;
  const GatewayPods* gateway;
  std::int64_t port;
  bool lost;                     // only calls that have ended elsewhere come by
  double now = 0;                // calls that are here
  double next = 0;               // calls that are here in the next round
  Memo::Known looked = nullptr;  // null: nothing has come by yet
};

class Passage {
 public:
  explicit Passage(Flow& flow) : flow_(flow) {}

  void send(const Cluster& from, const Assignment& assignment) {
    for (const Target& target : assignment.targets)
      dial(from, target, {.share = target.share, .mtls = target.mtls, .lost = false});
    // Gateways without a network view send a part on, and some of it comes back: less with every round.
    for (int round = 0; round < kRounds && advance() > kNothing; ++round) {
      for (Stop& stop : stops_) {
        if (stop.now > 0) pass(stop);
      }
    }
  }

 private:
  static constexpr int kRounds = 1000;
  static constexpr double kNothing = 1e-12;

  double advance() {
    double left = 0;
    for (Stop& stop : stops_) {
      left += stop.next;
      stop.now = std::exchange(stop.next, 0);
    }
    return left;
  }

  /// Pods of another network are called directly where no gateway of it is known, but networks are joined by gateways
  /// only.
  void miss(const Cluster& from, const Target& target, const Calls& calls) {
    flow_.cause(diag::NetworkWithoutGateway, place_of(from, target.object), calls.share, from.facts.name,
                target.home->network, flow_.host());
    flow_.end(Fate::dead, calls);
  }

  void dial(const Cluster& from, const Target& target, const Calls& calls) {
    if (calls.share == 0) return;
    if (target.workload && target.home->network != from.facts.network) return miss(from, target, calls);
    if (target.workload) return arrive(flow_, flow_.world.of(*target.home), *target.workload, target.port, calls);
    if (const GatewayPods* own = gateway_here(from, target)) return come(from, *own, target.port, calls);
    const interpret::Door* door = flow_.world.door(target.address, target.port, from.facts.network);
    if (!door) {
      return flow_.end(diag::FactMissing, Fate::unknown, place_of(from, target.object), calls,
                       fmt::format("what is behind {} port {}, seen from network \"{}\"", target.address, target.port,
                                   from.facts.network));
    }
    const Cluster* there = flow_.world.find(door->cluster);
    const GatewayPods* gateway = there ? there->find_gateway(door->ns, door->gateway) : nullptr;
    if (!gateway) {
      return flow_.end(diag::GatewayUnknown, Fate::dead, door->cluster, calls, target.address, target.port,
                       base::quoted(door->ns + "/" + door->gateway), door->cluster);
    }
    if (door->router) return enter(*there, calls);
    come(*there, *gateway, door->listener, calls);
  }

  /// By a router, which goes by the server name as well.
  void enter(const Cluster& cluster, const Calls& calls) {
    for (const interpret::Route* route : cluster.routes) {
      if (!calls.mtls || !route->passthrough || route->host != flow_.sni) continue;
      flow_.rest_on(cluster, route);
      const auto services =
          cluster.peers.front().services.find(cluster.full_host(route->service + "." + route->ns + ".svc", route->ns));
      if (services == cluster.peers.front().services.end()) break;
      const GatewayPods* gateway = cluster.gateway_behind(*services->second);
      for (const interpret::Port& port : services->second->ports) {
        const bool meant = route->port != 0 ? port.target == route->port : port.name == route->port_name;
        if (gateway && meant) return come(cluster, *gateway, port.target, calls);
      }
      break;
    }
    const std::string router = "the router of cluster \"" + cluster.facts.name + "\"";
    flow_.end(diag::NotPassed, Fate::dead, place_of(cluster), calls, router, base::quoted(flow_.sni));
  }

  /// The address is the name of a Service in front of a gateway of the same cluster.
  static const GatewayPods* gateway_here(const Cluster& cluster, const Target& target) {
    if (target.address.find_first_not_of("0123456789.") == std::string_view::npos) return nullptr;  // as nearly always
    const auto services = cluster.services.find(target.address);
    if (services == cluster.services.end()) return nullptr;
    return cluster.gateway_behind(*services->second.front());
  }

  void come(const Cluster& cluster, const GatewayPods& gateway, std::int64_t port, const Calls& calls) {
    if (!calls.mtls && flow_.foreign_tls) {
      flow_.end(Fate::unknown, calls);
      return flow_.doubt(diag::NotInterpreted, place_of(flow_.home, flow_.foreign_tls->rule),
                         "what it encrypts towards a gateway");
    }
    if (!calls.mtls) {
      return flow_.end(diag::NotPassed, Fate::dead, place_of(cluster), calls, "gateway " + named(gateway, cluster),
                       "calls in plain text");
    }
    for (Stop& stop : stops_) {
      if (stop.gateway == &gateway && stop.port == port && stop.lost == calls.lost)
        return void(stop.next += calls.share);
    }
    stops_.push_back({.cluster = &cluster, .gateway = &gateway, .port = port, .lost = calls.lost, .next = calls.share});
  }

  /// Where the gateway ends calls, it is assumed that it did not, for whatever else is wrong further on.
  void pass(Stop& stop) {
    const Calls calls{.share = stop.now, .mtls = true, .lost = stop.lost};
    const bool first = !stop.looked;
    if (first) {
      stop.looked = look(flow_, *stop.cluster, *stop.gateway, stop.port);
      flow_.retell(*stop.looked, calls);
    }
    const std::optional<Fate> fate = stop.looked->fate;
    if (fate) flow_.end(*fate, calls);
    for (const Looked::Way& way : stop.looked->ways) {
      Calls onward = calls.part(way.share);
      if (!fate && way.fate) flow_.end(*way.fate, onward);
      onward.lost = calls.lost || fate || way.fate;
      if (onward.lost && !first) continue;
      for (const Target& target : way.assignment.targets) dial(*stop.cluster, target, onward.part(target.share));
    }
  }

  Flow& flow_;
  std::list<Stop> stops_;  // references to them stay
};

}  // namespace

void tell_lost(Flow& flow, const Cluster& at, const Assignment& assignment, const std::string& host,
               const std::string& proxy, const interpret::Rule& rule) {
  for (const interpret::Lost& lost : assignment.lost) {
    const std::string place = place_of(at, lost.object);
    if (lost.tls) {
      const bool is_here = lost.network.empty() || lost.network == at.facts.network;
      const std::string who = is_here ? proxy + " does" : fmt::format("gateways of network \"{}\" do", lost.network);
      flow.cause(diag::TlsNotIstios, place_of(at, rule.owner(lost.tls)), 0, host, word(lost.tls->mode), who);
      continue;
    }
    switch (lost.why) {
      case interpret::Lost::Why::no_gateway:
        flow.cause(diag::NetworkWithoutGateway, place, 0, at.facts.name, lost.network, host);
        break;
      case interpret::Lost::Why::no_mtls:
        flow.cause(diag::EndpointWithoutMtls, place, 0, host, lost.network, proxy);
        break;
      case interpret::Lost::Why::no_address:
        flow.cause(diag::NoAddress, place, 0, host, at.facts.network, at.facts.name);
        break;
      case interpret::Lost::Why::not_distributed:
        flow.cause(diag::PlaceGetsNothing, place, 0, host);
        break;
    }
  }
  if (!assignment.unknown_label.empty())
    flow.doubt(diag::NotInterpreted, place_of(at), base::quoted(assignment.unknown_label));
}

void send(Flow& flow, const Cluster& from, const Assignment& assignment) { Passage(flow).send(from, assignment); }

}  // namespace meshfed::ask
