#include "interpret/cluster.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace meshfed::interpret {
namespace {

constexpr std::int64_t kCrossNetworkPort = 15443;

template <class T>
void sort_by_age(std::vector<const T*>& items) {
  std::stable_sort(items.begin(), items.end(), [](const T* a, const T* b) { return is_older(*a, *b); });
}

void add_network_gateways(Cluster& cluster, const KubeGateway& gateway) {
  const std::string network(label(gateway.labels, kNetworkLabel));
  if (network.empty()) return;
  for (const std::string& address : gateway.addresses) {
    for (const Listener& listener : gateway.listeners) {
      if (!is_auto_passthrough(gateway, listener)) continue;
      auto& known = cluster.network_gateways[network];
      const bool twice = std::any_of(known.begin(), known.end(), [&](const NetworkGateway& one) {
        return one.address == address && one.port == listener.port;
      });
      if (!twice) known.push_back({address, listener.port, &gateway});
    }
  }
}

/// What the deployment controller makes of a Gateway (gateway/deploymentcontroller.go): its labels are copied unless
/// `infrastructure` has some.
void add_deployed(Cluster& cluster, const KubeGateway& gateway) {
  if (gateway.class_name != "istio") return;
  GatewayPods pods{.ns = gateway.ns,
                   .name = gateway.name + "-istio",
                   .labels = gateway.infrastructure.value_or(gateway.labels),
                   .view = {},
                   .deploys = &gateway};
  pods.view = label(pods.labels, kNetworkLabel);
  set_label(pods.labels, kGatewayNameLabel, gateway.name);
  set_label(pods.labels, "gateway.networking.k8s.io/gateway-class-name", gateway.class_name);
  set_label(pods.labels, "service.istio.io/canonical-name", pods.name);
  cluster.gateways.push_back(std::move(pods));
}

class Indexer {
 public:
  explicit Indexer(Cluster& cluster) : cluster_(cluster) {}

  void add(const Objects& part) {
    for (const Service& service : part.services) add(service);
    for (const WorkloadEntry& entry : part.entries) cluster_.entries.add(entry.ns, entry.endpoint.labels, &entry);
    for (const EndpointSlice& slice : part.slices) cluster_.slices[host_of(slice.service, slice.ns)].push_back(&slice);
    for (const DestinationRule& rule : part.rules) add(rule);
    for (const IstioGateway& gateway : part.istio_gateways) cluster_.istio_gateways.push_back(&gateway);
    for (const KubeGateway& gateway : part.kube_gateways) {
      add_network_gateways(cluster_, gateway);
      add_deployed(cluster_, gateway);
    }
    for (const VirtualService& service : part.virtual_services) cluster_.virtual_services.push_back(&service);
    for (const TlsRoute& route : part.tls_routes) cluster_.tls_routes.push_back(&route);
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
    cluster_.knows_gateways = cluster_.facts.own_gateway_known || !cluster_.network_gateways.empty();
  }

 private:
  std::string host_of(std::string_view service, std::string_view ns) const {
    return cluster_.full_host(std::string(service).append(".").append(ns).append(".svc"), ns);
  }

  void add(const Service& service) {
    for (const std::string& host : service.hosts) {
      if (is_wildcard(host))
        cluster_.wildcards.push_back(&service);
      else
        cluster_.services[service.entry ? host : cluster_.full_host(host, service.ns)].push_back(&service);
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

Cluster::Cluster(const ClusterFacts& given, std::vector<std::shared_ptr<const Objects>> read)
    : facts(given), parts(std::move(read)) {
  for (const Workload& workload : facts.workloads) workloads.add(workload.ns, workload.labels, &workload);
  for (const GatewayWorkload& one : facts.gateways)
    gateways.push_back({one.ns, one.name, one.labels, one.view ? facts.network : std::string(), nullptr});
  Indexer indexer(*this);
  for (const auto& part : parts) indexer.add(*part);
  indexer.finish();
}

const GatewayPods* Cluster::gateway_called(std::string_view host) const {
  for (const GatewayPods& pods : gateways) {
    if (full_host(pods.name, pods.ns) == host) return &pods;
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
