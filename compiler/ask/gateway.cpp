// A gateway on the way: what it makes of the name that it is asked for. All that would stop calls is told, as for pods.
#include <algorithm>
#include <utility>

#include "ask/flow.hpp"
#include "base/text.hpp"
#include "interpret/policies.hpp"

namespace meshfed::ask {
namespace {

using interpret::Chain;
using interpret::Cluster;
using interpret::GatewayListener;
using interpret::GatewayPods;
using interpret::Service;
using interpret::Target;

class Look {
 public:
  Look(Flow& flow, const Cluster& cluster, const GatewayPods& gateway, std::int64_t port)
      : flow_(flow), cluster_(cluster), gateway_(gateway), port_(port), name_(named(gateway, cluster)) {}

  Looked take() && {
    look();
    return std::move(looked_);
  }

 private:
  /// All that comes by ends here.
  template <class Row, class... Args>
  void close(Row row, Fate fate, const interpret::Object* by, const Args&... args) {
    looked_.fate = std::max(looked_.fate.value_or(fate), fate);
    flow_.cause(row, place_of(cluster_, by), 1, args...);
  }

  /// What goes one way ends here.
  template <class Row, class... Args>
  void close(Looked::Way& way, Row row, Fate fate, const interpret::Object* by, const Args&... args) {
    way.fate = std::max(way.fate.value_or(fate), fate);
    flow_.cause(row, place_of(cluster_, by), way.share, args...);
  }

  /// What becomes of the calls. Where the gateway ends them, it is assumed that it did not, for whatever else is wrong.
  void look() {
    flow_.rest_on(cluster_);
    const GatewayListener* listener = flow_.world.listener(cluster_, gateway_, port_);
    const Chain* chain = listener ? listener->find(flow_.sni) : nullptr;
    if (!listener) close(diag::PortClosed, Fate::dead, nullptr, name_, port_);
    if (listener && listener->duplicate()) {
      const auto& twice = *listener->duplicate();
      close(diag::ListenerRefused, Fate::dead, twice.second, port_, name_, base::quoted(interpret::id_of(*twice.first)),
            base::quoted(interpret::id_of(*twice.second)), base::quoted(twice.sni));
    }
    if (listener && !chain) {
      if (const interpret::Object* other = listener->other(flow_.sni))
        close(diag::NotInterpreted, Fate::unknown, other, base::quoted("spec.servers.tls.mode"));
      else
        close(diag::NotPassed, Fate::dead, nullptr, "gateway " + name_, base::quoted(flow_.sni));
    }
    if (chain) follow(*chain);
  }

  void follow(const Chain& chain) {
    flow_.rest_on(cluster_, chain.server);
    flow_.rest_on(cluster_, chain.route);
    flow_.hop({.cluster = cluster_.facts.name,
               .text = "gateway " + name_of(gateway_) + " passes " + flow_.sni + " on port " + std::to_string(port_),
               .object = id_of(chain.server),
               .field = "spec.servers",
               .share = 1});
    if (chain.service) return call_service({*chain.service, chain.host, *chain.port, chain.subset, true}, 1);
    passers_may();
    const bool only = chain.destinations.size() == 1;  // then it need not have a weight
    std::int64_t total = 0;
    for (const interpret::Destination& one : chain.destinations) total += only ? 1 : one.weight;
    for (const interpret::Destination& one : chain.destinations) {
      const auto weight = static_cast<double>(only ? 1 : one.weight);
      if (total > 0) route(chain, one, weight / static_cast<double>(total));
    }
    if (total == 0) close(diag::NotPassed, Fate::dead, chain.route, "gateway " + name_, base::quoted(flow_.sni));
  }

  /// Policies hold at gateways too, where they route; what is passed on shows them no certificate.
  void passers_may() {
    using Verdict = interpret::Permission::Verdict;
    const interpret::Permission permission = interpret::permission(cluster_, gateway_.ns, gateway_.labels, port_, {});
    if (permission.verdict == Verdict::allowed) return;
    const std::string policy = base::quoted(interpret::id_of(*permission.by));
    const std::string pods = "gateway " + name_, who = "a caller without a certificate";
    if (permission.verdict == Verdict::denied)
      close(diag::CallerDenied, Fate::refused, permission.by, policy, who, pods);
    else if (permission.verdict == Verdict::not_allowed)
      close(diag::CallerNotAllowed, Fate::refused, permission.by, who, pods, policy);
    else
      close(diag::NotInterpreted, Fate::unknown, permission.by, permission.by->gaps.front());
  }

  void route(const Chain& chain, const interpret::Destination& to, double part) {
    const interpret::Proxy proxy{.cluster = cluster_, .ns = gateway_.ns, .gateway = &gateway_};
    const std::string host = cluster_.full_host(to.host, chain.route->ns);
    const Service* service = interpret::find_service(proxy, host).service;
    const interpret::Port* port = service ? port_of(*service, to.port) : nullptr;
    flow_.hop({.cluster = cluster_.facts.name,
               .text = "and leads to " + host,
               .object = id_of(chain.route),
               .field = "spec",
               .share = part});
    if (port) return call_service({*service, host, *port, {}, false}, part);
    close(add_way(part), diag::RouteToNowhere, Fate::dead, chain.route, base::quoted(interpret::id_of(*chain.route)),
          host, name_);
  }

  /// Without a number it is the only port.
  static const interpret::Port* port_of(const Service& service, std::int64_t number) {
    if (number == 0) return service.ports.size() == 1 ? &service.ports.front() : nullptr;
    return interpret::find_port(service, number);
  }

  /// What a chain leads to.
  struct Lead {
    const Service& service;
    const std::string& host;
    const interpret::Port& port;
    std::string_view subset;
    bool dnat;
  };

  Looked::Way& add_way(double part) {
    looked_.ways.push_back({.share = part});
    return looked_.ways.back();
  }

  void call_service(const Lead& lead, double part) {
    const interpret::Proxy proxy{.cluster = cluster_, .ns = gateway_.ns, .gateway = &gateway_};
    const interpret::Rule rule = interpret::find_rule(proxy, lead.service, lead.host);
    rest_on_all(lead.service, rule);
    Looked::Way& way = add_way(part);
    way.assignment = interpret::assign({.proxy = proxy,
                                        .service = lead.service,
                                        .host = lead.host,
                                        .port = lead.port,
                                        .rule = rule,
                                        .subset = lead.subset,
                                        .dnat = lead.dnat});
    if (!lead.dnat) check_plain(lead, rule, way);
    tell_lost(flow_, cluster_, way.assignment, lead.host, name_, rule);
    if (!way.assignment.targets.empty() && !way.assignment.refused) return;
    if (way.assignment.lost.empty())
      close(way, diag::NoEndpoints, Fate::dead, &lead.service, lead.host, "gateway " + name_);
    else
      way.fate = std::max(way.fate.value_or(Fate::dead), Fate::dead);  // why is said already
  }

  void rest_on_all(const Service& service, const interpret::Rule& rule) {
    flow_.rest_on(cluster_, &service);
    for (const interpret::DestinationRule* one : rule.from) flow_.rest_on(cluster_, one);
  }

  /// Behind a route there is no mTLS of the gateway's own.
  void check_plain(const Lead& lead, const interpret::Rule& rule, Looked::Way& way) {
    const interpret::Effective policy = interpret::effective_policy(rule, lead.port.number, {});
    bool encrypts = policy.tls && policy.tls->mode != interpret::TlsMode::disable;
    for (Target& target : way.assignment.targets) {
      encrypts = encrypts || (target.mtls && !policy.tls && !lead.service.external);
      target.mtls = true;  // the client's
    }
    if (!encrypts) return;
    const interpret::Object* by = &lead.service;
    if (!rule.from.empty()) by = rule.from.front();
    close(way, diag::EncryptedTwice, Fate::dead, by, name_, lead.host);
  }

  Flow& flow_;
  const Cluster& cluster_;
  const GatewayPods& gateway_;
  std::int64_t port_;
  std::string name_;
  Looked looked_;
};

}  // namespace

std::string named(const GatewayPods& gateway, const Cluster& cluster) {
  return base::quoted(name_of(gateway)) + " of cluster \"" + cluster.facts.name + "\"";
}

Memo::Known look(const Flow& flow, const Cluster& cluster, const GatewayPods& gateway, std::int64_t port) {
  Memo* memo = flow.memo();
  if (Memo::Known known = memo ? memo->find(&gateway, port, flow.sni) : nullptr) return known;
  Answer told;
  Flow aside = flow.aside(told);
  Looked looked = Look(aside, cluster, gateway, port).take();
  looked.hops = std::move(told.hops);
  looked.causes = std::move(told.causes);
  looked.doubtful = aside.doubtful();
  auto known = std::make_shared<const Looked>(std::move(looked));
  if (memo) memo->keep(&gateway, port, flow.sni, known);
  return known;
}

}  // namespace meshfed::ask
