#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "check/items.hpp"
#include "check/rules.hpp"
#include "model/naming.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::Name;
using model::Names;
using model::Naming;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::each_export;
using resolve::each_named;
using source::Span;

bool has_gateway(const ResolvedFederation& resolved, ClusterId id) { return resolved.cluster(id).gateway->has_value(); }

/// A remote network has workloads of the export for the cluster.
bool has_remote_source(const ResolvedFederation& resolved, const ExportInfo& info, ClusterId id) {
  return info.sources.size() > (base::contains(info.sources, resolved.clusters[id].network) ? 1U : 0U);
}

/// The same, and its istiod does not find them itself.
bool dials_a_source(const ResolvedFederation& resolved, const ExportInfo& info, ClusterId id) {
  return std::any_of(info.sources.begin(), info.sources.end(), [&](NetworkId source) {
    return source != resolved.clusters[id].network && !resolved.reads(id, source);
  });
}

bool selects_by_canonical_name(const model::Labels& selector) {
  const auto is_canonical = [](const auto& label) { return *label.first == model::kCanonicalNameLabel; };
  return std::all_of(selector->begin(), selector->end(), is_canonical);
}

/// MF0409: remote endpoints do not carry the labels by which an ordinary Service selects.
void remote_endpoints_join_no_service(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::global, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    std::set<const model::Labels*> reported;  // one report for each place where a selector is said
    for (const ClusterId cluster : info.consumers) {
      const bool local = base::contains(info.from, cluster) || base::contains(info.merge, cluster);
      if (!local || !dials_a_source(resolved, info, cluster)) continue;
      const model::Labels& selector = resolved.selectors(cluster, id).selector;
      if (!selector.given() || selects_by_canonical_name(selector) || !reported.insert(&selector).second) continue;
      sink.report(selector.span, diag::SelectorConsumes, *exported.name)
          .note(Items(resolved).span(exported, exported.merge, exported.to, cluster),
                fmt::format("cluster \"{}\" has workloads of its own and consumes remote ones",
                            *resolved.cluster(cluster).name))
          .about_export(id);
    }
  });
}

/// How to name a cluster on a network that serves nothing of the export; empty if there is none.
std::string somebody_elsewhere(const ResolvedFederation& resolved, const ExportInfo& info) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const NetworkId network = resolved.clusters[id].network;
    if (network != kNone && !base::contains(info.sources, network)) return *resolved.cluster(id).name;
  }
  return {};
}

/// MF0438: of those who get an export, one gets it from another network. Who consumes beside a source without serving
/// is MF0410's.
void exports_cross_networks(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    if (!info.usable || info.sources.empty() || info.consumers.empty() || !exported.to.given()) return;
    const auto is_on_its_own = [&](ClusterId cluster) {
      return base::contains(info.from, cluster) && resolved.clusters[cluster].usable() &&
             !has_remote_source(resolved, info, cluster);
    };
    if (!std::all_of(info.consumers.begin(), info.consumers.end(), is_on_its_own)) return;
    diag::Report& report = sink.report(exported.to.span, diag::ExportReachesNobody, *exported.name);
    report.note(exported.from.span, "it is served from here");
    for (const ClusterId cluster : info.refusing) {
      report.note(resolved.cluster(cluster).imports.span,
                  fmt::format("cluster \"{}\" does not accept it", *resolved.cluster(cluster).name));
    }
    if (!sink.wants_search(resolved.clusters.size())) return;
    if (const std::string other = somebody_elsewhere(resolved, info); !other.empty())
      report.advise(fmt::format("name the clusters that call it from other networks, such as `to = [\"{}\"]`", other));
  });
}

/// Writes the first of the clusters on each network to `first`, by network.
void first_on_each_network(const ResolvedFederation& resolved, const std::vector<ClusterId>& clusters,
                           std::vector<ClusterId>& first) {
  for (auto cluster = clusters.rbegin(); cluster != clusters.rend(); ++cluster) {
    const NetworkId network = resolved.clusters[*cluster].network;
    if (network != kNone) first[network] = *cluster;
  }
}

/// MF0410: who consumes an export without serving it is on none of the networks that serve it, unless its istiod finds
/// the pods there itself.
void consumers_are_elsewhere(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  std::vector<ClusterId> source_on(resolved.networks.size(), kNone);  // of the export at hand, while there are reports
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    bool first_report = true;
    for (const ClusterId cluster : info.consumers) {
      const NetworkId network = resolved.clusters[cluster].network;
      if (network == kNone || !base::contains(info.sources, network) || base::contains(info.from, cluster)) continue;
      if (resolved.reads(cluster, network)) continue;
      diag::Report& report =
          sink.report(items.span(exported, exported.to, exported.merge, cluster), diag::ConsumerOnSourceNetwork,
                      *resolved.cluster(cluster).name, *exported.name, *resolved.network(network).name);
      if (!sink.wants_detail()) continue;
      if (std::exchange(first_report, false)) first_on_each_network(resolved, info.from, source_on);
      const ClusterId source = source_on[network];
      report
          .note(items.span(exported, exported.from, exported.from, source),
                fmt::format("cluster \"{}\" serves it from that network", *resolved.cluster(source).name))
          .note(resolved.cluster(cluster).network.span,
                fmt::format("the network of \"{}\"", *resolved.cluster(cluster).name));
    }
  });
}

/// MF0411: who merges an export does not serve it for others as well.
void merge_and_from_are_apart(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    for (const ClusterId cluster : info.merge) {
      if (!base::contains(info.from, cluster)) continue;
      sink.report(items.span(exported, exported.merge, exported.merge, cluster), diag::MergeAlsoFrom,
                  *resolved.cluster(cluster).name, *exported.name)
          .note(items.span(exported, exported.from, exported.from, cluster), "`from` names it here");
    }
  });
}

/// MF0412, MF0413: whom an export names accepts it.
void named_clusters_accept(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    for (const ClusterId cluster : info.refusing) {
      const std::string& name = *resolved.cluster(cluster).name;
      diag::Report& report = base::contains(info.merge, cluster)
                                 ? sink.report(items.span(exported, exported.merge, exported.to, cluster),
                                               diag::MergeRefuses, name, *exported.name)
                                 : sink.report(items.span(exported, exported.to, exported.merge, cluster),
                                               diag::NamedRefuses, *exported.name, name);
      report.note(resolved.cluster(cluster).imports.span, fmt::format("the imports of cluster \"{}\"", name))
          .about_cluster(cluster)
          .about_export(id);
    }
  });
}

/// The network of all callers, if their istiods find pods of their own network in each other's clusters: no gateway is
/// needed to call these. Who has pods of its own calls the others of its mesh, too. kNone otherwise.
NetworkId network_without_gateway(const ResolvedFederation& resolved, const ExportInfo& info) {
  if (info.consumers.empty()) return kNone;
  const NetworkId network = resolved.clusters[info.consumers.front()].network;
  const bool all = std::all_of(info.consumers.begin(), info.consumers.end(), [&](ClusterId consumer) {
    return resolved.clusters[consumer].network == network && network != kNone && resolved.reads(consumer, network);
  });
  if (!all) return kNone;
  const std::vector<ClusterId> have_pods = resolve::serving_clusters(info);
  const bool called = std::any_of(have_pods.begin(), have_pods.end(), [&](ClusterId cluster) {
    return resolved.clusters[cluster].network != network && resolved.reads(cluster, network);
  });
  return called ? kNone : network;
}

/// MF0414: who serves an export for others has a gateway. One report for a cluster, however much it serves.
void sources_have_gateways(const ResolvedFederation& resolved, diag::Sink& sink) {
  Items items(resolved);
  std::vector<std::size_t> served(resolved.clusters.size(), 0);
  std::vector<ExportId> first(resolved.clusters.size(), kNone);
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    const NetworkId inside = network_without_gateway(resolved, info);
    for (const ClusterId cluster : info.from) {
      if (inside != kNone && resolved.clusters[cluster].network == inside) continue;
      if (served[cluster]++ == 0) first[cluster] = id;
    }
  });
  for (ClusterId cluster = 0; cluster < served.size(); ++cluster) {
    const model::Cluster& declared = resolved.cluster(cluster);
    if (served[cluster] == 0 || has_gateway(resolved, cluster) || declared.gateway.bad()) continue;
    const Export& exported = resolved.exported(first[cluster]);
    const std::string more =
        served[cluster] > 1 ? fmt::format(", and {} more", base::plural(served[cluster] - 1, "export")) : "";
    sink.report(declared.name.span, diag::SourceWithoutGateway, *declared.name, *exported.name)
        .note(items.span(exported, exported.from, exported.from, cluster),
              fmt::format("export \"{}\" is served from it{}", *exported.name, more));
  }
}

/// The clusters of each network that have a gateway.
std::vector<std::vector<ClusterId>> gateways_by_network(const ResolvedFederation& resolved) {
  std::vector<std::vector<ClusterId>> gateways(resolved.networks.size());
  for (NetworkId network = 0; network < resolved.networks.size(); ++network) {
    const std::vector<ClusterId>& clusters = resolved.networks[network].clusters;
    std::copy_if(clusters.begin(), clusters.end(), std::back_inserter(gateways[network]),
                 [&](ClusterId id) { return has_gateway(resolved, id); });
  }
  return gateways;
}

/// A cluster whose gateway need not pass the export, though its network serves it: it serves it itself; or it consumes
/// it, which is MF0410's, or, where it reads those that serve, right if others let its gateway pass the hosts.
bool need_not_pass(const ResolvedFederation& resolved, const ExportInfo& info, ClusterId cluster) {
  if (base::contains(info.from, cluster)) return true;
  if (!base::contains(info.consumers, cluster)) return false;
  if (!resolved.reads(cluster, resolved.clusters[cluster].network)) return true;
  bool all = true;
  model::each_host(info, [&](const std::string& host) {
    all = all && model::passed_by_others(**resolved.cluster(cluster).gateway, host);
  });
  return all;
}

/// MF0415: every gateway of a network that serves an export passes it: callers on other networks dial any of them.
void gateways_of_sources_serve(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::vector<std::vector<ClusterId>> gateways = gateways_by_network(resolved);
  std::vector<std::size_t> serving(resolved.networks.size(), 0);  // gateways in `from`, of the export at hand
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    if (!info.usable) return;
    for (const NetworkId network : info.sources) serving[network] = 0;
    for (const ClusterId cluster : info.from) {
      const NetworkId network = resolved.clusters[cluster].network;
      if (network != kNone && has_gateway(resolved, cluster)) ++serving[network];
    }
    const NetworkId inside = network_without_gateway(resolved, info);
    for (const NetworkId network : info.sources) {
      if (serving[network] == gateways[network].size() || network == inside) continue;
      for (const ClusterId cluster : gateways[network]) {
        if (need_not_pass(resolved, info, cluster)) continue;
        diag::Report& report = sink.report(exported.from.span, diag::GatewayNotSource, *resolved.cluster(cluster).name,
                                           *resolved.network(network).name, *exported.name);
        report.note(resolved.cluster(cluster).name.span, "the cluster is declared here");
        if (base::contains(info.merge, cluster))
          report.advise("add the cluster to `from` instead of `merge`, or put it on another network");
      }
    }
  });
}

/// MF0416: what is exported can be reached.
void some_source_is_not_pending(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || info.sources.empty() || info.consumers.empty()) return;
    const auto pending = [&](NetworkId network) { return resolved.networks[network].pending; };
    if (!std::all_of(info.sources.begin(), info.sources.end(), pending)) return;
    diag::Report& report = sink.report(exported.from.span, diag::EverySourcePending, *exported.name);
    report.about_export(id);
    const auto gateway =
        std::find_if(info.from.begin(), info.from.end(), [&](ClusterId c) { return has_gateway(resolved, c); });
    if (gateway != info.from.end())
      report.note((*resolved.cluster(*gateway).gateway)->pending.span,
                  fmt::format("the gateway of cluster \"{}\" is pending", *resolved.cluster(*gateway).name));
  });
}

/// MF0425: where the nearest source is preferred, it is known where each of them is. One report for a cluster.
void sources_have_localities(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<bool> reported(resolved.clusters.size(), false);
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    if (!exported.prefer.given() || *exported.prefer != model::Prefer::nearest) return;
    for (const ClusterId cluster : info.from) {
      const model::Cluster& declared = resolved.cluster(cluster);
      if (reported[cluster] || declared.locality.state != model::State::absent) continue;
      reported[cluster] = true;
      sink.report(declared.name.span, diag::NearestWithoutLocality, *exported.name, *declared.name)
          .note(exported.prefer.span, "`prefer` is set here");
    }
  });
}

/// MF0433: where the nearest source is preferred, the source clusters of each network are in one region. One report for
/// an export.
void source_networks_have_a_region(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.prefer.given() || *exported.prefer != model::Prefer::nearest) return;
    std::unordered_map<NetworkId, ClusterId> first_on;
    for (const ClusterId cluster : info.from) {
      const NetworkId network = resolved.clusters[cluster].network;
      const model::Cluster& declared = resolved.cluster(cluster);
      if (network == kNone || !declared.locality.given()) continue;
      const model::Cluster& other = resolved.cluster(first_on.try_emplace(network, cluster).first->second);
      if (model::region_of(declared) == model::region_of(other)) continue;
      sink.report(exported.prefer.span, diag::NetworkAcrossRegions, *exported.name, *other.name, *declared.name,
                  *resolved.network(network).name)
          .note(other.locality.span, fmt::format("\"{}\" is here", *other.name))
          .note(declared.locality.span, fmt::format("\"{}\" is here", *declared.name))
          .about_export(id);
      return;
    }
  });
}

/// MF0429: a cluster that imports global hosts has proxies that resolve them. One report for a cluster.
void global_hosts_resolve(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<std::size_t> imported(resolved.clusters.size(), 0);
  std::vector<ExportId> first(resolved.clusters.size(), kNone);
  each_export(resolved, [&](ExportId id, const Export&, const ExportInfo& info) {
    for (const ClusterId cluster : info.consumers) {
      if (info.naming == Naming::service && !resolved.has_aliases(cluster, id)) continue;
      if (imported[cluster]++ == 0) first[cluster] = id;
    }
  });
  for (ClusterId cluster = 0; cluster < imported.size(); ++cluster) {
    const auto& capture = resolved.clusters[cluster].settings.dns_capture;
    if (imported[cluster] == 0 || *capture || capture.bad()) continue;
    const ExportInfo& one = resolved.exports[first[cluster]];
    std::string host = one.host;
    if (one.naming == Naming::service)
      resolved.each_host_at(cluster, first[cluster], [&](const std::string& alias) { host = alias; });
    const std::string what =
        imported[cluster] == 1 ? fmt::format("`{}`", host) : base::plural(imported[cluster], "host");
    diag::Report& report =
        sink.report(resolved.cluster(cluster).name.span, diag::NoDnsCapture, *resolved.cluster(cluster).name, what);
    report.about_cluster(cluster);
    if (capture.given()) report.note(capture.span, "`dns_capture` is set here");
  }
}

/// MF0430: `visible_to` holds in every cluster that gets the export.
void visibility_holds(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.visible_to.given()) return;
    const auto own = std::find_if(info.consumers.begin(), info.consumers.end(), [&](ClusterId cluster) {
      return base::contains(info.from, cluster) || base::contains(info.merge, cluster);
    });
    if (own == info.consumers.end()) return;
    sink.report(exported.visible_to.span, diag::VisibleToIneffective, *exported.name, *resolved.cluster(*own).name)
        .about_export(id);
  });
}

}  // namespace

void check_roles(const ResolvedFederation& resolved, diag::Sink& sink) {
  remote_endpoints_join_no_service(resolved, sink);
  consumers_are_elsewhere(resolved, sink);
  exports_cross_networks(resolved, sink);
  merge_and_from_are_apart(resolved, sink);
  named_clusters_accept(resolved, sink);
  sources_have_gateways(resolved, sink);
  gateways_of_sources_serve(resolved, sink);
  some_source_is_not_pending(resolved, sink);
  sources_have_localities(resolved, sink);
  source_networks_have_a_region(resolved, sink);
  global_hosts_resolve(resolved, sink);
  visibility_holds(resolved, sink);
}

}  // namespace meshfed::check
