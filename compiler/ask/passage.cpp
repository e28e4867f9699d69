// The way between proxies: addresses, gateways and where these lead. Gateways do not decrypt: all that goes by them is
// the client's own mTLS, and its SNI is what they go by.
#include <deque>
#include <utility>

#include "ask/flow.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

using interpret::Assignment;
using interpret::Chain;
using interpret::Cluster;
using interpret::GatewayListener;
using interpret::GatewayPods;
using interpret::Service;
using interpret::Target;

/// A port of a gateway where calls come by, and where they go from there.
struct Stop {
  const Cluster* cluster;
  const GatewayPods* gateway;
  std::int64_t port;
  bool lost;                                             // only calls that have ended elsewhere come by
  double now = 0;                                        // calls that are here
  double next = 0;                                       // calls that are here in the next round
  bool known = false;                                    // what follows is known
  std::optional<Fate> fate = {};                         // it ends what comes by
  std::vector<std::pair<double, Assignment>> ways = {};  // with their shares of what comes by
};

std::string named(const GatewayPods& gateway, const Cluster& cluster) {
  return base::quoted(name_of(gateway)) + " of cluster \"" + cluster.facts.name + "\"";
}

class Passage {
 public:
  explicit Passage(Flow& flow) : flow_(flow) {}

  void send(const Cluster& from, const Assignment& assignment) {
    for (const Target& target : assignment.targets)
      dial(from, target, {.share = target.share, .mtls = target.mtls, .lost = false});
    // Gateways without a network view send a part on, and some of it comes back: less with every round.
    for (int round = 0; round < kRounds && advance() > kNothing; ++round) {
      for (std::size_t i = 0; i < stops_.size(); ++i) {
        if (stops_[i].now > 0) pass(stops_[i]);
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

  void dial(const Cluster& from, const Target& target, const Calls& calls) {
    if (calls.share == 0) return;
    if (target.workload) return arrive(flow_, from, *target.workload, target.port, calls);
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
    come(*there, *gateway, door->listener, calls);
  }

  /// The address is the name of a Service in front of a gateway of the same cluster.
  static const GatewayPods* gateway_here(const Cluster& cluster, const Target& target) {
    if (const GatewayPods* deployed = cluster.gateway_called(target.address)) return deployed;
    const auto services = cluster.services.find(std::string(target.address));
    if (services == cluster.services.end()) return nullptr;
    const Service& service = *services->second.front();
    if (service.selector.empty()) return nullptr;
    for (const GatewayPods& gateway : cluster.gateways) {
      if (gateway.ns == service.ns && interpret::selects(service.selector, gateway.labels)) return &gateway;
    }
    return nullptr;
  }

  void come(const Cluster& cluster, const GatewayPods& gateway, std::int64_t port, const Calls& calls) {
    if (!calls.mtls) {
      return flow_.end(diag::NotPassed, Fate::dead, place_of(cluster), calls, named(gateway, cluster),
                       "calls in plain text");
    }
    for (Stop& stop : stops_) {
      if (stop.gateway == &gateway && stop.port == port && stop.lost == calls.lost)
        return void(stop.next += calls.share);
    }
    stops_.push_back({.cluster = &cluster, .gateway = &gateway, .port = port, .lost = calls.lost, .next = calls.share});
  }

  void pass(Stop& stop) {
    const Calls calls{.share = stop.now, .mtls = true, .lost = stop.lost};
    const bool first = !std::exchange(stop.known, true);
    if (first) look(stop, calls);
    if (stop.fate) flow_.end(*stop.fate, calls);
    if (stop.fate && !first) return;
    Calls onward = calls;
    onward.lost = calls.lost || stop.fate;
    for (const auto& [part, assignment] : stop.ways) {
      for (const Target& target : assignment.targets) dial(*stop.cluster, target, onward.part(part * target.share));
    }
  }

  template <class Row, class... Args>
  void close(Stop& stop, Row row, Fate fate, const interpret::Object* by, const Calls& calls, const Args&... args) {
    stop.fate = std::max(stop.fate.value_or(fate), fate);
    flow_.cause(row, place_of(*stop.cluster, by), calls.share, args...);
  }

  /// What becomes of the calls. Where the gateway ends them, it is assumed that it did not, for whatever else is wrong.
  void look(Stop& stop, const Calls& calls) {
    const Cluster& cluster = *stop.cluster;
    flow_.rest_on(cluster);
    const GatewayListener* listener = flow_.world.listener(cluster, *stop.gateway, stop.port);
    const Chain* chain = listener ? listener->find(flow_.sni) : nullptr;
    if (!listener) close(stop, diag::PortClosed, Fate::dead, nullptr, calls, named(*stop.gateway, cluster), stop.port);
    if (listener && listener->duplicate()) {
      const auto& twice = *listener->duplicate();
      close(stop, diag::ListenerRefused, Fate::dead, twice.second, calls, stop.port, named(*stop.gateway, cluster),
            base::quoted(interpret::id_of(*twice.first)), base::quoted(interpret::id_of(*twice.second)),
            base::quoted(twice.sni));
    }
    if (listener && !chain) {
      if (const interpret::Object* other = listener->other(flow_.sni))
        close(stop, diag::NotInterpreted, Fate::unknown, other, calls, base::quoted("spec.servers.tls.mode"));
      else
        close(stop, diag::NotPassed, Fate::dead, nullptr, calls, named(*stop.gateway, cluster),
              base::quoted(flow_.sni));
    }
    if (chain) follow(stop, *chain, calls);
  }

  void follow(Stop& stop, const Chain& chain, const Calls& calls) {
    const Cluster& cluster = *stop.cluster;
    flow_.rest_on(cluster, chain.server);
    flow_.rest_on(cluster, chain.route);
    flow_.hop(
        {.cluster = cluster.facts.name,
         .text = "gateway " + name_of(*stop.gateway) + " passes " + flow_.sni + " on port " + std::to_string(stop.port),
         .object = id_of(chain.server),
         .field = "spec.servers",
         .share = calls.share});
    if (chain.service)
      return call_service(stop, {*chain.service, chain.host, *chain.port, chain.subset, true}, 1, calls);
    const bool only = chain.destinations.size() == 1;  // then it need not have a weight
    std::int64_t total = 0;
    for (const interpret::Destination& one : chain.destinations) total += only ? 1 : one.weight;
    for (const interpret::Destination& one : chain.destinations) {
      const auto weight = static_cast<double>(only ? 1 : one.weight);
      if (total > 0) route(stop, chain, one, weight / static_cast<double>(total), calls);
    }
    if (total == 0)
      close(stop, diag::NotPassed, Fate::dead, chain.route, calls, named(*stop.gateway, cluster),
            base::quoted(flow_.sni));
  }

  void route(Stop& stop, const Chain& chain, const interpret::Destination& to, double part, const Calls& calls) {
    const Cluster& cluster = *stop.cluster;
    const interpret::Proxy proxy{.cluster = cluster, .ns = stop.gateway->ns, .gateway = stop.gateway};
    const std::string host = cluster.full_host(to.host, chain.route->ns);
    const Service* service = interpret::find_service(proxy, host).service;
    const interpret::Port* port = service ? port_of(*service, to.port) : nullptr;
    flow_.hop({.cluster = cluster.facts.name,
               .text = "and leads to " + host,
               .object = id_of(chain.route),
               .field = "spec",
               .share = calls.share * part});
    if (port) return call_service(stop, {*service, host, *port, {}, false}, part, calls);
    close(stop, diag::RouteToNowhere, Fate::dead, chain.route, calls, base::quoted(interpret::id_of(*chain.route)),
          host, named(*stop.gateway, cluster));
  }

  /// Without a number it is the only port.
  static const interpret::Port* port_of(const Service& service, std::int64_t number) {
    if (number == 0) return service.ports.size() == 1 ? &service.ports.front() : nullptr;
    return interpret::find_port(service, number);
  }

  /// What a chain leads to.
  struct Way {
    const Service& service;
    const std::string& host;
    const interpret::Port& port;
    const std::string& subset;
    bool dnat;
  };

  void call_service(Stop& stop, const Way& way, double part, const Calls& calls) {
    const Cluster& cluster = *stop.cluster;
    const interpret::Proxy proxy{.cluster = cluster, .ns = stop.gateway->ns, .gateway = stop.gateway};
    const interpret::Rule rule = interpret::find_rule(proxy, way.service, way.host);
    rest_on_all(cluster, way.service, rule);
    Assignment assignment = interpret::assign({.proxy = proxy,
                                               .service = way.service,
                                               .host = way.host,
                                               .port = way.port,
                                               .rule = rule,
                                               .subset = way.subset,
                                               .dnat = way.dnat});
    if (!way.dnat) check_plain(stop, way, rule, assignment, calls);
    tell_lost(flow_, cluster, assignment, way.host, named(*stop.gateway, cluster));
    if (assignment.targets.empty() && !assignment.lost.empty()) {
      stop.fate = Fate::dead;  // why is said already
    } else if (assignment.targets.empty()) {
      close(stop, diag::NoEndpoints, Fate::dead, &way.service, calls, way.host,
            "gateway " + named(*stop.gateway, cluster));
    }
    stop.ways.emplace_back(part, std::move(assignment));
  }

  void rest_on_all(const Cluster& cluster, const Service& service, const interpret::Rule& rule) {
    flow_.rest_on(cluster, &service);
    for (const interpret::DestinationRule* one : rule.from) flow_.rest_on(cluster, one);
  }

  /// Behind a route there is no mTLS of the gateway's own.
  void check_plain(Stop& stop, const Way& way, const interpret::Rule& rule, Assignment& assignment,
                   const Calls& calls) {
    const interpret::Effective policy = interpret::effective_policy(rule, way.port.number, {});
    bool encrypts = policy.tls && policy.tls->mode != interpret::TlsMode::disable;
    for (Target& target : assignment.targets) {
      encrypts = encrypts || (target.mtls && !policy.tls && !way.service.external);
      target.mtls = true;  // the client's
    }
    if (!encrypts) return;
    const interpret::Object* by = &way.service;
    if (!rule.from.empty()) by = rule.from.front();
    close(stop, diag::EncryptedTwice, Fate::dead, by, calls, named(*stop.gateway, *stop.cluster), way.host);
  }

  Flow& flow_;
  std::deque<Stop> stops_;  // references to them stay
};

}  // namespace

void tell_lost(Flow& flow, const Cluster& at, const Assignment& assignment, const std::string& host,
               const std::string& proxy) {
  for (const interpret::Lost& lost : assignment.lost) {
    const std::string place = place_of(at, lost.object);
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
