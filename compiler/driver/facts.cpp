#include "driver/facts.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "base/sorted.hpp"
#include "interpret/index.hpp"
#include "model/address.hpp"
#include "model/naming.hpp"
#include "yaml/literal.hpp"

namespace meshfed::driver {
namespace {

using interpret::ClusterFacts;
using interpret::Door;
using interpret::Labels;
using interpret::Workload;
using model::ClusterId;
using model::ExportId;
using model::ResolvedFederation;

constexpr std::string_view kNoAccount = "default";

/// What the injector reads a pod's canonical name from (pkg/kube/inject), in this order.
constexpr std::string_view kNameLabels[] = {model::kCanonicalNameLabel, "app.kubernetes.io/name", "app"};

Labels string_labels(const model::Labels& labels) {
  Labels pairs;
  for (const auto& [key, value] : *labels) interpret::set_label(pairs, *key, *value);
  return pairs;
}

/// What selects the export's pods in a cluster; of a Service that nobody selects for us, a label of its own.
Labels selector_of(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  const model::Selectors declared = resolved.selectors(cluster, id);
  if (declared.canonical_name.given()) return {{std::string(model::kCanonicalNameLabel), *declared.canonical_name}};
  if (declared.selector.given()) return string_labels(declared.selector);
  return {{"app", model::service_name(resolved.exported(id))}};
}

/// The labels of a pod that the selector selects: with those that the injector adds.
Labels pod_labels(const Labels& selector) {
  Labels labels = selector;
  for (const std::string_view key : kNameLabels) {
    const std::string name(interpret::label(selector, key));
    if (name.empty()) continue;
    interpret::set_label(labels, model::kCanonicalNameLabel, name);
    break;
  }
  interpret::set_label(labels, model::kTlsModeLabel, "istio");
  return labels;
}

std::int64_t minor_of(model::Istio version) {
  const std::string_view word = model::word(version);
  std::int64_t minor = 0;
  std::from_chars(word.data() + word.find('.') + 1, word.data() + word.size(), minor);
  return minor;
}

/// The pods that the exports of a cluster select there: one for each set of labels that is asked for.
class Pods {
 public:
  Pods(const ResolvedFederation& resolved, ClusterId cluster) : resolved_(resolved), cluster_(cluster) {}

  std::vector<Workload> take() && {
    for (const ExportId id : local()) add(id);
    listen();
    return std::move(pods_);
  }

 private:
  std::vector<ExportId> local() const {
    std::vector<ExportId> found;
    for (const ExportId id : resolved_.clusters[cluster_].hosts) {
      if (resolved_.has_workloads(cluster_, id)) found.push_back(id);
    }
    return found;
  }

  const std::string& ns_of(ExportId id) const { return *resolved_.workload_namespace(cluster_, id); }

  void add(ExportId id) {
    Labels labels = pod_labels(selector_of(resolved_, cluster_, id));
    if (!known_.emplace(ns_of(id), labels).second) return;
    const auto& accounts = *resolved_.service_accounts(cluster_, id);
    pods_.push_back({.ns = ns_of(id),
                     .name = *resolved_.exported(id).name,
                     .labels = std::move(labels),
                     .account = accounts.empty() ? std::string(kNoAccount) : *accounts.front(),
                     .ports = {}});
  }

  /// Pods listen on the ports of every export that selects them.
  void listen() {
    interpret::LabelledIndex<Workload> index;
    for (const Workload& pods : pods_) index.add(pods.ns, pods.labels, &pods);
    const auto labels_of = [](const Workload& pods) -> const Labels& { return pods.labels; };
    for (const ExportId id : local()) {
      const model::Export& exported = resolved_.exported(id);
      for (const Workload* found : index.selected(ns_of(id), selector_of(resolved_, cluster_, id), labels_of)) {
        Workload& pods = pods_[static_cast<std::size_t>(found - pods_.data())];
        for (const model::Port& port : *exported.ports)
          pods.ports.push_back(resolved_.target_number(cluster_, id, port));
      }
    }
    for (Workload& pods : pods_) base::sort_unique(pods.ports);
  }

  const ResolvedFederation& resolved_;
  ClusterId cluster_;
  std::vector<Workload> pods_;
  std::set<std::pair<std::string, Labels>> known_;
};

/// The application's own Service, where an export with naming "service" has workloads.
yaml::Value application_service(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  using yaml::List;
  using yaml::Map;
  const model::Export& exported = resolved.exported(id);
  Map selector;
  for (const auto& [key, value] : selector_of(resolved, cluster, id)) selector.add(key, value);
  List ports = yaml::each(*exported.ports, [&](const model::Port& port) -> Map {
    return {{"name", *port.name},
            {"port", *port.number},
            {"targetPort", resolved.target_number(cluster, id, port)},
            {"appProtocol", std::string(model::word(*model::protocol_of(port)))}};
  });
  return Map{{"apiVersion", "v1"},
             {"kind", "Service"},
             {"metadata",
              Map{{"name", model::service_name(exported)}, {"namespace", *resolved.workload_namespace(cluster, id)}}},
             {"spec", Map{{"selector", std::move(selector)}, {"ports", std::move(ports)}}}};
}

/// The name of the pods of an existing gateway, which is that of its Service.
const std::string& existing_name(const model::Gateway& gateway) {
  const bool routed = *gateway.router && !(*(*gateway.router)->service).empty();
  return routed ? *(*gateway.router)->service : *gateway.name;
}

yaml::Map string_map(const Labels& labels) {
  yaml::Map map;
  for (const auto& [key, value] : labels) map.add(key, value);
  return map;
}

/// What an existing gateway's installation has: its Service, with the network's label where the pods have the view.
yaml::Value existing_service(const ResolvedFederation& resolved, ClusterId id, const model::Gateway& gateway) {
  using yaml::List;
  using yaml::Map;
  Map labels;
  if (*gateway.view)
    labels.add(std::string(interpret::kNetworkLabel), *resolved.network(resolved.clusters[id].network).name);
  Map status;
  if (!*gateway.pending && model::service_type_of(gateway) == model::ServiceType::load_balancer) {
    List ingress;
    for (const model::Name& address : *model::own_addresses(gateway)) {
      const bool ip = model::is_ip(*address);
      ingress.add(Map{{ip ? "ip" : "hostname", *address}});
    }
    status.add("loadBalancer", Map{{"ingress", std::move(ingress)}});
  }
  return Map{{"apiVersion", "v1"},
             {"kind", "Service"},
             {"metadata",
              Map{{"name", existing_name(gateway)}, {"namespace", resolved.gateway_namespace(id)}, {"labels", labels}}},
             {"spec", Map{{"selector", string_map(string_labels(gateway.selector))},
                          {"ports", List{Map{{"name", "tls"}, {"port", model::kCrossNetworkPort}}}}}},
             {"status", std::move(status)}};
}

/// The Service of an egress gateway that is there already, by which clients' proxies reach it.
yaml::Value existing_egress_service(const std::string& ns, const model::EgressGateway& egress) {
  using yaml::List;
  using yaml::Map;
  List ports = yaml::each(*egress.ports, [](const model::Value<int>& port) -> Map {
    return {{"name", "tls-" + std::to_string(*port)}, {"port", *port}};
  });
  return Map{{"apiVersion", "v1"},
             {"kind", "Service"},
             {"metadata", Map{{"name", model::egress_service_name(egress)}, {"namespace", ns}}},
             {"spec", Map{{"selector", string_map(string_labels(egress.selector))}, {"ports", std::move(ports)}}}};
}

/// What other Gateways pass on an existing gateway.
yaml::Value passing_gateway(const ResolvedFederation& resolved, ClusterId id, const model::Gateway& gateway) {
  using yaml::List;
  using yaml::Map;
  List hosts;
  for (const model::Name& host : *gateway.passes) hosts.add(*host);
  return Map{{"apiVersion", "networking.istio.io/v1"},
             {"kind", "Gateway"},
             {"metadata", Map{{"name", "cross-network-gateway"}, {"namespace", resolved.gateway_namespace(id)}}},
             {"spec", Map{{"selector", string_map(string_labels(gateway.selector))},
                          {"servers", List{Map{{"port", Map{{"number", model::kCrossNetworkPort}, {"protocol", "TLS"}}},
                                               {"hosts", std::move(hosts)},
                                               {"tls", Map{{"mode", "AUTO_PASSTHROUGH"}}}}}}}}};
}

void add_gateway(const ResolvedFederation& resolved, ClusterId id, ClusterFacts& cluster) {
  const auto& gateway = *resolved.cluster(id).gateway;
  if (!gateway) return;
  if (*gateway->deploy) {
    if (*gateway->pending || model::service_type_of(*gateway) != model::ServiceType::load_balancer) return;
    interpret::LoadBalancer balancer{
        .ns = resolved.gateway_namespace(id), .service = model::deployed_service_name(*gateway->name), .addresses = {}};
    for (const model::Name& address : *model::own_addresses(*gateway)) balancer.addresses.push_back(*address);
    cluster.balancers.push_back(std::move(balancer));
    return;
  }
  cluster.gateways.push_back({.ns = resolved.gateway_namespace(id),
                              .name = existing_name(*gateway),
                              .labels = string_labels(gateway->selector),
                              .view = *gateway->view});
  cluster.objects.push_back(existing_service(resolved, id, *gateway));
  if (!(*gateway->passes).empty()) cluster.objects.push_back(passing_gateway(resolved, id, *gateway));
}

/// An egress gateway that is there already: its Service, and its pods by the same name.
void add_egress_gateway(const ResolvedFederation& resolved, ClusterId id, ClusterFacts& cluster) {
  const model::EgressGateway& egress = *resolved.cluster(id).egress_gateway;
  if (*egress.deploy) return;
  cluster.gateways.push_back({.ns = resolved.egress_namespace(id),
                              .name = model::egress_service_name(egress),
                              .labels = string_labels(egress.selector)});
  cluster.objects.push_back(existing_egress_service(resolved.egress_namespace(id), egress));
}

/// Of other meshes that call this one, as what is written to install it has them.
void add_foreign_domains(const ResolvedFederation& resolved, model::MeshId mesh, ClusterFacts& cluster) {
  const auto domains = resolved.foreign_domains(mesh);
  const bool aliases = *resolved.federation.trust->domains == model::ForeignDomains::aliases;
  (aliases ? cluster.domain_aliases : cluster.accepted_domains).assign(domains.begin(), domains.end());
}

ClusterFacts cluster_facts(const ResolvedFederation& resolved, ClusterId id) {
  const model::ClusterInfo& info = resolved.clusters[id];
  const model::Mesh& mesh = resolved.mesh_of(id);
  ClusterFacts cluster;
  cluster.name = *resolved.cluster(id).name;
  cluster.mesh = *mesh.name;
  cluster.network = *resolved.network(info.network).name;
  cluster.trust_domain = *mesh.trust_domain;
  add_foreign_domains(resolved, info.mesh, cluster);
  cluster.root_namespace = *mesh.root_namespace;
  cluster.cluster_domain = *info.settings.cluster_domain;
  cluster.dns_capture = *info.settings.dns_capture;
  cluster.alpha_gateway_api = *info.settings.alpha_gateway_api;
  cluster.istio = minor_of(*info.settings.istio);
  cluster.locality = *resolved.cluster(id).locality;
  cluster.workloads = Pods(resolved, id).take();
  for (const ClusterId other : resolved.meshes[info.mesh].clusters) {
    if (*mesh.remote_secrets && other != id) cluster.reads.push_back(*resolved.cluster(other).name);
  }
  add_gateway(resolved, id, cluster);
  add_egress_gateway(resolved, id, cluster);
  for (const ExportId exported : info.hosts) {
    const bool own =
        resolved.exports[exported].naming == model::Naming::service && resolved.has_workloads(id, exported);
    if (own) cluster.objects.push_back(application_service(resolved, id, exported));
  }
  return cluster;
}

void add_doors(const ResolvedFederation& resolved, ClusterId id, std::vector<Door>& doors) {
  const auto& gateway = *resolved.cluster(id).gateway;
  if (!gateway || *gateway->pending) return;
  Door door{.address = {},
            .port = *model::own_port(*gateway),
            .viewers = {},
            .cluster = *resolved.cluster(id).name,
            .ns = resolved.gateway_namespace(id),
            .gateway = *gateway->deploy ? model::deployed_service_name(*gateway->name) : existing_name(*gateway),
            .listener = model::kCrossNetworkPort,
            .router = false};
  const auto add = [&](const model::Names& addresses) {
    for (const model::Name& address : *addresses) {
      door.address = *address;
      door.router = *gateway->router && door.port == *model::own_port(*gateway);
      doors.push_back(door);
    }
  };
  std::set<std::string> apart;  // networks that see it elsewhere
  for (const model::View& view : gateway->seen_from) {
    apart.insert(*view.network);
    door.viewers = {*view.network};
    door.port = *model::port_for(*gateway, *view.network);
    add(view.addresses);
  }
  door.viewers.clear();
  door.port = *model::own_port(*gateway);
  for (const model::Network& network : resolved.federation.networks) {
    if (!apart.empty() && !apart.contains(*network.name)) door.viewers.push_back(*network.name);
  }
  add(model::own_addresses(*gateway));
  // Those that read the cluster dial what its Service says.
  const bool elsewhere = door.port != model::kCrossNetworkPort || !apart.empty();
  if (!elsewhere || !resolved.reads(id, resolved.clusters[id].network)) return;
  door.viewers.clear();
  door.port = model::kCrossNetworkPort;
  add(model::own_addresses(*gateway));
}

}  // namespace

interpret::Facts facts_of(const ResolvedFederation& resolved) {
  interpret::Facts facts;
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    facts.clusters.push_back(cluster_facts(resolved, id));
    add_doors(resolved, id, facts.doors);
  }
  facts.assumptions = {
      "wherever an export is served, one pod runs with the labels, the account and the ports that it declares",
      "every cluster applies its directory, and runs the Istio that is declared, with the mesh's other settings as "
      "Istio "
      "ships them",
      "every mesh accepts the trust domains of its callers, and all certificates have one root", "everything is up"};
  return facts;
}

}  // namespace meshfed::driver
