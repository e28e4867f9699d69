// The resolved federation in words: how a cluster reaches what it consumes, where gateways are dialled, what a port is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/resolved_federation.hpp"
#include "source/manager.hpp"

namespace meshfed::graph {

/// How calls get from a cluster to a network. `remote_secret`: the cluster's istiod finds pods and gateways there
/// itself.
enum class Way : std::uint8_t { direct, egress, router, egress_router, remote_secret };

/// For people: "egress gateway, router"; and for programs: "egress-router".
std::string_view words(Way way);
std::string_view word(Way way);

struct Source {
  model::NetworkId network = model::kNone;
  Way way = Way::direct;
};

/// The remote networks that calls of a cluster to an export may end in, ascending.
std::vector<Source> sources_of(const model::ResolvedFederation& resolved, model::ClusterId cluster,
                               model::ExportId exported);

/// The clusters of the network that serve the export to others, ascending.
std::vector<model::ClusterId> servers_in(const model::ResolvedFederation& resolved, model::NetworkId network,
                                         model::ExportId exported);

/// "203.0.113.1:15443", "[2001:db8::1]:15443"
std::string endpoint(const std::string& address, int port);
/// Where a gateway is dialled by whoever has no view of its own.
std::vector<std::string> endpoints(const model::Gateway& gateway);

/// "8000/http"
std::string words(const model::Port& port);
std::vector<std::string> ports_of(const model::Export& exported);

/// The weight of a network, or its share; empty if neither is said and all sources count alike.
std::string weight_of(const model::ResolvedFederation& resolved, model::ClusterId cluster, model::ExportId exported,
                      std::string_view network);

std::vector<std::string> strings(const model::Names& names);
/// "app=web,tier=shop"
std::string strings(const model::Labels& labels);

/// The names of clusters.
std::vector<std::string> names(const model::ResolvedFederation& resolved,
                               const std::vector<model::ClusterId>& clusters);

/// "federation.toml:30"
std::string place_of(const source::Manager& files, const source::Span& span);
/// Of an export that was found, the Service's, and by which table: "k8s/web.yaml:3 (shop)".
std::string place_of(const source::Manager& files, const model::Export& exported);

}  // namespace meshfed::graph
