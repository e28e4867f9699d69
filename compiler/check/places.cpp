// [export.*.at.*]: what differs by place, and whom it is about.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "resolve/declared.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::Name;
using model::Naming;
using model::NetworkId;
using model::Place;
using model::ResolvedFederation;
using model::State;
using resolve::Declared;
using resolve::each_export;
using resolve::each_named;
using resolve::propose;
using resolve::serving_clusters;

/// Calls `visit(id, export, info)` for each export that says something of single places, all of which are known.
template <class Visit>
void each_placed(const ResolvedFederation& resolved, Visit visit) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.at.empty() && info.usable) visit(id, exported, info);
  });
}

/// What the clusters of a place do with an export.
struct Part {
  bool has_one = false;
  bool workloads = false;
  bool consumes = false;
};

/// By table of the export.
std::vector<Part> parts_of(const ResolvedFederation& resolved, const Export& exported, const ExportInfo& info) {
  std::vector<Part> parts(exported.at.size());
  const auto mark = [&](const std::vector<ClusterId>& clusters, bool Part::*what) {
    for (const ClusterId cluster : clusters) {
      const model::MeshId mesh = resolved.clusters[cluster].mesh;
      for (const Name* name : {&resolved.cluster(cluster).name, mesh == kNone ? nullptr : &resolved.mesh(mesh).name}) {
        if (!name) continue;
        const auto place = std::lower_bound(exported.at.begin(), exported.at.end(), **name,
                                            [](const Place& a, const std::string& wanted) { return *a.name < wanted; });
        if (place == exported.at.end() || *place->name != **name) continue;
        Part& part = parts[static_cast<std::size_t>(place - exported.at.begin())];
        part.has_one = true;
        part.*what = true;
      }
    }
  };
  mark(info.from, &Part::workloads);
  mark(info.merge, &Part::workloads);
  mark(info.consumers, &Part::consumes);
  mark(info.refusing, &Part::consumes);  // MF0413 says so
  return parts;
}

/// MF0461: a key is said of whom it can be about.
void keys_have_a_use(const Export& exported, const Place& place, const Part& part, diag::Sink& sink) {
  const auto needs = [&](const auto& value, std::string_view key, bool met, std::string_view what) {
    if (!value.given() || met) return;
    sink.report(value.span, diag::UselessAtPlace, key, *exported.name, *place.name, what);
  };
  constexpr std::string_view kNoWorkloads = "none of its clusters has workloads of the export";
  constexpr std::string_view kNoConsumer = "none of its clusters consumes the export";
  needs(place.selector, "selector", part.workloads, kNoWorkloads);
  needs(place.canonical_name, "canonical_name", part.workloads, kNoWorkloads);
  needs(place.service_accounts, "service_accounts", part.workloads, kNoWorkloads);
  needs(place.targets, "targets", part.workloads, kNoWorkloads);
  needs(place.weight, "weight", part.consumes, kNoConsumer);
  needs(place.share, "share", part.consumes, kNoConsumer);
  needs(place.alias, "alias", part.consumes, kNoConsumer);
  needs(place.connection_pool, "connection_pool", part.consumes, kNoConsumer);
}

/// MF0460: a place has a part in the export; then MF0461.
void places_have_a_part(const ResolvedFederation& resolved, diag::Sink& sink) {
  const auto unusable = [](const auto& info) { return !info.usable(); };
  if (std::any_of(resolved.clusters.begin(), resolved.clusters.end(), unusable)) return;
  each_placed(resolved, [&](ExportId, const Export& exported, const ExportInfo& info) {
    const std::vector<Part> parts = parts_of(resolved, exported, info);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Place& place = exported.at[i];
      const model::MeshId mesh = resolved.find_mesh(*place.name);
      if (mesh != kNone && resolved.meshes[mesh].clusters.empty()) continue;  // MF0307
      if (parts[i].has_one)
        keys_have_a_use(exported, place, parts[i], sink);
      else
        sink.report(place.name.span, diag::PlaceWithoutPart, *exported.name, *place.name);
    }
  });
}

/// MF0462: a Service is in one namespace everywhere, for it is part of the host.
void services_have_one_namespace(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId, const Export& exported, const ExportInfo&) {
    for (const Place& place : exported.at) {
      if (!place.namespace_.given()) continue;
      diag::Report& report =
          sink.report(place.namespace_.span, diag::ServiceNamespaceDiffers, *exported.name, *place.name);
      const auto& naming = exported.naming.given() ? exported.naming : resolved.federation.naming;
      if (naming.given()) report.note(naming.span, "naming is set here");
    }
  });
}

/// MF0463: a target is for a port of the export.
void targets_are_for_ports(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    const auto has_targets = [](const Place& place) { return !place.targets->empty(); };
    if (exported.ports.bad() || std::none_of(exported.at.begin(), exported.at.end(), has_targets)) return;
    std::set<std::string_view> names;
    std::map<std::string, std::string_view> by_number;
    for (const model::Port& port : *exported.ports) {
      if (!port.name.given()) return;
      names.insert(*port.name);
      by_number.try_emplace(std::to_string(*port.number), *port.name);
    }
    const Declared ports(names.begin(), names.end());
    for (const Place& place : exported.at) {
      for (const auto& [port, target] : *place.targets) {
        if (names.contains(*port)) continue;
        diag::Report& report = sink.report(port.span, diag::TargetOfNoPort, *port, *exported.name);
        if (const auto meant = by_number.find(*port); meant != by_number.end())
          report.replace(port.span, std::string(meant->second));
        else if (sink.wants_search(ports.size()))
          propose(report, port.span, *port, ports, "export");
      }
    }
  });
}

/// MF0464: accounts are named for all who serve, or for nobody: a client has one list for all of them.
void accounts_are_named_for_all(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_placed(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    std::vector<ClusterId> servers = serving_clusters(info);
    if (info.naming == Naming::service)  // whose local pods are known to istiod
      std::erase_if(servers, [&](ClusterId cluster) { return !resolved.answers_others(cluster, id); });
    const auto state = [&](ClusterId cluster) { return resolved.service_accounts(cluster, id).state; };
    const auto named = std::ranges::find(servers, State::given, state);
    const auto unnamed = std::ranges::find(servers, State::absent, state);
    if (named == servers.end() || unnamed == servers.end()) return;
    const std::string& without = *resolved.cluster(*unnamed).name;
    sink.report(resolved.service_accounts(*named, id).span, diag::AccountsForSome, *exported.name,
                *resolved.cluster(*named).name, without)
        .note(resolved.cluster(*unnamed).name.span, "its workloads have none")
        .advise(
            fmt::format("add `service_accounts` to [export.{0}], or to [export.{0}.at.{1}]", *exported.name, without));
  });
}

}  // namespace

void check_places(const ResolvedFederation& resolved, diag::Sink& sink) {
  places_have_a_part(resolved, sink);
  services_have_one_namespace(resolved, sink);
  targets_are_for_ports(resolved, sink);
  accounts_are_named_for_all(resolved, sink);
}

}  // namespace meshfed::check
