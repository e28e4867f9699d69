// Hosts: what clients call. Which objects a cluster gets follows from its role: it has local workloads, remote sources,
// or both.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/sorted.hpp"
#include "base/text.hpp"
#include "lower/context.hpp"
#include "model/address.hpp"

namespace meshfed::lower {
namespace {

using model::ExportId;
using model::NetworkId;

/// One host as this cluster sees it.
struct Host {
  ExportId id;
  const model::Export& exported;
  const std::string& name;
  const std::string& ns;
  bool local;                      // the cluster has workloads of it
  bool selects;                    // pods: its own, or those that its istiod finds in other clusters
  bool beside;                     // among these are some on its own network, and none are its own
  std::vector<NetworkId> sources;  // remote ones that are dialled, reachable now
  model::ReadNetworks read;        // remote ones where istiod finds the pods

  bool remote() const { return !sources.empty() || read.count > 0; }
  /// Between how many places a call is decided: the pods of its own network, and each other network.
  std::size_t places() const { return (local || beside ? 1U : 0U) + sources.size() + read.count; }
};

Host host_of(const Context& context, ExportId id) {
  return {.id = id,
          .exported = context.resolved.exported(id),
          .name = context.resolved.exports[id].host,
          .ns = context.resolved.host_namespace(context.id, id),
          .local = context.resolved.has_workloads(context.id, id),
          .selects = context.resolved.selects_pods(context.id, id),
          .beside = context.resolved.reads_beside(context.id, id),
          .sources = context.resolved.live_sources(context.id, id),
          .read = context.resolved.read_networks(context.id, id)};
}

std::string upper(std::string_view word) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(), base::to_upper);
  return text;
}

int weight_of(const model::Export& exported, const std::string& network) {
  const auto& networks = exported.weight->networks;
  const auto found = std::lower_bound(networks.begin(), networks.end(), network,
                                      [](const auto& entry, const std::string& name) { return *entry.first < name; });
  return *(found != networks.end() && *found->first == network ? found->second : exported.weight->fallback);
}

/// The identities that may serve the host: every account in every trust domain that serves it for this cluster.
std::vector<std::string> subject_alt_names(const Context& context, const Host& host) {
  if ((!host.remote() && !host.beside) || !host.exported.service_accounts.given()) return {};
  std::vector<std::string> domains;
  for (const NetworkId source : host.sources)
    domains.push_back(*context.resolved.mesh(context.resolved.networks[source].mesh).trust_domain);
  if (host.selects) domains.push_back(*context.resolved.mesh_of(context.id).trust_domain);
  std::vector<std::string> names;
  for (const std::string& domain : domains) {
    for (const model::Name& account : *host.exported.service_accounts) {
      names.push_back(model::spiffe_id(domain, *host.exported.namespace_, *account));
    }
  }
  base::sort_unique(names);
  return names;
}

/// All namespaces, said: the mesh may have another default.
constexpr const char* kEverywhere = "*";

/// `visible_to`, for a cluster that imports; its own gateway must see the host too where it serves it.
std::vector<std::string> export_to(const Context& context, const Host& host) {
  const bool imported = context.resolved.consumes(context.id, host.id) && (host.remote() || host.beside);
  if (!host.exported.visible_to.given() || !imported) return {kEverywhere};
  std::vector<std::string> namespaces;
  for (const model::Name& ns : *host.exported.visible_to) namespaces.push_back(*ns);
  if (context.resolved.serves(context.id, host.id))
    namespaces.push_back(context.resolved.gateway_namespace(context.id));
  base::sort_unique(namespaces);
  return namespaces;
}

std::vector<k8s::ServiceEntry::Port> entry_ports(const model::Export& exported) {
  std::vector<k8s::ServiceEntry::Port> ports;
  for (const model::Port& port : *exported.ports) {
    const int target = model::target_of(port);
    ports.push_back({.name = *port.name,
                     .number = *port.number,
                     .protocol = upper(model::word(*model::protocol_of(port))),
                     .target_port = target == *port.number ? std::nullopt : std::optional<std::int64_t>(target)});
  }
  std::sort(ports.begin(), ports.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return ports;
}

std::vector<k8s::Service::Port> service_ports(const model::Export& exported) {
  std::vector<k8s::Service::Port> ports;
  for (const model::Port& port : *exported.ports) {
    ports.push_back({.name = *port.name,
                     .port = *port.number,
                     .target_port = model::target_of(port),
                     .app_protocol = std::string(model::word(*model::protocol_of(port)))});
  }
  std::sort(ports.begin(), ports.end(), [](const auto& a, const auto& b) { return a.port < b.port; });
  return ports;
}

std::vector<std::string> virtual_addresses(const model::Export& exported) {
  std::vector<std::string> addresses;
  for (const model::Name& address : *exported.vip) addresses.push_back(model::canonical_address(*address));
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

std::vector<k8s::ServiceEntry::Endpoint> inline_endpoints(const Context& context, const Host& host) {
  std::vector<k8s::ServiceEntry::Endpoint> endpoints;
  for (const NetworkId source : host.sources) {
    const std::string& network = *context.resolved.network(source).name;
    endpoints.push_back({.network = network,
                         .locality = context.resolved.locality(host.id, source),
                         .weight = weight_of(host.exported, network),
                         .labels = {{std::string(model::kTlsModeLabel), "istio"}}});
  }
  return endpoints;
}

/// Workloads that istiod sees are selected; who only dials others gets endpoints in the entry itself, which no ordinary
/// Service can swallow.
k8s::ServiceEntry service_entry(const Context& context, const Host& host) {
  return {.meta = context.meta(host.name, host.ns),
          .hosts = {host.name},
          .export_to = export_to(context, host),
          .addresses = virtual_addresses(host.exported),
          .location = k8s::ServiceEntry::Location::MeshInternal,
          .ports = entry_ports(host.exported),
          .resolution = k8s::ServiceEntry::Resolution::Static,
          .subject_alt_names = subject_alt_names(context, host),
          .workload_selector = host.selects ? workload_labels(host.exported) : k8s::StringMap{},
          .endpoints = host.selects ? std::vector<k8s::ServiceEntry::Endpoint>{} : inline_endpoints(context, host)};
}

/// A remote network among the workloads that `labels` select. `account` is for Services, which cannot list identities
/// themselves.
k8s::WorkloadEntry workload_entry(const Context& context, const Host& host, NetworkId source,
                                  const k8s::StringMap& labels, const std::string& account) {
  const std::string& network = *context.resolved.network(source).name;
  k8s::Meta meta = context.meta(model::workload_entry_name(network, host.name), host.ns);
  meta.labels[std::string(model::kTlsModeLabel)] = "istio";
  for (const auto& [key, value] : labels) meta.labels[key] = value;  // a selector's own labels decide what is selected
  return {.meta = std::move(meta),
          .network = network,
          .locality = context.resolved.locality(host.id, source),
          .weight = weight_of(host.exported, network),
          .service_account = account};
}

k8s::DestinationRule::LocalityLb locality_lb(model::Prefer prefer) {
  switch (prefer) {
    case model::Prefer::spread:
      break;
    case model::Prefer::local:
      return {.enabled = true, .failover_priority = {std::string(model::kNetworkLabel)}};
    case model::Prefer::nearest:
      return {.enabled = true};
  }
  return {.enabled = false};  // left out, the mesh's default would keep calls in the caller's zone
}

k8s::DestinationRule destination_rule(const Context& context, const Host& host) {
  return {.meta = context.meta(host.name, host.ns),
          .host = host.name,
          .export_to = {kEverywhere},  // whoever does not see the host has no use for its rule
          .locality_lb = locality_lb(*host.exported.prefer),
          .outlier_detection = outlier_detection()};
}

/// A Service of ours: it selects a label that only our WorkloadEntries carry.
k8s::Service imported_service(const Context& context, const Host& host) {
  k8s::Meta meta = context.meta(model::service_name(host.exported), host.ns);
  meta.annotations["networking.istio.io/exportTo"] = base::join(export_to(context, host), ",");
  return {.meta = std::move(meta),
          .selector = {{std::string(model::kExportLabel), *host.exported.name}},
          .ports = service_ports(host.exported)};
}

/// Where a call can end at more than one endpoint: one that dies is then left out, and the others take its calls. Not
/// where the host's team has a rule of its own.
bool has_a_rule(const Context& context, const Host& host) {
  if (!*host.exported.destination_rule) return false;
  if (host.places() != 1) return host.places() > 1;
  if (!host.sources.empty()) return base::contains(context.several, host.sources.front());
  return host.read.count == 1 && context.resolved.dials_several_addresses(context.id, host.read.first);
}

std::vector<k8s::Resource> global_host(const Context& context, const Host& host) {
  std::vector<k8s::Resource> resources;
  if (!host.selects && host.sources.empty()) return resources;
  resources.emplace_back(service_entry(context, host));
  if (host.selects) {
    for (const NetworkId source : host.sources) {
      resources.emplace_back(workload_entry(context, host, source, workload_labels(host.exported), ""));
    }
  }
  if (has_a_rule(context, host)) resources.emplace_back(destination_rule(context, host));
  return resources;
}

/// The Service is the application's where it has workloads, and ours where it is only imported.
std::vector<k8s::Resource> service_host(const Context& context, const Host& host) {
  std::vector<k8s::Resource> resources;
  const bool ours = !host.local;
  if (ours && (host.remote() || host.beside)) resources.emplace_back(imported_service(context, host));
  const auto& accounts = *host.exported.service_accounts;
  const std::string account = accounts.empty() ? "" : *accounts.front();
  const k8s::StringMap labels =
      ours ? k8s::StringMap{{std::string(model::kExportLabel), *host.exported.name}} : workload_labels(host.exported);
  for (const NetworkId source : host.sources) {
    resources.emplace_back(workload_entry(context, host, source, labels, account));
  }
  if (has_a_rule(context, host)) resources.emplace_back(destination_rule(context, host));
  return resources;
}

std::vector<k8s::Resource> host_objects(const Context& context, const Host& host) {
  std::vector<k8s::Resource> resources = context.resolved.exports[host.id].naming == model::Naming::global
                                             ? global_host(context, host)
                                             : service_host(context, host);
  if (host.local) {
    for (k8s::Resource& policy : caller_policy(context, host.id)) resources.push_back(std::move(policy));
  }
  return resources;
}

/// All that the objects of a host depend on where it is only imported. Empty for any other: local workloads, callers
/// and the mesh's own trust domain make those files the cluster's own.
std::string shared_name(const Context& context, const Host& host) {
  if (host.selects || host.sources.empty()) return {};
  std::string name = fmt::format("{} {} {}", host.id, host.ns, has_a_rule(context, host) ? "rule" : "none");
  for (const NetworkId source : host.sources) fmt::format_to(std::back_inserter(name), " {}", source);
  return name;
}

void add_host_file(const Context& context, const Host& host, const Known& known, k8s::ClusterPlan& plan) {
  k8s::File file{.path = in_namespace(host.ns, host.name), .resources = {}, .shared = shared_name(context, host)};
  if (file.shared.empty() || !known(file.shared)) {
    file.resources = host_objects(context, host);
    if (file.resources.empty()) return;
  }
  plan.files.push_back(std::move(file));
}

}  // namespace

k8s::DestinationRule::OutlierDetection outlier_detection() {
  return {.consecutive_5xx_errors = 5,
          .interval = std::chrono::seconds(10),
          .base_ejection_time = std::chrono::seconds(30),
          .max_ejection_percent = 100};
}

void add_hosts(const Context& context, const Known& known, k8s::ClusterPlan& plan) {
  const model::ResolvedFederation& resolved = context.resolved;
  const bool by_host = *context.settings().files == model::Files::host;
  std::vector<ExportId> exports = resolved.clusters[context.id].hosts;
  std::sort(exports.begin(), exports.end(),
            [&](auto a, auto b) { return resolved.exports[a].host < resolved.exports[b].host; });
  std::map<std::string, std::vector<k8s::Resource>> by_namespace;
  for (const ExportId id : exports) {
    const Host host = host_of(context, id);
    if (by_host) {
      add_host_file(context, host, known, plan);
    } else {
      std::vector<k8s::Resource> resources = host_objects(context, host);
      std::vector<k8s::Resource>& all = by_namespace[host.ns];
      std::move(resources.begin(), resources.end(), std::back_inserter(all));
    }
  }
  for (auto& [ns, resources] : by_namespace) {
    if (!resources.empty()) plan.files.push_back({in_namespace(ns, "hosts"), std::move(resources)});
  }
}

}  // namespace meshfed::lower
