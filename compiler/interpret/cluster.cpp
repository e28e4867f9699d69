#include "interpret/cluster.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace meshfed::interpret {
namespace {

constexpr std::int64_t kCrossNetworkPort = 15443;
constexpr std::int64_t kStatusPort = 15021;

template <class T>
void sort_by_age(std::vector<const T*>& items) {
  std::stable_sort(items.begin(), items.end(), [](const T* a, const T* b) { return is_older(*a, *b); });
}

void add_network_gateway(Cluster& cluster, const std::string& network, NetworkGateway gateway) {
  auto& known = cluster.network_gateways[network];
  const bool twice = std::any_of(known.begin(), known.end(), [&](const NetworkGateway& one) {
    return one.address == gateway.address && one.port == gateway.port && one.known == gateway.known;
  });
  if (!twice) known.push_back(std::move(gateway));
}

/// handleGatewayResource (serviceregistry/kube/controller/network.go)
void add_network_gateways(Cluster& cluster, const ClusterFacts& of, const KubeGateway& gateway) {
  const std::string network(label(gateway.labels, kNetworkLabel));
  if (network.empty() || (&of != &cluster.facts && gateway.class_name == "istio-remote")) return;
  for (const std::string& address : gateway.addresses) {
    for (const Listener& listener : gateway.listeners) {
      if (is_auto_passthrough(gateway, listener))
        add_network_gateway(cluster, network, {address, listener.port, &gateway, &of});
    }
  }
}

/// getGatewayDetails, in the same file: a labelled Service, if it has the port.
void add_network_gateways(Cluster& cluster, const ClusterFacts& of, const Service& service) {
  if (service.entry || service.gateway_network.empty()) return;
  const std::int64_t port = service.gateway_port == 0 ? kCrossNetworkPort : service.gateway_port;
  const bool has_port =
      std::any_of(service.ports.begin(), service.ports.end(), [&](const Port& one) { return one.number == port; });
  if (!has_port) return;
  std::vector<std::string> addresses = service.given;
  for (const LoadBalancer& one : of.balancers) {
    if (one.ns == service.ns && one.service == service.name)
      addresses.insert(addresses.end(), one.addresses.begin(), one.addresses.end());
  }
  for (const std::string& address : addresses)
    add_network_gateway(cluster, service.gateway_network, {address, port, &service, &of});
}

bool is_deployed(const KubeGateway& gateway) { return gateway.class_name == "istio" && gateway.managed; }

/// What a deployed gateway's pods and Service get: the Gateway's labels are copied unless `infrastructure` has some
/// (gateway/deploymentcontroller.go).
const Labels& labels_of_deployed(const KubeGateway& gateway) {
  return gateway.infrastructure ? *gateway.infrastructure : gateway.labels;
}

/// The Service that the deployment controller makes for a Gateway.
Service service_of(const KubeGateway& gateway) {
  Service service;
  service.kind = "Service";
  service.ns = gateway.ns;
  service.name = gateway.name + "-istio";
  service.hosts = {service.name + "." + service.ns + ".svc"};
  service.selector = {{std::string(kGatewayNameLabel), gateway.name}};
  service.gateway_network = label(labels_of_deployed(gateway), kNetworkLabel);
  service.ports.push_back({.name = "status-port", .number = kStatusPort, .target = kStatusPort});
  for (const Listener& listener : gateway.listeners)
    service.ports.push_back({.name = listener.name, .number = listener.port, .target = listener.port});
  return service;
}

/// The pods that the deployment controller makes for a Gateway.
GatewayPods pods_of(const KubeGateway& gateway) {
  GatewayPods pods{.ns = gateway.ns,
                   .name = gateway.name + "-istio",
                   .labels = labels_of_deployed(gateway),
                   .view = {},
                   .deploys = &gateway};
  pods.view = label(pods.labels, kNetworkLabel);
  set_label(pods.labels, kGatewayNameLabel, gateway.name);
  set_label(pods.labels, "gateway.networking.k8s.io/gateway-class-name", gateway.class_name);
  set_label(pods.labels, "service.istio.io/canonical-name", pods.name);
  return pods;
}

/// Those that no manifest describes.
GatewayPods pods_of(const GatewayWorkload& gateway, const ClusterFacts& facts) {
  return {gateway.ns, gateway.name, gateway.labels, gateway.view ? facts.network : std::string(), nullptr};
}

/// A gateway's pods as a ServiceEntry finds them. They listen, but what their listeners make of such a call is not
/// followed.
Workload workload_of(const GatewayPods& pods) {
  return {.ns = pods.ns,
          .name = pods.name,
          .labels = pods.labels,
          .account = pods.deploys ? pods.name : std::string(),
          .ports = {kStatusPort},
          .sidecar = false};
}

class Indexer {
 public:
  explicit Indexer(Cluster& cluster) : cluster_(cluster) {}

  void add(const Objects& part) {
    for (const Service& service : part.services) add(service);
    for (const DestinationRule& rule : part.rules) add(rule);
    for (const IstioGateway& gateway : part.istio_gateways) cluster_.istio_gateways.push_back(&gateway);
    for (const KubeGateway& gateway : part.kube_gateways) {
      if (is_deployed(gateway)) {
        cluster_.deployed.push_back(service_of(gateway));
        cluster_.gateways.push_back(pods_of(gateway));
      }
      const bool elsewhere = gateway.class_name == "istio" && !gateway.managed && gateway.by_services;
      if (elsewhere) cluster_.unknown.push_back(id_of(gateway));  // it may let any Service's pods listen
    }
    for (const VirtualService& service : part.virtual_services) cluster_.virtual_services.push_back(&service);
    for (const TlsRoute& route : part.tls_routes) cluster_.tls_routes.push_back(&route);
    for (const Route& route : part.routes) cluster_.routes.push_back(&route);
    for (const EnvoyFilter& filter : part.filters) {
      if (filter.gaps.empty())
        cluster_.filters.push_back(&filter);
      else
        cluster_.unknown.push_back(id_of(filter));  // it may change anything
    }
    for (const PeerAuthentication& one : part.authentications) cluster_.authentications.add(one.ns, one.selector, &one);
    for (const AuthorizationPolicy& one : part.policies) cluster_.policies.add(one.ns, one.selector, &one);
    for (const std::string& id : part.unknown) cluster_.unknown.push_back(id);
  }

  void add_deployed_services() {
    for (const Service& service : cluster_.deployed) add(service);
  }

  /// What a registry takes from a cluster: of one that is read, Services that the own cluster has too are its
  /// endpoints' business only (aggregate/controller.go).
  void add_peer(const ClusterFacts& facts, const Parts& parts, const std::deque<Service>& deployed) {
    Peer peer{.facts = &facts, .workloads = {}, .gateways = {}, .entries = {}, .services = {}, .slices = {}};
    for (const Workload& workload : facts.workloads) peer.workloads.add(workload.ns, workload.labels, &workload);
    for (const GatewayWorkload& one : facts.gateways) peer.gateways.push_back(workload_of(pods_of(one, facts)));
    const auto add_service = [&](const Service& service) {
      if (service.entry) return;
      peer.services.emplace(host_of(service), &service);
      add_network_gateways(cluster_, facts, service);
      if (&facts != &cluster_.facts) add_foreign(service);
    };
    for (const auto& part : parts) {
      for (const Service& service : part->services) add_service(service);
      for (const KubeGateway& gateway : part->kube_gateways) {
        add_network_gateways(cluster_, facts, gateway);
        if (is_deployed(gateway)) peer.gateways.push_back(workload_of(pods_of(gateway)));
      }
      for (const EndpointSlice& slice : part->slices) peer.slices[host_of(slice.service, slice.ns)].push_back(&slice);
      for (const WorkloadEntry& entry : part->entries) add_entry(peer, entry);
    }
    for (const Service& service : deployed) add_service(service);
    cluster_.peers.push_back(std::move(peer));
  }

  void add_entry(Peer& peer, const WorkloadEntry& entry) {
    peer.entries.add(entry.ns, entry.endpoint.labels, &entry);
    if (peer.facts != &cluster_.facts) cluster_.foreign_entries[key_of(entry)] = &entry;
  }

  void finish() {
    for (auto& [host, services] : cluster_.services) sort_by_age(services);
    for (auto& [host, rules] : cluster_.rules) sort_by_age(rules);
    sort_by_age(cluster_.wildcard_rules);
    sort_by_age(cluster_.istio_gateways);
    sort_by_age(cluster_.virtual_services);
    sort_by_age(cluster_.tls_routes);
    sort_by_age(cluster_.filters);
    std::sort(cluster_.gateways.begin(), cluster_.gateways.end(), [](const GatewayPods& a, const GatewayPods& b) {
      return std::tie(a.ns, a.name) < std::tie(b.ns, b.name);
    });
    drop_unresolved();
    cluster_.knows_gateways = !cluster_.network_gateways.empty();
  }

 private:
  /// A gateway by the name of a Service of the cluster that is not there: istiod cannot look it up, and leaves it out.
  void drop_unresolved() {
    const std::string own = ".svc." + cluster_.facts.cluster_domain;
    for (auto& [network, gateways] : cluster_.network_gateways) {
      std::erase_if(gateways, [&](const NetworkGateway& one) {
        return one.address.ends_with(own) && !cluster_.services.contains(one.address);
      });
    }
    std::erase_if(cluster_.network_gateways, [](const auto& known) { return known.second.empty(); });
  }

  std::string host_of(std::string_view service, std::string_view ns) const {
    return cluster_.full_host(std::string(service).append(".").append(ns).append(".svc"), ns);
  }
  std::string host_of(const Service& service) const { return cluster_.full_host(service.hosts.front(), service.ns); }

  std::string_view whole(const std::string& host, const Service& service) {
    std::string full = cluster_.full_host(host, service.ns);
    return full == host ? std::string_view(host) : std::string_view(cluster_.names.emplace_back(std::move(full)));
  }

  void add_foreign(const Service& service) {
    auto& known = cluster_.services[whole(service.hosts.front(), service)];
    if (std::all_of(known.begin(), known.end(), [](const Service* one) { return one->entry; }))
      known.push_back(&service);
  }

  void add(const Service& service) {
    for (const std::string& host : service.hosts) {
      if (is_wildcard(host))
        cluster_.wildcards.push_back(&service);
      else
        cluster_.services[service.entry ? host : whole(host, service)].push_back(&service);
    }
  }

  void add(const DestinationRule& rule) {
    if (is_wildcard(rule.host))
      cluster_.wildcard_rules.push_back(&rule);
    else
      cluster_.rules[cluster_.full_host(rule.host, rule.ns)].push_back(&rule);
  }

  Cluster& cluster_;
};

}  // namespace

Cluster::Cluster(const ClusterFacts& given, Parts own, std::vector<Read> read)
    : facts(given), parts(std::move(own)), others(std::move(read)) {
  for (const GatewayWorkload& one : facts.gateways) gateways.push_back(pods_of(one, facts));
  Indexer indexer(*this);
  for (const auto& part : parts) indexer.add(*part);
  indexer.add_deployed_services();
  indexer.add_peer(facts, parts, deployed);
  for (Read& one : others) {
    for (const auto& part : one.parts) {
      for (const KubeGateway& gateway : part->kube_gateways) {
        if (is_deployed(gateway)) one.deployed.push_back(service_of(gateway));
      }
    }
    indexer.add_peer(*one.facts, one.parts, one.deployed);
  }
  indexer.finish();
}

const GatewayPods* Cluster::gateway_behind(const Service& service) const {
  if (service.entry || service.selector.empty()) return nullptr;
  for (const GatewayPods& pods : gateways) {
    if (pods.ns == service.ns && selects(service.selector, pods.labels)) return &pods;
  }
  return nullptr;
}

const GatewayPods* Cluster::find_gateway(std::string_view ns, std::string_view name) const {
  const auto found = std::find_if(gateways.begin(), gateways.end(),
                                  [&](const GatewayPods& pods) { return pods.ns == ns && pods.name == name; });
  return found == gateways.end() ? nullptr : &*found;
}

std::string Cluster::full_host(std::string_view host, std::string_view ns) const {
  std::string full(host);
  if (host.find('.') == std::string_view::npos && host != "*") full.append(".").append(ns).append(".svc");
  if (full.ends_with(".svc")) full.append(".").append(facts.cluster_domain);
  return full;
}

bool is_auto_passthrough(const KubeGateway& gateway, const Listener& listener) {
  if (!listener.passthrough && !listener.auto_passthrough) return false;
  return listener.auto_passthrough ||
         (!label(gateway.labels, kNetworkLabel).empty() && listener.port == kCrossNetworkPort);
}

bool is_wildcard(std::string_view host) { return host.starts_with('*'); }

bool is_subset(std::string_view host, std::string_view pattern) {
  if (!is_wildcard(pattern)) return host == pattern;
  if (is_wildcard(host) && host.size() < pattern.size()) return false;
  if (is_wildcard(host)) host.remove_prefix(1);
  return host.ends_with(pattern.substr(1));
}

bool overlaps(std::string_view a, std::string_view b) { return is_subset(a, b) || is_subset(b, a); }

}  // namespace meshfed::interpret
