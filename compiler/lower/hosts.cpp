// Hosts: what clients call. Which objects a cluster gets follows from its role: it has local workloads, remote sources,
// or both.
#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

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
  bool alias;                      // a further host, beside the export's own
  bool local;                      // the cluster has workloads of it
  bool selects;                    // pods: its own, or those that its istiod finds in other clusters
  bool beside;                     // among these are some on its own network, and none are its own
  std::vector<NetworkId> sources;  // remote ones that are dialled, reachable now
  model::ReadNetworks read;        // remote ones where istiod finds the pods

  bool remote() const { return !sources.empty() || read.count > 0; }
  /// Between how many places a call is decided: the pods of its own network, and each other network.
  std::size_t places() const { return (local || beside ? 1U : 0U) + sources.size() + read.count; }
};

Host host_of(const Context& context, const NamedHost& named) {
  const ExportId id = named.exported;
  return {.id = id,
          .exported = context.resolved.exported(id),
          .name = *named.name,
          .ns = context.resolved.host_namespace(context.id, id),
          .alias = *named.name != context.resolved.exports[id].host,
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

int weight_of(const Context& context, const Host& host, const std::string& network) {
  return model::weight_of(*context.resolved.weight(context.id, host.id), network);
}

/// What identities consist of, the same for many clusters.
using Servers = std::tuple<const std::string*, const std::string*, const model::Names*>;

Servers servers_of(const Context& context, model::ClusterId cluster, ExportId exported) {
  return {&*context.resolved.mesh_of(cluster).trust_domain, &*context.resolved.workload_namespace(cluster, exported),
          &context.resolved.service_accounts(cluster, exported)};
}

/// The identities that may serve the host: those of each cluster whose pods answer this one, with the namespace and the
/// accounts that it has there.
std::vector<std::string> subject_alt_names(const Context& context, const Host& host) {
  if (!host.remote() && !host.beside) return {};
  const model::MeshId own = context.resolved.clusters[context.id].mesh;
  const bool reads = host.selects && *context.resolved.mesh_of(context.id).remote_secrets;
  std::vector<Servers> servers;
  const model::ExportInfo& exported = context.resolved.exports[host.id];
  for (const std::vector<model::ClusterId>* clusters : {&exported.from, &exported.merge}) {
    for (const model::ClusterId cluster : *clusters) {
      const model::ClusterInfo& info = context.resolved.clusters[cluster];
      const bool dialled =
          base::contains(host.sources, info.network) && context.resolved.answers_others(cluster, host.id);
      if (dialled || (reads && info.mesh == own)) servers.push_back(servers_of(context, cluster, host.id));
    }
  }
  if (host.local) servers.push_back(servers_of(context, context.id, host.id));
  base::sort_unique(servers);
  std::vector<std::string> names;
  for (const auto& [domain, ns, accounts] : servers) {
    for (const model::Name& account : **accounts) names.push_back(model::spiffe_id(*domain, *ns, *account));
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

std::vector<k8s::ServiceEntry::Port> entry_ports(const Context& context, const Host& host) {
  std::vector<k8s::ServiceEntry::Port> ports;
  for (const model::Port& port : *host.exported.ports) {
    const model::ClusterId pods = context.resolved.pods_of(context.id, host.id);
    const int target = host.selects ? context.resolved.target_number(pods, host.id, port) : model::target_of(port);
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

/// Where a remote network is. A share is of a locality, so what is shared out has one for each network.
std::string locality_of(const Context& context, const Host& host, NetworkId source) {
  if (context.resolved.share(context.id, host.id).given()) return *context.resolved.network(source).name;
  return context.resolved.locality(host.id, source);
}

std::vector<k8s::ServiceEntry::Endpoint> inline_endpoints(const Context& context, const Host& host) {
  std::vector<k8s::ServiceEntry::Endpoint> endpoints;
  for (const NetworkId source : host.sources) {
    const std::string& network = *context.resolved.network(source).name;
    endpoints.push_back({.network = network,
                         .locality = locality_of(context, host, source),
                         .weight = weight_of(context, host, network),
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
          .addresses = host.alias ? std::vector<std::string>() : virtual_addresses(host.exported),
          .location = k8s::ServiceEntry::Location::MeshInternal,
          .ports = entry_ports(context, host),
          .resolution = k8s::ServiceEntry::Resolution::Static,
          .subject_alt_names = subject_alt_names(context, host),
          .workload_selector = host.selects ? workload_labels(context, host.id) : k8s::StringMap{},
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
          .locality = locality_of(context, host, source),
          .weight = weight_of(context, host, network),
          .service_account = account};
}

/// Where a call can end at more than one endpoint: one that dies is then left out, and the others take its calls.
bool has_a_choice(const Context& context, const Host& host) {
  if (host.places() != 1) return host.places() > 1;
  if (!host.sources.empty()) return base::contains(context.several, host.sources.front());
  return host.read.count == 1 && context.resolved.dials_several_addresses(context.id, host.read.first);
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

/// One rule for every client, wherever its pod is. A network that has no locality in `to` gets no calls at all.
k8s::DestinationRule::LocalityLb distribution(const Context& context, const model::Numbers& share) {
  k8s::DestinationRule::Distribute distribute{.from = "*", .to = {}};
  for (const auto& [name, percent] : *share) {
    const bool local = *name == model::kLocalShare;
    distribute.to[local ? std::string(model::region_of(context.cluster())) : *name] = *percent;
  }
  return {.enabled = true, .distribute = std::move(distribute)};
}

k8s::DestinationRule::LocalityLb locality_lb(const Context& context, const Host& host) {
  const model::Numbers& share = context.resolved.share(context.id, host.id);
  return share.given() ? distribution(context, share) : locality_lb(*host.exported.prefer);
}

/// What is said of endpoints is said only where there is a choice of them.
k8s::DestinationRule destination_rule(const Context& context, const Host& host) {
  const bool choice = has_a_choice(context, host);
  return {.meta = context.meta(host.name, host.ns),
          .host = host.name,
          .export_to = {kEverywhere},  // whoever does not see the host has no use for its rule
          .locality_lb = choice ? std::optional(locality_lb(context, host)) : std::nullopt,
          .connection_pool = connection_pool(context.resolved.connection_pool(context.id, host.id)),
          .outlier_detection = choice ? outlier_detection(context.resolved.outlier(context.id, host.id)) : std::nullopt,
          .ports = router_names(context, host.id, host.name)};
}

/// A Service of ours: it selects a label that only our WorkloadEntries carry.
k8s::Service imported_service(const Context& context, const Host& host) {
  k8s::Meta meta = context.meta(model::service_name(host.exported), host.ns);
  meta.annotations["networking.istio.io/exportTo"] = base::join(export_to(context, host), ",");
  return {.meta = std::move(meta),
          .selector = {{std::string(model::kExportLabel), *host.exported.name}},
          .ports = service_ports(host.exported)};
}

/// Where there is something to say of calls: what is behind a router is called by names that only a rule can say. Not
/// where the host's team has a rule of its own.
bool has_a_rule(const Context& context, const Host& host) {
  const bool limited = context.resolved.connection_pool(context.id, host.id).given();
  const bool said = (limited || context.resolved.exports[host.id].routed) && (host.remote() || host.beside);
  return *host.exported.destination_rule && (said || has_a_choice(context, host));
}

std::vector<k8s::Resource> global_host(const Context& context, const Host& host) {
  std::vector<k8s::Resource> resources;
  if (!host.selects && host.sources.empty()) return resources;
  resources.emplace_back(service_entry(context, host));
  if (host.selects && !host.alias) {  // an alias selects the entries of the export's own host, with its pods
    for (const NetworkId source : host.sources) {
      resources.emplace_back(workload_entry(context, host, source, workload_labels(context, host.id), ""));
    }
  }
  if (has_a_rule(context, host)) resources.emplace_back(destination_rule(context, host));
  return resources;
}

/// The account of a source network, the same in all its clusters; empty if none is named.
std::string account_at(const Context& context, const Host& host, NetworkId source) {
  for (const model::ClusterId cluster : context.resolved.networks[source].clusters) {
    if (!context.resolved.serves(cluster, host.id)) continue;
    const model::Names& accounts = context.resolved.service_accounts(cluster, host.id);
    return accounts->empty() ? "" : *accounts->front();
  }
  return "";
}

/// The Service is the application's where it has workloads, and ours where it is only imported.
std::vector<k8s::Resource> service_host(const Context& context, const Host& host) {
  std::vector<k8s::Resource> resources;
  const bool ours = !host.local;
  if (ours && (host.remote() || host.beside)) resources.emplace_back(imported_service(context, host));
  k8s::StringMap labels = ours ? k8s::StringMap{{std::string(model::kExportLabel), *host.exported.name}}
                               : workload_labels(context, host.id);
  // An alias beside it selects pods, and with them these entries.
  if (ours && host.selects && context.resolved.has_aliases(context.id, host.id))
    labels.merge(workload_labels(context, host.id));
  for (const NetworkId source : host.sources) {
    resources.emplace_back(workload_entry(context, host, source, labels, account_at(context, host, source)));
  }
  if (has_a_rule(context, host)) resources.emplace_back(destination_rule(context, host));
  return resources;
}

std::vector<k8s::Resource> host_objects(const Context& context, const Host& host) {
  const bool global = host.alias || context.resolved.exports[host.id].naming == model::Naming::global;
  std::vector<k8s::Resource> resources = global ? global_host(context, host) : service_host(context, host);
  if (host.local && !host.alias) {
    for (k8s::Resource& policy : caller_policy(context, host.id)) resources.push_back(std::move(policy));
  }
  return resources;
}

void add_outlier(const model::Outlier& outlier, std::string& name) {
  fmt::format_to(std::back_inserter(name), " {} {} {} {} {} {}", outlier.on, *outlier.errors,
                 model::word(*outlier.count), outlier.interval->count(), outlier.ejection->count(),
                 *outlier.max_percent);
}

/// All that the objects of a host depend on where it is only imported. Empty for any other: local workloads, callers
/// and the mesh's own trust domain make those files the cluster's own.
std::string shared_name(const Context& context, const Host& host) {
  if (host.selects || host.sources.empty()) return {};
  const bool choice = has_a_choice(context, host);
  std::string name = fmt::format("{} {} {} {}", host.id, host.ns, host.name, choice ? "choice" : "one");
  if (choice) add_outlier(context.resolved.outlier(context.id, host.id), name);
  for (const NetworkId source : host.sources) name.append(" ").append(std::to_string(source));
  const auto add = [&](const model::Place* place) {
    if (place) fmt::format_to(std::back_inserter(name), " {}", *place->name);
    name += ';';
  };
  add(context.resolved.place_of(context.id, host.id, &model::Place::weight));
  add(context.resolved.place_of(context.id, host.id, &model::Place::share));
  add(context.resolved.place_of(context.id, host.id, &model::Place::connection_pool));
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

void add_hosts(const Context& context, const Known& known, k8s::ClusterPlan& plan) {
  const bool by_host = *context.settings().files == model::Files::host;
  std::map<std::string, std::vector<k8s::Resource>> by_namespace;
  for (const NamedHost& named : hosts_in_order(context)) {
    const Host host = host_of(context, named);
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
