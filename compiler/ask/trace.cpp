#include "ask/trace.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "ask/flow.hpp"
#include "base/text.hpp"
#include "interpret/policies.hpp"

namespace meshfed::ask {
namespace {

using interpret::Assignment;
using interpret::Cluster;
using interpret::Effective;
using interpret::Found;
using interpret::Mtls;
using interpret::Port;
using interpret::Protocol;
using interpret::Proxy;
using interpret::Rule;
using interpret::Service;
using interpret::Target;
using interpret::TlsMode;

constexpr std::int64_t kAllocatesAddresses = 25;  // since this minor istiod gives every ServiceEntry an address

Proxy proxy_of(const Cluster& cluster, const Client& client) {
  return {.cluster = cluster, .ns = client.ns.empty() ? kAny : std::string_view(client.ns)};
}

std::string numbers(const Service& service) {
  std::vector<std::string> ports;
  for (const Port& port : service.ports)
    ports.push_back(std::to_string(port.number) + (port.protocol == Protocol::udp ? " for UDP" : ""));
  return base::join(ports, ", ", 10);
}

/// A name resolves to an address of its own: of the cluster's Services in its DNS; of ServiceEntries, and of Services
/// of clusters that are read, in the proxy's own, if they have an address there (dns/server/name_table.go).
bool resolves(const Cluster& cluster, const Service& service, std::string_view host) {
  if (!service.entry && cluster.peers.front().services.contains(host)) return true;
  if (!cluster.facts.dns_capture) return false;
  if (!service.entry) return !service.headless;
  return !service.addresses.empty() || cluster.facts.istio >= kAllocatesAddresses;
}

class Caller {
 public:
  Caller(Flow& flow, const Cluster& cluster, const Question& question)
      : flow_(flow), cluster_(cluster), question_(question), proxy_(proxy_of(cluster, question.client)) {}

  Verdict call() {
    flow_.rest_on(cluster_);
    const Found found = interpret::find_service(proxy_, question_.host);
    if (!found.service) return not_known(found);
    const Service& service = *found.service;
    look_for_routes();
    const Port* port = interpret::find_port(service, question_.port);
    if (!port)
      flow_.cause(diag::PortUnknown, place(&service), 1, question_.host, question_.port, cluster_.facts.name,
                  numbers(service));
    const bool resolved = resolves(cluster_, service, question_.host);
    if (!resolved) flow_.cause(diag::NameUnresolved, place(&service), 1, question_.host, cluster_.facts.name);
    tell_name(service);
    if (!port) return resolved ? Verdict::unreachable : Verdict::unresolved;
    go(service, *port);
    const Verdict verdict = flow_.verdict();
    // A declared address can be called without a name.
    const bool nameless = !resolved && service.addresses.empty();
    return nameless && verdict != Verdict::unknown ? Verdict::unresolved : verdict;
  }

 private:
  std::string place(const interpret::Object* object) const { return place_of(cluster_, object); }

  Verdict not_known(const Found& found) {
    for (const Service* wildcard : cluster_.wildcards) {
      for (const std::string& host : wildcard->hosts) {
        if (interpret::is_subset(question_.host, host)) {
          flow_.doubt(diag::NotInterpreted, place(wildcard), base::quoted(host));
          return Verdict::unknown;
        }
      }
    }
    const std::string ns = question_.client.ns.empty() ? "namespaces that its `exportTo` does not name"
                                                       : "namespace " + base::quoted(question_.client.ns);
    if (found.exists)
      flow_.cause(diag::HostHidden, place_of(cluster_), 1, cluster_.facts.name, question_.host, ns);
    else
      flow_.cause(diag::HostUnknown, place_of(cluster_), 1, cluster_.facts.name, question_.host);
    return flow_.verdict() == Verdict::unknown ? Verdict::unknown : Verdict::unresolved;
  }

  /// A VirtualService for sidecars may send the host's calls elsewhere.
  void look_for_routes() {
    for (const interpret::VirtualService* service : cluster_.virtual_services) {
      if (!service->mesh) continue;
      for (const std::string& host : service->hosts) {
        if (interpret::overlaps(cluster_.full_host(host, service->ns), question_.host))
          return flow_.doubt(diag::NotInterpreted, place(service), "its routes");
      }
    }
  }

  void tell_name(const Service& service) {
    if (!flow_.wants_hops()) return;
    std::string text = question_.host + " is a " + (service.entry ? "ServiceEntry" : "Service");
    if (service.entry && cluster_.facts.dns_capture)
      text += service.addresses.empty() ? ", which resolves to an address that Istio allocates"
                                        : ", which resolves to " + base::join(service.addresses, ", ", 3);
    flow_.hop({.cluster = cluster_.facts.name,
               .text = std::move(text),
               .object = id_of(&service),
               .field = service.entry ? "spec.hosts" : "metadata.name"});
  }

  void go(const Service& service, const Port& port) {
    const Rule rule = interpret::find_rule(proxy_, service, question_.host);
    flow_.rest_on(cluster_, &service);
    for (const interpret::DestinationRule* one : rule.from) flow_.rest_on(cluster_, one);
    const Effective policy = interpret::effective_policy(rule, port.number, {});
    Assignment assignment =
        interpret::assign({.proxy = proxy_, .service = service, .host = question_.host, .port = port, .rule = rule});
    set_tls(service, policy, assignment);
    if (policy.tls && (policy.tls->mode == TlsMode::simple || policy.tls->mode == TlsMode::mutual))
      flow_.foreign_tls = {policy.tls->mode, rule.owner(policy.tls), port.protocol};
    tell_endpoints(assignment, rule);
    tell_lost(flow_, cluster_, assignment, question_.host, "cluster \"" + cluster_.facts.name + "\"", rule);
    if (assignment.targets.empty() || assignment.refused) {
      flow_.end(Fate::dead, Calls{});
      if (!assignment.lost.empty()) return;  // why is said already
      return flow_.cause(diag::NoEndpoints, place(&service), 1, question_.host,
                         "a proxy of cluster \"" + cluster_.facts.name + "\"");
    }
    send(flow_, cluster_, assignment);
  }

  /// buildUpstreamTLSSettings (core/cluster_tls.go): as the rule says, else by what each endpoint takes.
  void set_tls(const Service& service, const Effective& policy, Assignment& assignment) {
    const Client& client = question_.client;
    flow_.answer().identity = interpret::spiffe_id(cluster_.facts.trust_domain, flow_.namespace_of_client(),
                                                   client.account.empty() ? kAny : std::string_view(client.account));
    flow_.sni = interpret::sni_of(question_.port, {}, question_.host);
    auto& accepted = flow_.answer().accepted;
    accepted = interpret::identities_of(cluster_, service, std::move(assignment.identities));
    if (policy.tls) {
      const bool istio = policy.tls->mode == TlsMode::istio_mutual;
      if (!policy.tls->sni.empty()) flow_.sni = policy.tls->sni;
      // Other modes take what is known of a ServiceEntry only (constructUpstreamTLS).
      if (!policy.tls->sans.empty() || (!istio && !service.entry)) accepted = policy.tls->sans;
      if (policy.tls->mode == TlsMode::disable) accepted.clear();
      std::sort(accepted.begin(), accepted.end());
      for (Target& target : assignment.targets) target.mtls = istio;
      return;
    }
    const interpret::PeerMode mode = interpret::namespace_mode(cluster_, service.ns);
    flow_.rest_on(cluster_, mode.by);
    if (!service.external && mode.mode != Mtls::disable) return;
    accepted.clear();  // without TLS nobody shows a certificate
    for (Target& target : assignment.targets) target.mtls = false;
  }

  /// Of another cluster, with that before it.
  std::string pods_of(const Target& target) const {
    if (!target.workload) return {};
    const std::string name = name_of(*target.workload);
    return target.home == &cluster_.facts ? name : target.home->name + "/" + name;
  }

  void tell_endpoint(const Endpoint& endpoint, const Target& target) {
    std::string text = "calls go to ";
    text += target.workload ? "pods " + endpoint.workload : fmt::format("{} port {}", endpoint.address, endpoint.port);
    if (!target.workload && !endpoint.network.empty()) text += ", a gateway of network " + endpoint.network;
    flow_.hop({.cluster = cluster_.facts.name,
               .text = std::move(text),
               .object = id_of(target.object),
               .field = target.gateway    ? "spec.addresses"
                        : target.workload ? "the selector in spec"
                                          : "spec",
               .share = target.share});
  }

  void tell_endpoints(const Assignment& assignment, const Rule& rule) {
    for (const Target& target : assignment.targets) {
      flow_.answer().endpoints.push_back({.workload = pods_of(target),
                                          .address = std::string(target.address),
                                          .port = target.port,
                                          .network = std::string(target.network),
                                          .share = target.share});
      if (flow_.wants_hops()) tell_endpoint(flow_.answer().endpoints.back(), target);
    }
    if (!flow_.wants_hops()) return;
    for (const interpret::DestinationRule* one : rule.from) {
      flow_.hop({.cluster = cluster_.facts.name,
                 .text = "how they are shared out",
                 .object = id_of(one),
                 .field = "spec.trafficPolicy"});
    }
  }

  Flow& flow_;
  const Cluster& cluster_;
  const Question& question_;
  Proxy proxy_;
};

}  // namespace

Answer trace(const interpret::World& world, Question question, Detail detail, Memo* memo) {
  Answer answer{.question = std::move(question),
                .verdict = {},
                .identity = {},
                .accepted = {},
                .endpoints = {},
                .ends = {},
                .hops = {},
                .causes = {}};
  const Cluster& cluster = *world.find(answer.question.client.cluster);
  Flow flow(world, cluster, answer, detail, memo);
  answer.verdict = Caller(flow, cluster, answer.question).call();
  std::stable_sort(answer.ends.begin(), answer.ends.end(), [](const End& a, const End& b) {
    return std::tie(a.cluster, a.workload, a.port) < std::tie(b.cluster, b.workload, b.port);
  });
  return answer;
}

std::vector<std::int64_t> ports_of(const interpret::World& world, const Client& client, std::string_view host) {
  const Cluster& cluster = *world.find(client.cluster);
  std::vector<std::int64_t> ports;
  if (const Service* service = interpret::find_service(proxy_of(cluster, client), host).service) {
    for (const Port& port : service->ports) {
      if (port.protocol != Protocol::udp) ports.push_back(port.number);
    }
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

}  // namespace meshfed::ask
