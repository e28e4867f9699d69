#include "interpret/endpoints.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "interpret/policies.hpp"

namespace meshfed::interpret {
namespace {

std::int64_t target_of(const Port& port, const std::map<std::string, std::int64_t>& named) {
  // conversion.go, convertWorkloadInstanceToServiceInstance: by the port's name first.
  const auto by_name = named.find(port.name);
  return by_name != named.end() && by_name->second > 0 ? by_name->second : port.target;
}

const Labels kNoLabels;

class Gatherer {
 public:
  Gatherer(const Cluster& cluster, std::string_view host) : cluster_(cluster), host_(host) {}

  std::vector<Endpoint> take() && { return std::move(found_); }

  /// What one of the objects of the host has at a port of that name.
  void add(const Service& service, const std::string& port_name) {
    const auto port = std::find_if(service.ports.begin(), service.ports.end(),
                                   [&](const Port& one) { return one.name == port_name; });
    if (service.entry && port != service.ports.end()) add_entry(service, *port);
    if (!service.entry) add_service(port_name);
  }

 private:
  bool reads(const Peer& peer) const {
    const auto& local = cluster_.facts.cluster_local;
    return peer.facts == &cluster_.facts || std::find(local.begin(), local.end(), host_) == local.end();
  }

  void add_entry(const Service& entry, const Port& port) {
    for (const Peer& peer : cluster_.peers) {
      if (reads(peer)) add_selected(peer, entry, port);
    }
    if (!entry.selector.empty() || entry.selects_all) {
      for (const Peer& peer : cluster_.peers) {
        if (reads(peer)) add_entries(peer, entry, port);
      }
    }
    for (const EndpointSpec& endpoint : entry.endpoints) add(endpoint, &entry, cluster_.facts, port);
  }

  /// Each cluster has its own Service of the host, and what that selects there.
  void add_service(const std::string& port_name) {
    for (const Peer& peer : cluster_.peers) {
      const auto there = reads(peer) ? peer.services.find(host_) : peer.services.end();
      if (there == peer.services.end()) continue;
      const Service& own = *there->second;
      const auto port =
          std::find_if(own.ports.begin(), own.ports.end(), [&](const Port& one) { return one.name == port_name; });
      if (port == own.ports.end()) continue;
      add_selected(peer, own, *port);
      if (own.selector.empty()) add_slices(peer, *port);
      // A Service takes entries as well, unless it is headless (serviceInstancesFromWorkloadInstances).
      if (!own.selector.empty() && !own.headless) add_entries(peer, own, *port);
    }
  }

  /// To ServiceEntries, those of one name in the clusters that are read are one (ExternalWorkloads of serviceentry's
  /// controller): the last.
  bool is_replaced(const Peer& peer, const Service& by, const WorkloadEntry& entry) const {
    return by.entry && peer.facts != &cluster_.facts && cluster_.foreign_entries.find(key_of(entry))->second != &entry;
  }

  void add_entries(const Peer& peer, const Service& service, const Port& port) {
    for (const WorkloadEntry* entry : peer.entries.selected(service.ns, service.selector, labels_of_entry)) {
      if (is_replaced(peer, service, *entry)) continue;
      // An entry whose address is a name is for ServiceEntries alone, which resolve it.
      const bool named = !service.entry && !port.target_name.empty();
      if (named && !entry->endpoint.ports.contains(port.target_name)) continue;
      add(entry->endpoint, entry, *peer.facts, port);
    }
  }

  static const Labels& labels_of_pods(const Workload& workload) { return workload.labels; }
  static const Labels& labels_of_entry(const WorkloadEntry& entry) { return entry.endpoint.labels; }

  void add_selected(const Peer& peer, const Service& by, const Port& port) {
    if (by.selector.empty() && !by.selects_all) return;
    for (const Workload* pods : peer.workloads.selected(by.ns, by.selector, labels_of_pods)) add(*pods, peer, by, port);
    if (!by.entry) return;  // Cluster::gateway_behind knows a gateway's own Service
    for (const Workload& pods : peer.gateways) {
      if (pods.ns == by.ns && selects(by.selector, pods.labels)) add(pods, peer, by, port);
    }
  }

  void add(const Workload& pods, const Peer& peer, const Service& by, const Port& port) {
    if (pods.replicas <= 0) return;
    const std::string_view network = label(pods.labels, kNetworkLabel);
    found_.push_back({.workload = &pods,
                      .home = peer.facts,
                      .object = &by,
                      .address = {},
                      .network = network.empty() ? std::string_view(peer.facts->network) : network,
                      .locality = peer.facts->locality,
                      .account = pods.account,
                      .labels = &pods.labels,
                      .ns = pods.ns,
                      .weight = static_cast<double>(pods.replicas),
                      .port = port.target,
                      .tls = pods.sidecar});
  }

  void add_slices(const Peer& peer, const Port& wanted) {
    const auto slices = peer.slices.find(host_);
    if (slices == peer.slices.end()) return;
    for (const EndpointSlice* slice : slices->second) add_slice(peer, *slice, wanted);
  }

  void add_slice(const Peer& peer, const EndpointSlice& slice, const Port& wanted) {
    const auto port = slice.ports.find(wanted.name);
    if (port == slice.ports.end()) return;
    for (const std::string& address : slice.addresses) {
      found_.push_back({.home = peer.facts,
                        .object = &slice,
                        .address = address,
                        .network = {},
                        .locality = {},
                        .account = {},
                        .labels = &kNoLabels,
                        .ns = slice.ns,
                        .weight = 1,
                        .port = port->second,
                        .tls = false});
    }
  }

  /// getTLSModeFromWorkloadEntry: by the label, else by the account.
  static bool has_tls(const EndpointSpec& endpoint) {
    const std::string_view mode = label(endpoint.labels, kTlsModeLabel);
    return mode.empty() ? !endpoint.account.empty() : mode == "istio";
  }

  void add(const EndpointSpec& endpoint, const Object* object, const ClusterFacts& home, const Port& port) {
    found_.push_back({.home = &home,
                      .object = object,
                      .address = endpoint.address,
                      .network = endpoint.network,
                      .locality = endpoint.locality,
                      .account = endpoint.account,
                      .labels = &endpoint.labels,
                      .ns = object->ns,
                      .weight = static_cast<double>(std::max<std::int64_t>(endpoint.weight, 1)),
                      .port = target_of(port, endpoint.ports),
                      .tls = has_tls(endpoint)});
  }

  const Cluster& cluster_;
  std::string_view host_;
  std::vector<Endpoint> found_;
};

}  // namespace

std::string spiffe_id(std::string_view domain, std::string_view ns, std::string_view account) {
  return base::concat({"spiffe://", domain, "/ns/", ns, "/sa/", account});
}

std::vector<Endpoint> endpoints_of(const Cluster& cluster, const Service& service, std::string_view host,
                                   const Port& port) {
  // All objects of the host in one namespace are one to istiod's index of endpoints, which knows ports by their names.
  Gatherer gatherer(cluster, host);
  const auto known = cluster.services.find(host);
  if (known == cluster.services.end()) return {};
  for (const Service* one : known->second) {
    if (one->ns == service.ns) gatherer.add(*one, port.name);
  }
  return std::move(gatherer).take();
}

std::vector<std::string> identities_of(const Cluster& cluster, const Service& service, std::vector<std::string> known) {
  known.insert(known.end(), service.sans.begin(), service.sans.end());
  return with_aliases(cluster.facts, std::move(known));
}

Effective effective_policy(const Rule& rule, std::int64_t port, std::string_view subset) {
  Effective effective;
  const auto take = [&](const TrafficPolicy* policy) {
    if (!policy) return;
    if (policy->tls) effective.tls = &*policy->tls;
    if (policy->locality) effective.locality = &*policy->locality;
    effective.outlier = effective.outlier || policy->outlier;
  };
  take(rule.policy(port));
  effective.checked_tls = effective.tls;
  if (const TrafficPolicy* whole = effective.tls ? nullptr : rule.policy(0); whole && whole->tls)
    effective.checked_tls = &*whole->tls;
  const Subset* chosen = subset.empty() ? nullptr : rule.subset(subset);
  if (chosen && chosen->policy) take(&*chosen->policy);
  if (chosen && chosen->policy && chosen->policy->tls) effective.checked_tls = effective.tls;
  return effective;
}

}  // namespace meshfed::interpret
