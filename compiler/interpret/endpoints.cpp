#include "interpret/endpoints.hpp"

#include <algorithm>

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
  Gatherer(const Cluster& cluster, const Service& service, const Port& port)
      : cluster_(cluster), service_(service), port_(port) {}

  std::vector<Endpoint> take() && { return std::move(found_); }

  void add_pods() {
    for (const Workload* pods : cluster_.workloads.selected(service_.ns, service_.selector, labels_of_pods)) {
      if (pods->replicas <= 0) continue;
      const std::string_view network = label(pods->labels, kNetworkLabel);
      found_.push_back({.workload = pods,
                        .object = &service_,
                        .address = {},
                        .network = network.empty() ? std::string_view(cluster_.facts.network) : network,
                        .locality = cluster_.facts.locality,
                        .account = pods->account,
                        .labels = &pods->labels,
                        .ns = pods->ns,
                        .weight = static_cast<double>(pods->replicas),
                        .port = port_.target,
                        .tls = pods->sidecar});
    }
  }

  /// A Service takes entries as well, unless it is headless (serviceInstancesFromWorkloadInstances).
  void add_entries() {
    for (const WorkloadEntry* entry : cluster_.entries.selected(service_.ns, service_.selector, labels_of_entry)) {
      // An entry whose address is a name is for ServiceEntries alone, which resolve it.
      const bool named = !service_.entry && !port_.target_name.empty();
      if (named && !entry->endpoint.ports.contains(port_.target_name)) continue;
      add(entry->endpoint, entry);
    }
  }

  void add_inline() {
    for (const EndpointSpec& endpoint : service_.endpoints) add(endpoint, &service_);
  }

  void add_slice(const EndpointSlice& slice) {
    const auto port = slice.ports.find(port_.name);
    if (port == slice.ports.end()) return;
    for (const std::string& address : slice.addresses) {
      found_.push_back({.workload = nullptr,
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

 private:
  static const Labels& labels_of_pods(const Workload& workload) { return workload.labels; }
  static const Labels& labels_of_entry(const WorkloadEntry& entry) { return entry.endpoint.labels; }

  /// getTLSModeFromWorkloadEntry: by the label, else by the account.
  static bool has_tls(const EndpointSpec& endpoint) {
    const std::string_view mode = label(endpoint.labels, kTlsModeLabel);
    return mode.empty() ? !endpoint.account.empty() : mode == "istio";
  }

  void add(const EndpointSpec& endpoint, const Object* object) {
    found_.push_back({.workload = nullptr,
                      .object = object,
                      .address = endpoint.address,
                      .network = endpoint.network,
                      .locality = endpoint.locality,
                      .account = endpoint.account,
                      .labels = &endpoint.labels,
                      .ns = object->ns,
                      .weight = static_cast<double>(std::max<std::int64_t>(endpoint.weight, 1)),
                      .port = target_of(port_, endpoint.ports),
                      .tls = has_tls(endpoint)});
  }

  const Cluster& cluster_;
  const Service& service_;
  const Port& port_;
  std::vector<Endpoint> found_;
};

}  // namespace

std::string spiffe_id(std::string_view domain, std::string_view ns, std::string_view account) {
  std::string id = "spiffe://";
  return id.append(domain).append("/ns/").append(ns).append("/sa/").append(account);
}

std::vector<Endpoint> endpoints_of(const Cluster& cluster, const Service& service, std::string_view host,
                                   const Port& port) {
  Gatherer gatherer(cluster, service, port);
  if (!service.selector.empty()) {
    gatherer.add_pods();
    if (service.entry || !service.headless) gatherer.add_entries();
  }
  gatherer.add_inline();
  if (!service.entry && service.selector.empty()) {
    if (const auto slices = cluster.slices.find(std::string(host)); slices != cluster.slices.end()) {
      for (const EndpointSlice* slice : slices->second) gatherer.add_slice(*slice);
    }
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
  const Subset* chosen = subset.empty() ? nullptr : rule.subset(subset);
  if (chosen && chosen->policy) take(&*chosen->policy);
  return effective;
}

}  // namespace meshfed::interpret
