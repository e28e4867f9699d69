// Words of a picture: what stands at a bundle of links, and what its tooltip says.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graph/topology.hpp"

namespace meshfed::graph {

/// What became of all of them: that of each if it is the same, else that some have changed.
Change change_of(const Topology& topology, const Bundle& bundle);

/// "3 hosts", or the names of the exports if they take no more than `width` columns; what changes, and the way if it is
/// not the direct one: "3 hosts +1 by egress gateway".
std::string label(const Topology& topology, const Bundle& bundle, std::size_t width);

/// "east-1 calls 3 hosts of west-1: …", for a tooltip; hosts after the first few are counted.
std::string title(const Topology& topology, const Bundle& bundle);

/// The same for what a cluster serves to others, and runs for itself only.
std::string names_or_count(const Topology& topology, const std::vector<std::uint32_t>& hosts, std::size_t width);

/// "+ " and the like before what has changed; empty for what has not.
std::string_view sign(Change change);

/// A text cut to some columns, the last of them `…`.
std::string fitted(std::string_view text, std::size_t columns);

/// "west-network · 203.0.113.1:15443": what stands below a cluster's name.
std::string detail(const ClusterNode& cluster);

/// "60 clusters in 6 meshes, 600 hosts"; compared with a revision: and what changed.
std::string summary(const Topology& topology);

}  // namespace meshfed::graph
