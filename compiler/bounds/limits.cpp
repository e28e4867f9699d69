// Limits of Kubernetes, Gateway API, Istio and kustomize, before anything is generated. Sizes are those of the objects'
// JSON, estimated from what grows with the declarations.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "bounds/rules.hpp"
#include "bounds/sizes.hpp"
#include "model/address.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::bounds {
namespace {

using model::ClusterId;
using model::EgressMode;
using model::ExportId;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_named;
using resolve::span_or;
using resolve::Traffic;
using resolve::traffic_of;
using resolve::Viewpoint;
using resolve::viewpoints;

constexpr std::size_t kMaxListeners = 64;
constexpr std::size_t kMaxEndpoints = 4096;
constexpr std::size_t kMaxAddresses = 16;  // of one gateway
constexpr std::size_t kMaxAnnotationText = 4096;
constexpr std::size_t kMaxAnnotationBytes = std::size_t{256} << 10;  // of all annotations of an object
constexpr std::size_t kManyObjects = 1000;
constexpr std::size_t kManyChains = 2000;
constexpr std::size_t kLargeScale = 1000;

// MF0801: an egress gateway has no more listeners than a Gateway holds.
void listeners_fit(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                   diag::Sink& sink) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    const std::size_t listeners = predicted[id].remotes.size();
    if (listeners <= kMaxListeners || !*resolved.cluster(id).egress_gateway->deploy) continue;
    const auto& egress = resolved.clusters[id].settings.egress;
    sink.report(span_or(egress, resolved.cluster(id).name.span), diag::TooManyListeners, *resolved.cluster(id).name,
                listeners, kMaxListeners);
  }
}

// MF0802: a TLSRoute has no more host names than its version holds.
void route_hosts_fit(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                     diag::Sink& sink) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    const auto& egress = resolved.cluster(id).egress_gateway;
    if (!egress.given() || !egress->route.given() || *egress->route != model::EgressRoute::tlsroute) continue;
    const model::GatewayApi bundle = resolved.bundle(id);
    const std::size_t limit = bundle >= model::GatewayApi::v1_6 ? 1024 : 16;
    for (const RemoteNetwork& remote : predicted[id].remotes) {
      if (remote.hosts <= limit) continue;
      sink.report(egress->route.span, diag::TooManyRouteHosts, *resolved.cluster(id).name,
                  *resolved.network(remote.network).name, remote.hosts, model::word(bundle), limit);
    }
  }
}

// MF0804: an export has no more sources than a ServiceEntry holds.
void sources_fit_into_an_entry(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::Export& exported = resolved.exported(id);
    const model::ExportInfo& info = resolved.exports[id];
    const bool entries = info.naming == model::Naming::global || !info.aliases.empty();
    if (!entries || !info.usable || info.sources.size() <= kMaxEndpoints) continue;
    sink.report(exported.from.span, diag::TooManySources, *exported.name, info.sources.size(), kMaxEndpoints);
  }
}

/// The addresses of all gateways of a network, as this cluster's egress gateway dials them. They are few unless the
/// network has many clusters, and are not looked at then.
std::vector<std::string> dialled_by_egress(const ResolvedFederation& resolved, ClusterId cluster, NetworkId network) {
  constexpr std::size_t kMany = 60;
  if (resolved.networks[network].clusters.size() < kMany) return {};
  if (*resolved.cluster(cluster).egress_gateway->backend != model::EgressBackend::serviceentry) return {};
  return resolved.reach(network, resolved.clusters[cluster].network).addresses;
}

// MF0812: the ServiceEntry behind an egress route has no more endpoints than one holds.
void backends_fit_into_an_entry(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                                diag::Sink& sink) {
  static_assert(60 * kMaxAddresses < kMaxEndpoints);
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    for (const RemoteNetwork& remote : predicted[id].remotes) {
      const std::vector<std::string> addresses = dialled_by_egress(resolved, id, remote.network);
      if (addresses.size() <= kMaxEndpoints) continue;
      const bool all_ips = std::all_of(addresses.begin(), addresses.end(), model::is_ip);
      const auto& egress = resolved.clusters[id].settings.egress;
      diag::Report& report = sink.report(span_or(egress, resolved.cluster(id).name.span), diag::TooManyEgressEndpoints,
                                         *resolved.cluster(id).name, *resolved.network(remote.network).name,
                                         addresses.size(), kMaxEndpoints);
      if (all_ips)
        report.advise(fmt::format("set `egress_gateway.backend = \"endpointslice\"` for cluster \"{}\"",
                                  *resolved.cluster(id).name));
    }
  }
}

/// An object that grows with the declarations.
struct GrowingObject {
  source::Span span;
  std::string what;
  std::size_t bytes = 0;
  const char* remedy = "";  // when it is too large
};

void check_size(const ResolvedFederation& resolved, ClusterId cluster, const GrowingObject& object, diag::Sink& sink) {
  const std::string& name = *resolved.cluster(cluster).name;
  const std::size_t shown = object.bytes >> 10;
  if (object.bytes > kMaxObjectBytes) {
    sink.report(object.span, diag::ObjectTooLarge, object.what, name, shown, kMaxObjectBytes >> 10)
        .advise(object.remedy);
  } else if (object.bytes > kMaxAppliedBytes) {
    sink.report(object.span, diag::ObjectLarge, object.what, name, shown, kMaxAppliedBytes >> 10)
        .about_cluster(cluster);
  }
}

// MF0805, MF0806, of gateways: what grows with the hosts that pass them.
void gateways_are_small(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                        diag::Sink& sink) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    const model::Cluster& cluster = resolved.cluster(id);
    if (cluster.gateway.given()) {
      check_size(resolved, id,
                 {cluster.gateway.span, "the Istio Gateway of the east-west gateway", predicted[id].served_bytes,
                  "serve fewer exports from this cluster"},
                 sink);
    }
    const source::Span& egress = span_or(cluster.settings.egress, cluster.name.span);
    for (const RemoteNetwork& remote : predicted[id].remotes) {
      const std::string& network = *resolved.network(remote.network).name;
      check_size(resolved, id,
                 {egress, fmt::format("the egress route to network \"{}\"", network), remote.route_bytes,
                  "reach that network directly, or import less with `imports`"},
                 sink);
      check_size(resolved, id,
                 {egress, fmt::format("the ServiceEntry of the gateways of network \"{}\"", network),
                  backend_bytes(dialled_by_egress(resolved, id, remote.network)),
                  "reach that network directly, or list fewer gateway addresses"},
                 sink);
    }
  }
}

/// The longest of the export's lists of accounts.
const model::Names& most_accounts(const model::Export& exported) {
  const model::Names* most = &exported.service_accounts;
  for (const model::Place& place : exported.at) {
    if (place.service_accounts->size() > (*most)->size()) most = &place.service_accounts;
  }
  return *most;
}

// MF0805, MF0806, of hosts: what grows with callers, identities and sources. The same in every cluster, so told of one.
void hosts_are_small(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::Export& exported = resolved.exported(id);
    const model::ExportInfo& info = resolved.exports[id];
    if (!info.usable || info.from.empty()) continue;
    if (exported.callers.given()) {
      check_size(resolved, info.from.front(),
                 {exported.callers.span, fmt::format("the AuthorizationPolicy of export \"{}\"", *exported.name),
                  policy_bytes(resolved, id), "list whole namespaces or meshes: `mesh/namespace/*`, `mesh/*`"},
                 sink);
    }
    const bool global = info.naming == model::Naming::global || !info.aliases.empty();
    const bool entry = !info.consumers.empty() && global;
    if (!entry || info.sources.size() > kMaxEndpoints) continue;
    const model::Names& named = most_accounts(exported);
    const std::size_t accounts = named->size();
    const std::size_t viewers = exported.visible_to->size();
    const bool by_viewers = viewers > accounts && viewers > info.sources.size();
    const bool by_accounts = accounts > info.sources.size();
    check_size(resolved, info.consumers.front(),
               {by_viewers    ? exported.visible_to.span
                : by_accounts ? named.span
                              : exported.from.span,
                fmt::format("the ServiceEntry of export \"{}\"", *exported.name), entry_bytes(resolved, id),
                by_viewers ? "list fewer namespaces, or remove `visible_to`"
                           : "list fewer service accounts, or serve it from fewer networks and trust domains"},
               sink);
  }
}

// MF0807: a directory that kustomize has to build holds few objects.
void kustomizations_are_small(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                              diag::Sink& sink) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    const auto& kustomization = resolved.clusters[id].settings.kustomization;
    if (kustomization.bad() || !*kustomization || predicted[id].objects <= kManyObjects) continue;
    sink.report(span_or(kustomization, resolved.cluster(id).name.span), diag::TooManyForKustomize,
                *resolved.cluster(id).name, predicted[id].objects, kManyObjects)
        .about_cluster(id);
  }
}

// MF0808: an east-west gateway has few filter chains.
void gateways_have_few_chains(const ResolvedFederation& resolved, const std::vector<PredictedObjects>& predicted,
                              diag::Sink& sink) {
  for (ClusterId id = 0; id < predicted.size(); ++id) {
    const model::Cluster& cluster = resolved.cluster(id);
    if (predicted[id].chains <= kManyChains || !cluster.gateway.given()) continue;
    sink.report(cluster.gateway.span, diag::ManyFilterChains, *cluster.name, predicted[id].chains).about_cluster(id);
  }
}

/// By network: how many addresses it has for most viewers, and 0 if it is not the same for all of them.
std::vector<std::size_t> common_address_counts(const ResolvedFederation& resolved, const Traffic& traffic) {
  std::vector<std::size_t> counts(resolved.networks.size());
  std::vector<std::size_t> seen(resolved.networks.size());
  for (const Viewpoint& viewpoint : viewpoints(resolved, traffic)) {
    counts[viewpoint.network] = resolved.reach(viewpoint.network, viewpoint.viewers.front()).addresses.size();
    if (++seen[viewpoint.network] > 1) counts[viewpoint.network] = 0;
  }
  return counts;
}

// MF0809: the numbers of gateway addresses that one cluster sees have a small common multiple.
void gateway_counts_go_together(const ResolvedFederation& resolved, const Traffic& traffic, diag::Sink& sink) {
  const std::vector<std::size_t> common = common_address_counts(resolved, traffic);
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    std::vector<std::size_t> counts;
    std::size_t scale = 1;
    for (const NetworkId network : traffic.wanted[id]) {
      if (resolved.networks[network].pending || resolved.egress(id, network) == EgressMode::gateway) continue;
      const NetworkId own = resolved.clusters[id].network;
      const std::size_t count = common[network] != 0 ? common[network] : resolved.reach(network, own).addresses.size();
      if (count < 2 || scale % count == 0) continue;
      counts.push_back(count);
      scale = std::lcm(scale, count);
    }
    if (scale <= kLargeScale) continue;
    std::sort(counts.begin(), counts.end());
    sink.report(resolved.cluster(id).name.span, diag::GatewayCountsMultiply, *resolved.cluster(id).name,
                fmt::format("{}", fmt::join(counts, ", ")), scale)
        .about_cluster(id);
  }
}

/// The annotations that the compiler writes to a Gateway of this cluster; null if there are none.
const model::Labels* deployed_annotations(const model::Cluster& cluster) {
  if (!cluster.gateway.given() || !*(*cluster.gateway)->deploy) return nullptr;
  const model::Labels& annotations = (*cluster.gateway)->annotations;
  return annotations.given() ? &annotations : nullptr;
}

// MF0810: a gateway has no more annotations than Gateway API allows.
void annotations_are_few(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const model::Labels* annotations = deployed_annotations(resolved.cluster(id));
    const model::Settings& settings = resolved.clusters[id].settings;
    if (!annotations || !settings.gateway_api.usable()) continue;
    if (!settings.istio.given() && !settings.gateway_api.given()) continue;
    const model::GatewayApi bundle = resolved.bundle(id);
    const std::size_t limit = bundle >= model::GatewayApi::v1_6 ? 16 : 8;
    if ((*annotations)->size() <= limit) continue;
    std::vector<source::Span> keys;
    for (const auto& [key, value] : **annotations) keys.push_back(key.span);
    std::sort(keys.begin(), keys.end(), source::before);
    sink.report(keys[limit], diag::TooManyAnnotations, (*annotations)->size(), model::word(bundle), limit);
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// MF0811: none of them is longer than Gateway API allows.
void annotations_are_short(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (const model::Cluster& cluster : resolved.federation.clusters) {
    const model::Labels* annotations = deployed_annotations(cluster);
    if (!annotations) continue;
    for (const auto& [key, value] : **annotations) {
      const std::size_t count = characters(*value);
      if (count > kMaxAnnotationText) sink.report(value.span, diag::AnnotationTooLong, *key, count, kMaxAnnotationText);
    }
  }
}

// MF0813: the annotation that says which namespaces see a Service fits into one.
void visible_namespaces_fit(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, model::Naming::service, [&](ExportId, const model::Export& exported, const model::ExportInfo&) {
    if (!exported.visible_to.given()) return;
    std::size_t bytes = std::string_view("networking.istio.io/exportTo").size() - 1;
    for (const model::Name& ns : *exported.visible_to) bytes += ns->size() + 1;
    if (bytes <= kMaxAnnotationBytes) return;
    sink.report(exported.visible_to.span, diag::TooManyVisibleNamespaces, *exported.name, bytes, kMaxAnnotationBytes);
  });
}

}  // namespace

void check_limits(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Traffic traffic = traffic_of(resolved);
  const std::vector<PredictedObjects> predicted = predict_objects(resolved, traffic);
  listeners_fit(resolved, predicted, sink);
  route_hosts_fit(resolved, predicted, sink);
  sources_fit_into_an_entry(resolved, sink);
  gateways_are_small(resolved, predicted, sink);
  hosts_are_small(resolved, sink);
  kustomizations_are_small(resolved, predicted, sink);
  gateways_have_few_chains(resolved, predicted, sink);
  gateway_counts_go_together(resolved, traffic, sink);
  annotations_are_few(resolved, sink);
  annotations_are_short(resolved, sink);
  backends_fit_into_an_entry(resolved, predicted, sink);
  visible_namespaces_fit(resolved, sink);
}

}  // namespace meshfed::bounds
