// `meshfedc list` without a command line: what a federation has of one kind, a line each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "graph/page.hpp"
#include "model/resolved_federation.hpp"
#include "source/manager.hpp"

namespace meshfed::graph {

enum class What : std::uint8_t { exports, hosts, clusters, networks, meshes };

/// Only what has to do with them; none: all.
struct ListFilter {
  bool discovered = false;  // exports that were found, and their hosts
  std::vector<model::ClusterId> clusters = {};
  std::optional<model::MeshId> mesh = {};
};

std::string list(const model::ResolvedFederation& resolved, const source::Manager& files, What what,
                 const ListFilter& filter, Form form);

}  // namespace meshfed::graph
