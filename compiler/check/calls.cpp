// What DestinationRules say of calls: which of the endpoints they go to, and when they leave one.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "check/rules.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::Naming;
using model::NetworkId;
using model::Outlier;
using model::ResolvedFederation;
using resolve::all_known;
using resolve::each_export;
using resolve::each_named;
using resolve::traffic_of;

/// MF0439: a Service that an application's team owns gets a DestinationRule of ours only if the team knows.
void teams_own_their_rules(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || exported.destination_rule.state != model::State::absent) return;
    const auto merges = [&](ClusterId cluster) {
      return resolved.has_workloads(cluster, id) && !resolved.live_sources(cluster, id).empty();
    };
    const auto found = std::find_if(info.consumers.begin(), info.consumers.end(), merges);
    if (found == info.consumers.end()) return;
    sink.report(exported.name.span, diag::OwnDestinationRule, info.host, *resolved.cluster(*found).name)
        .about_export(id);
  });
}

/// MF0440: who leaves the DestinationRule out says nothing that would stand in it.
void keys_have_a_rule(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    if (exported.destination_rule.bad() || *exported.destination_rule) return;
    const auto needs = [&](const auto& value, const char* key) {
      if (!value.given()) return;
      sink.report(value.span, diag::KeyWithoutRule, key, *exported.name)
          .note(exported.destination_rule.span, "declared here");
    };
    needs(exported.prefer, "prefer");
    needs(exported.outlier, "outlier");
    needs(exported.connection_pool, "connection_pool");
    for (const model::Place& place : exported.at) {
      needs(place.share, "share");
      needs(place.connection_pool, "connection_pool");
    }
  });
}

/// MF0480: endpoints are preferred only where those that fail are left out. One report for an export.
void preferences_leave_dead_endpoints(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || !exported.prefer.given() || *exported.prefer == model::Prefer::spread) return;
    if (!*exported.destination_rule) return;  // MF0440
    const auto is_off = [&](ClusterId cluster) {
      return resolved.clusters[cluster].usable() && !resolved.outlier(cluster, id).on;
    };
    const auto found = std::find_if(info.consumers.begin(), info.consumers.end(), is_off);
    if (found == info.consumers.end()) return;
    const auto& own = exported.outlier.given() ? exported.outlier : resolved.clusters[*found].settings.outlier;
    sink.report(exported.prefer.span, diag::PreferWithoutOutlier, *exported.name, *resolved.cluster(*found).name)
        .note(own.span, "it is false here");
  });
}

/// MF0483: who shares calls out knows that nobody is left out. One report for a list of shares.
void shares_leave_dead_endpoints(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || exported.at.empty() || !*exported.destination_rule) return;  // MF0440
    std::set<const model::Numbers*> reported;
    for (const ClusterId cluster : info.consumers) {
      const model::Numbers& share = resolved.share(cluster, id);
      if (!share.given() || !resolved.clusters[cluster].usable() || resolved.outlier(cluster, id).on) continue;
      if (!reported.insert(&share).second) continue;
      const auto& own = exported.outlier.given() ? exported.outlier : resolved.clusters[cluster].settings.outlier;
      sink.report(share.span, diag::ShareWithoutOutlier, *exported.name, *resolved.cluster(cluster).name)
          .note(own.span, "it is false here")
          .about_export(id);
    }
  });
}

/// The cluster gets more than one endpoint of the export, or may come to while a network is pending.
bool has_a_choice(const ResolvedFederation& resolved, const ExportInfo& info, ExportId id, ClusterId cluster,
                  const std::vector<NetworkId>& several) {
  const NetworkId own = resolved.clusters[cluster].network;
  const std::size_t remote = info.sources.size() - (base::contains(info.sources, own) ? 1U : 0U);
  if (remote == 0) return false;
  if (remote > 1 || resolved.has_workloads(cluster, id)) return true;
  const NetworkId source = info.sources.front() == own ? info.sources.back() : info.sources.front();
  return resolved.networks[source].pending || base::contains(several, source);
}

/// MF0481: outlier detection leaves an endpoint for another one.
void outliers_leave_a_choice(const ResolvedFederation& resolved, diag::Sink& sink) {
  const auto says = [](const Export& exported) { return exported.outlier.given() && *exported.destination_rule; };
  if (std::none_of(resolved.federation.exports.begin(), resolved.federation.exports.end(), says)) return;
  if (!all_known(resolved)) return;
  const auto several = networks_of_several_addresses(resolved, traffic_of(resolved));
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!says(exported) || info.consumers.empty()) return;
    const auto chooses = [&](ClusterId cluster) { return has_a_choice(resolved, info, id, cluster, several[cluster]); };
    if (std::any_of(info.consumers.begin(), info.consumers.end(), chooses)) return;
    sink.report(exported.outlier.span, diag::UselessOutlier, *exported.name).about_export(id);
  });
}

/// MF0482: the version of HTTP is the client's or ours.
void upgrades_are_wanted_once(const ResolvedFederation& resolved, diag::Sink& sink) {
  const auto wanted_once = [&](const Export& exported, const model::Value<model::ConnectionPool>& pool) {
    if (!pool.given() || !pool->http.given()) return;
    const model::HttpPool& http = *pool->http;
    const bool upgrades = http.h2_upgrade_policy.given() && *http.h2_upgrade_policy == model::H2Upgrade::upgrade;
    if (!upgrades || !*http.use_client_protocol) return;
    sink.report(http.h2_upgrade_policy.span, diag::UpgradeOfClientProtocol, *exported.name)
        .note(http.use_client_protocol.span, "declared here");
  };
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    wanted_once(exported, exported.connection_pool);
    for (const model::Place& place : exported.at) wanted_once(exported, place.connection_pool);
  });
}

}  // namespace

void check_calls(const ResolvedFederation& resolved, diag::Sink& sink) {
  teams_own_their_rules(resolved, sink);
  keys_have_a_rule(resolved, sink);
  preferences_leave_dead_endpoints(resolved, sink);
  shares_leave_dead_endpoints(resolved, sink);
  outliers_leave_a_choice(resolved, sink);
  upgrades_are_wanted_once(resolved, sink);
}

}  // namespace meshfed::check
