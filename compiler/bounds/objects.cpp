// Names of generated objects: none is too long, and no two meet. Only names that can meet are made and compared;
// model/naming.hpp says why the others cannot.
#include <algorithm>

#include <fmt/core.h>

#include "bounds/rules.hpp"
#include "model/naming.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::bounds {
namespace {

using model::ClusterId;
using model::ExportId;
using model::kNone;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_named;
using resolve::egress_networks;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;
using source::Span;

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxSni = 255;

/// One who gives an object its name.
struct Origin {
  Span span;
  std::string what;
};

/// What one cluster's gateways are called.
class Cluster {
 public:
  Cluster(const ResolvedFederation& resolved, const Traffic& traffic, ClusterId id)
      : id_(id),
        resolved_(resolved),
        wanted_(traffic.wanted[id]),
        leaves_for_(egress_networks(resolved, traffic, id)) {}

  const model::Cluster& declared() const { return resolved_.cluster(id_); }
  const std::string& root() const { return *resolved_.mesh_of(id_).root_namespace; }
  const std::string& gateway_namespace() const { return resolved_.gateway_namespace(id_); }
  const std::string& egress_namespace() const { return resolved_.egress_namespace(id_); }
  bool has_egress() const { return !leaves_for_.empty(); }
  bool deploys_egress() const { return has_egress() && *egress().deploy; }
  /// Both gateways are in one namespace.
  bool egress_beside() const { return has_egress() && egress_namespace() == gateway_namespace(); }
  bool by_virtual_service() const { return *egress().route == model::EgressRoute::virtualservice; }
  bool by_service() const { return *egress().backend == model::EgressBackend::endpointslice; }
  const model::EgressGateway& egress() const { return *declared().egress_gateway; }
  const std::vector<NetworkId>& leaves_for() const { return leaves_for_; }

  /// The east-west gateway, pending or not; null without one.
  const model::Gateway* gateway() const {
    return declared().gateway.given() && declared().gateway->has_value() ? &**declared().gateway : nullptr;
  }

  bool serves_something() const {
    const std::vector<ExportId>& hosts = resolved_.clusters[id_].hosts;
    return std::any_of(hosts.begin(), hosts.end(), [&](ExportId host) { return resolved_.serves(id_, host); });
  }

  /// The network for which `name` is `<prefix><network>`, if the cluster has such an object.
  NetworkId dialled(std::string_view name, std::string_view prefix) const {
    const NetworkId network = among(wanted_, name, prefix);
    return network != kNone && !resolved_.networks[network].pending ? network : kNone;
  }
  NetworkId left_for(std::string_view name, std::string_view prefix) const { return among(leaves_for_, name, prefix); }

  Origin gateway_origin() const { return {span_or(gateway()->name, declared().gateway.span), "the east-west gateway"}; }
  Origin egress_origin() const {
    const Span& table = span_or(declared().egress_gateway, declared().name.span);
    return {span_or(egress().name, table), "the egress gateway"};
  }
  Origin network_origin(NetworkId network, const char* what) const {
    return {resolved_.network(network).name.span,
            fmt::format("{} network \"{}\"", what, *resolved_.network(network).name)};
  }

  ClusterId id() const { return id_; }

 private:
  NetworkId among(const std::vector<NetworkId>& networks, std::string_view name, std::string_view prefix) const {
    if (!name.starts_with(prefix)) return kNone;
    const NetworkId found = resolved_.find_network(name.substr(prefix.size()));
    return found != kNone && std::binary_search(networks.begin(), networks.end(), found) ? found : kNone;
  }

  ClusterId id_;
  const ResolvedFederation& resolved_;
  const std::vector<NetworkId>& wanted_;
  std::vector<NetworkId> leaves_for_;
};

/// Reports at the first origin, whose name is the one to be changed.
void report_meeting(const Cluster& cluster, std::string_view kind, std::string_view name, const Origin& guilty,
                    const Origin& other, diag::Sink& sink) {
  sink.report(guilty.span, diag::ObjectNamesMeet, *cluster.declared().name, kind, name, other.what, guilty.what)
      .note(other.span, fmt::format("{} is declared here", other.what));
}

void egress_gateway_meets(const Cluster& cluster, diag::Sink& sink) {
  const std::string& name = *cluster.egress().name;
  const bool in_root = cluster.egress_namespace() == cluster.root();
  if (const NetworkId network = cluster.dialled(name, model::kRemoteNetworkPrefix);
      cluster.deploys_egress() && in_root && network != kNone) {
    report_meeting(cluster, "Gateways", name, cluster.egress_origin(),
                   cluster.network_origin(network, "the remote gateway of"), sink);
  }
  const std::string service = model::egress_service_name(cluster.egress());
  if (const NetworkId network = cluster.left_for(service, model::kEgressRoutePrefix);
      cluster.by_service() && network != kNone) {
    report_meeting(cluster, "Services", service, cluster.egress_origin(),
                   cluster.network_origin(network, "the route to"), sink);
  }
}

void eastwest_gateway_meets(const Cluster& cluster, const model::Gateway& gateway, diag::Sink& sink) {
  const std::string& name = *gateway.name;
  const Origin origin = cluster.gateway_origin();
  if (*gateway.deploy) {
    if (cluster.egress_beside() && cluster.deploys_egress() && name == *cluster.egress().name) {
      report_meeting(cluster, "Gateways", name, origin, cluster.egress_origin(), sink);
      return;
    }
    const bool in_root = cluster.gateway_namespace() == cluster.root();
    if (const NetworkId network = cluster.dialled(name, model::kRemoteNetworkPrefix); in_root && network != kNone) {
      report_meeting(cluster, "Gateways", name, origin, cluster.network_origin(network, "the remote gateway of"), sink);
    }
    const std::string service = model::deployed_service_name(name);
    const NetworkId network = cluster.left_for(service, model::kEgressRoutePrefix);
    if (network != kNone && cluster.egress_beside() && cluster.by_service()) {
      report_meeting(cluster, "Services", service, origin, cluster.network_origin(network, "the route to"), sink);
    }
  }
  const NetworkId network = cluster.left_for(name, model::kEgressRoutePrefix);
  if (network != kNone && cluster.egress_beside() && cluster.by_virtual_service() && cluster.serves_something()) {
    report_meeting(cluster, "Istio Gateways", name, origin, cluster.network_origin(network, "the route to"), sink);
  }
}

/// The labels by which a gateway is found that is deployed from here.
model::Labels labels_of(const std::string& gateway) {
  model::Labels labels;
  labels.value.emplace_back(std::string(model::kGatewayNameLabel), gateway);
  return labels;
}

bool holds_all(const model::Labels& labels, const model::Labels& of) {
  return std::all_of(of->begin(), of->end(), [&](const auto& wanted) {
    return std::any_of(labels->begin(), labels->end(), [&](const auto& label) {
      return *label.first == *wanted.first && *label.second == *wanted.second;
    });
  });
}

/// The labels by which the east-west gateway is found are those of the egress gateway's pods. Of two gateways that are
/// there already, the pods of one may be some of the other's.
bool selects_egress_pods(const model::Gateway& gateway, const model::EgressGateway& egress) {
  if (!*gateway.deploy && !gateway.selector.given()) return false;  // MF0520
  if (!*egress.deploy && !egress.selector.given()) return false;    // MF0532
  const model::Labels outer = *gateway.deploy ? labels_of(*gateway.name) : gateway.selector;
  const model::Labels inner = *egress.deploy ? labels_of(*egress.name) : egress.selector;
  return holds_all(inner, outer) || (!*egress.deploy && holds_all(outer, inner));
}

/// The egress gateway listens on no port of the east-west gateway: that one may have the same pods, if it is an
/// existing one.
bool shares_no_port(const ResolvedFederation& resolved, const Cluster& cluster) {
  const std::vector<NetworkId>& networks = cluster.leaves_for();
  return !*cluster.egress().deploy && std::none_of(networks.begin(), networks.end(), [&](NetworkId network) {
    return *resolved.network(network).egress_port == model::kCrossNetworkPort;
  });
}

/// MF0524: an Istio Gateway selects the pods of one gateway. Gateway API labels them by the Gateway's name alone, and
/// before 1.31 istiod looks for them in every namespace.
void gateways_select_their_own_pods(const ResolvedFederation& resolved, const Cluster& cluster, diag::Sink& sink) {
  const model::Gateway* gateway = cluster.gateway();
  const auto& istio = resolved.clusters[cluster.id()].settings.istio;
  if (!gateway || !cluster.has_egress() || !selects_egress_pods(*gateway, cluster.egress())) return;
  const bool deployed = *cluster.egress().deploy;
  if (*gateway->deploy && deployed && cluster.egress_beside()) return;  // MF0518
  if (!cluster.egress_beside() && (istio.bad() || *istio >= model::Istio::v1_31)) return;
  if (!cluster.serves_something() && !cluster.by_virtual_service()) return;  // there is no Istio Gateway
  const Span& other = *gateway->deploy ? cluster.gateway_origin().span : gateway->selector.span;
  if (!deployed) {
    if (!cluster.serves_something() || shares_no_port(resolved, cluster)) return;
    sink.report(cluster.egress().selector.span, diag::GatewaysShareAPort, *cluster.declared().name)
        .note(other, "the east-west gateway is found by this");
    return;
  }
  sink.report(cluster.egress_origin().span, diag::GatewaysOfOneName, *cluster.declared().name, *cluster.egress().name)
      .note(other, *gateway->deploy ? "the east-west gateway has the same name"
                                    : "the east-west gateway is selected by this name");
}

// MF0518, among gateways.
void gateways_have_their_own_names(const Cluster& cluster, diag::Sink& sink) {
  if (cluster.has_egress()) egress_gateway_meets(cluster, sink);
  if (cluster.gateway()) eastwest_gateway_meets(cluster, *cluster.gateway(), sink);
}

/// The Service of an export with naming "service", beside those of gateways. True if it met one.
bool service_meets(const ResolvedFederation& resolved, const Cluster& cluster, ExportId id, diag::Sink& sink) {
  const model::Export& exported = resolved.exported(id);
  const std::string& ns = *exported.namespace_;
  const std::string& name = model::service_name(exported);
  const Origin origin{span_or(exported.service, exported.name.span), fmt::format("export \"{}\"", *exported.name)};
  const model::Gateway* gateway = cluster.gateway();
  if (gateway && *gateway->deploy && ns == cluster.gateway_namespace() &&
      name == model::deployed_service_name(*gateway->name)) {
    report_meeting(cluster, "Services", name, origin, cluster.gateway_origin(), sink);
    return true;
  }
  if (!cluster.has_egress() || ns != cluster.egress_namespace()) return false;
  if (name == model::egress_service_name(cluster.egress())) {
    report_meeting(cluster, "Services", name, origin, cluster.egress_origin(), sink);
    return true;
  }
  const NetworkId network = cluster.left_for(name, model::kEgressRoutePrefix);
  if (network == kNone || !cluster.by_service()) return false;
  report_meeting(cluster, "Services", name, origin, cluster.network_origin(network, "the route to"), sink);
  return true;
}

/// A global host, beside the hosts of remote gateways. True if it met one.
bool global_host_meets(const ResolvedFederation& resolved, const Cluster& cluster, ExportId id, diag::Sink& sink) {
  const std::string& host = resolved.exports[id].host;
  const model::Export& exported = resolved.exported(id);
  const Origin origin{span_or(exported.host, exported.name.span), fmt::format("export \"{}\"", *exported.name)};
  const NetworkId network = resolved.find_network(std::string_view(host).substr(0, host.find('.')));
  const std::vector<NetworkId>& ways = cluster.leaves_for();
  if (network == kNone || cluster.by_service() || !std::binary_search(ways.begin(), ways.end(), network)) return false;
  if (host != model::remote_gateway_host(*resolved.network(network).name, *resolved.federation.domain)) return false;
  report_meeting(cluster, "hosts", host, origin, cluster.network_origin(network, "the gateways of"), sink);
  return true;
}

/// Most hosts can meet nothing: they have another suffix than the compiler's own.
bool may_meet(const ResolvedFederation& resolved, ExportId id) {
  const model::Export& exported = resolved.exported(id);
  if (!exported.host.usable() || !exported.service.usable() || !exported.namespace_.usable()) return false;
  if (resolved.exports[id].naming == model::Naming::service) return true;
  return resolved.exports[id].host.find(".gateway.") != std::string::npos;
}

// MF0518, between hosts and gateways; told of one cluster.
void hosts_have_their_own_names(const ResolvedFederation& resolved, const std::vector<Cluster>& clusters,
                                diag::Sink& sink) {
  std::vector<bool> candidates;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) candidates.push_back(may_meet(resolved, id));
  if (std::none_of(candidates.begin(), candidates.end(), [](bool candidate) { return candidate; })) return;
  for (const Cluster& cluster : clusters) {
    for (const ExportId id : resolved.clusters[cluster.id()].hosts) {
      if (!candidates[id]) continue;
      const bool service = resolved.exports[id].naming == model::Naming::service;
      if (service ? service_meets(resolved, cluster, id, sink) : global_host_meets(resolved, cluster, id, sink)) {
        candidates[id] = false;
      }
    }
  }
}

void check_length(const Span& span, const std::string& what, const std::string& name, std::size_t limit,
                  diag::Sink& sink) {
  if (name.size() > limit) sink.report(span, diag::NameTooLong, what, name, name.size(), limit);
}

// MF0519, of what Gateway API deploys.
void deployed_names_fit(const Cluster& cluster, diag::Sink& sink) {
  const model::Gateway* gateway = cluster.gateway();
  if (gateway && *gateway->deploy) {
    check_length(cluster.gateway_origin().span, "the Service of the east-west gateway",
                 model::deployed_service_name(*gateway->name), kMaxLabel, sink);
  }
  if (cluster.deploys_egress()) {
    check_length(cluster.egress_origin().span, "the Service of the egress gateway",
                 model::deployed_service_name(*cluster.egress().name), kMaxLabel, sink);
  }
}

void check_first_letter(const Origin& origin, const std::string& service, const char* key, const std::string& written,
                        diag::Sink& sink) {
  if (service.front() >= 'a' && service.front() <= 'z') return;
  std::string better = ("app-" + written).substr(0, kMaxLabel - std::string_view("-istio").size());
  better.erase(better.find_last_not_of('-') + 1);
  sink.report(origin.span, diag::ServiceNameBeginsWithDigit, origin.what, service)
      .advise(fmt::format("start it with a letter, as in `{} = \"{}\"`", key, better));
}

// MF0530, of what Gateway API deploys.
void deployed_names_begin_with_a_letter(const Cluster& cluster, diag::Sink& sink) {
  const model::Gateway* gateway = cluster.gateway();
  if (gateway && *gateway->deploy) {
    check_first_letter(cluster.gateway_origin(), model::deployed_service_name(*gateway->name), "gateway.name",
                       *gateway->name, sink);
  }
  if (cluster.deploys_egress()) {
    const std::string& name = *cluster.egress().name;
    check_first_letter(cluster.egress_origin(), model::deployed_service_name(name), "egress_gateway.name", name, sink);
  }
}

// MF0530, of exports with naming "service".
void services_begin_with_a_letter(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, model::Naming::service, [&](ExportId, const model::Export& exported, const model::ExportInfo&) {
    const std::string& name = model::service_name(exported);
    if (!exported.service.usable() || !exported.name.usable()) return;
    check_first_letter({span_or(exported.service, exported.name.span), fmt::format("export \"{}\"", *exported.name)},
                       name, "service", name, sink);
  });
}

// MF0519, of what stands for a network: the longest of its names that some cluster has.
void network_names_fit(const ResolvedFederation& resolved, const Traffic& traffic, const std::vector<Cluster>& clusters,
                       diag::Sink& sink) {
  std::vector<bool> routed(resolved.networks.size());
  std::vector<bool> left(resolved.networks.size());
  for (const Cluster& cluster : clusters) {
    for (const NetworkId network : cluster.leaves_for()) {
      left[network] = true;
      if (cluster.by_virtual_service() || cluster.by_service()) routed[network] = true;
    }
  }
  for (NetworkId id = 0; id < resolved.networks.size(); ++id) {
    const std::string& name = *resolved.network(id).name;
    const Span& span = resolved.network(id).name.span;
    if (traffic.consumers[id].empty()) continue;
    const std::string longest = routed[id] ? model::egress_route_name(name) : model::remote_network_name(name);
    const std::string host = left[id] ? model::remote_gateway_host(name, *resolved.federation.domain) : "";
    if (longest.size() > kMaxLabel)
      check_length(span, routed[id] ? "the route to this network" : "the remote gateway of this network", longest,
                   kMaxLabel, sink);
    else
      check_length(span, "the host of this network's gateways", host, kMaxName, sink);
  }
}

/// The longest name of a WorkloadEntry of the export; empty if no cluster has one.
std::string longest_entry_name(const ResolvedFederation& resolved, ExportId id) {
  const model::ExportInfo& info = resolved.exports[id];
  std::string longest;
  for (const ClusterId cluster : info.consumers) {
    if (!resolved.clusters[cluster].usable()) continue;
    if (info.naming == model::Naming::global && !resolved.selects_pods(cluster, id)) continue;
    for (const NetworkId source : resolved.live_sources(cluster, id)) {
      std::string name = model::workload_entry_name(*resolved.network(source).name, info.host);
      if (name.size() > longest.size()) longest = std::move(name);
    }
  }
  return longest;
}

// MF0519, of what stands for a host. The SNI by which it is called is the longest name that always exists.
void host_names_fit(const ResolvedFederation& resolved, diag::Sink& sink) {
  constexpr std::size_t kNeverTooLong = kMaxName - kMaxLabel - 1;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::ExportInfo& info = resolved.exports[id];
    const model::Export& exported = resolved.exported(id);
    if (!info.usable || info.host.size() <= kNeverTooLong || !exported.host.usable()) continue;
    const bool service = info.naming == model::Naming::service;
    const Span& span = span_or(service ? exported.service : exported.host, exported.name.span);
    int highest = 1;
    for (const model::Port& port : *exported.ports) highest = std::max(highest, *port.number);
    const std::string sni = model::sni(highest, info.host);
    if (info.host.size() > kMaxName)
      check_length(span, fmt::format("the host of export \"{}\"", *exported.name), info.host, kMaxName, sink);
    else if (sni.size() > kMaxSni)
      check_length(span, fmt::format("port {} of export \"{}\" in TLS (SNI)", highest, *exported.name), sni, kMaxSni,
                   sink);
    else
      check_length(span, fmt::format("a WorkloadEntry of export \"{}\"", *exported.name),
                   longest_entry_name(resolved, id), kMaxName, sink);
  }
}

}  // namespace

void check_objects(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  std::vector<Cluster> clusters;
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    if (resolved.clusters[id].usable()) clusters.emplace_back(resolved, traffic, id);
  }
  for (const Cluster& cluster : clusters) {
    gateways_have_their_own_names(cluster, sink);
    gateways_select_their_own_pods(resolved, cluster, sink);
    deployed_names_fit(cluster, sink);
    deployed_names_begin_with_a_letter(cluster, sink);
  }
  services_begin_with_a_letter(resolved, sink);
  hosts_have_their_own_names(resolved, clusters, sink);
  network_names_fit(resolved, traffic, clusters, sink);
  host_names_fit(resolved, sink);
}

}  // namespace meshfed::bounds
