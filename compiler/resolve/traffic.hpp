// What crosses networks, worked out once for a family of rules: who dials which network, and what it sees there.
#pragma once

#include <algorithm>
#include <vector>

#include "model/resolved_federation.hpp"

namespace meshfed::resolve {

/// Calls `visit(cluster, exported, network)` for every network that a consumer gets a host from by its gateways,
/// pending ones too; in the order of exports, then clusters, then networks. What was reported already is left out.
template <class Visit>
void each_import(const model::ResolvedFederation& resolved, Visit visit) {
  for (model::ExportId exported = 0; exported < resolved.exports.size(); ++exported) {
    const model::ExportInfo& info = resolved.exports[exported];
    if (!info.usable) continue;
    for (const model::ClusterId cluster : info.consumers) {
      if (!resolved.clusters[cluster].usable()) continue;
      for (const model::NetworkId source : info.sources) {
        if (source != resolved.clusters[cluster].network && !resolved.reads(cluster, source))
          visit(cluster, exported, source);
      }
    }
  }
}

/// Sets of networks are ascending.
struct Traffic {
  std::vector<std::vector<model::NetworkId>> wanted;     // by cluster: the networks it consumes from, pending ones too
  std::vector<std::vector<model::NetworkId>> consumers;  // by network: the networks of those who consume from it
};

Traffic traffic_of(const model::ResolvedFederation& resolved);

/// Every export and every cluster is what the user meant: "nobody uses this" can be told.
bool all_known(const model::ResolvedFederation& resolved);

/// The networks that the cluster dials now by its egress gateway, ascending.
std::vector<model::NetworkId> egress_networks(const model::ResolvedFederation& resolved, const Traffic& traffic,
                                              model::ClusterId cluster);

/// By cluster: the networks that it dials now at more than one address, ascending.
std::vector<std::vector<model::NetworkId>> networks_of_several_addresses(const model::ResolvedFederation& resolved,
                                                                         const Traffic& traffic);

/// The cluster's gateway as far as others may dial it: null without one, and while it is pending or was reported.
const model::Gateway* live_gateway(const model::ResolvedFederation& resolved, model::ClusterId cluster);

/// Consumer networks that see a network alike: all that no `seen_from` names together, the others one by one.
struct Viewpoint {
  model::NetworkId network = model::kNone;
  std::vector<model::NetworkId> viewers;  // at least one
};

/// Every way in which a network that is not pending is seen by those who dial it, by network. As many as there are
/// networks and `seen_from` entries at most.
std::vector<Viewpoint> viewpoints(const model::ResolvedFederation& resolved, const Traffic& traffic);

/// The meshes of some clusters, ascending; unknown ones left out.
std::vector<model::MeshId> meshes_of(const model::ResolvedFederation& resolved,
                                     const std::vector<model::ClusterId>& clusters);

/// The meshes whose workloads reach the export: those of its consumers and of its own servers; ascending.
std::vector<model::MeshId> reached_from(const model::ResolvedFederation& resolved, model::ExportId id);

/// The meshes of the clusters that have workloads of the export, where its policy stands; ascending.
std::vector<model::MeshId> serving_meshes(const model::ResolvedFederation& resolved, model::ExportId id);

/// Where a table is declared: the span of a value in it, if somebody wrote that value, else of its name.
template <class T>
const source::Span& span_or(const model::Value<T>& value, const source::Span& name) {
  return value.span.known() ? value.span : name;
}

}  // namespace meshfed::resolve
