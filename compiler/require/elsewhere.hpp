// What the files of this stage share: the cluster at hand, and what was found of it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/sorted.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {

// elsewhere.cpp
/// Some calls of the cluster leave by its egress gateway.
bool leaves_by_gateway(const model::ResolvedFederation& resolved, model::ClusterId cluster);

struct Place {
  const model::ResolvedFederation& resolved;
  model::ClusterId id;

  const model::Cluster& cluster() const { return resolved.cluster(id); }
  const model::Settings& settings() const { return resolved.clusters[id].settings; }
  const std::string& root_namespace() const { return *resolved.mesh_of(id).root_namespace; }
  const std::string& network() const { return *resolved.network(resolved.clusters[id].network).name; }

  /// Where the objects of hosts and gateways are; sorted.
  std::vector<std::string> namespaces() const {
    std::vector<std::string> all;
    for (const model::ExportId host : resolved.clusters[id].hosts) all.push_back(resolved.host_namespace(id, host));
    if (cluster().gateway->has_value()) all.push_back(resolved.gateway_namespace(id));
    if (leaves_by_gateway(resolved, id)) all.push_back(resolved.egress_namespace(id));
    if (!all.empty()) all.push_back(root_namespace());
    base::sort_unique(all);
    return all;
  }
};

struct Found {
  ClusterRequirements all;

  void add(std::string_view name, std::string text, std::string command = {}, std::string_view code = {}) {
    all.requirements.push_back({name, std::move(text), std::move(command), code});
  }
};

// elsewhere.cpp
/// Of gateways that others deploy, of routers, and of addresses that are not known yet.
void add_gateways(const Place& at, Found& found);
/// What firewalls let through: from here to the gateways of other networks.
void add_connections(const Place& at, Found& found);

}  // namespace meshfed::require
