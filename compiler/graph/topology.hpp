// Who calls whom, as a picture shows it: clusters in meshes, hosts, and for each host a link from every cluster that
// consumes it to every cluster that serves it. A value without ids of the model, so that two revisions of a federation
// can be one picture.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "graph/names.hpp"
#include "graph/words.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::graph {

enum class Change : std::uint8_t { none, added, removed, changed };

std::string_view word(Change change);

/// "network", "east-network"
using Fact = std::pair<std::string, std::string>;

struct MeshNode {
  std::string name;
  std::vector<Fact> facts;
  Change change = Change::none;
};

struct ClusterNode {
  std::string name;
  std::uint32_t mesh = 0;
  std::string network;
  std::string gateway;  // where it is dialled, or "pending"; empty without one
  std::vector<Fact> facts;
  Change change = Change::none;
};

struct HostNode {
  std::string name;
  std::string exported;  // the export's name
  std::vector<std::string> aliases;
  std::vector<Fact> facts;
  std::vector<std::uint32_t> local;  // clusters that run it for themselves only; ascending
  std::string digest;                // of all that the export says, be it a fact or not
  Change change = Change::none;
};

/// Calls of one host; a server of one's own network or cluster is none.
struct Link {
  std::uint32_t server = 0;  // clusters
  std::uint32_t consumer = 0;
  std::uint32_t host = 0;
  Way way = Way::direct;
  Change change = Change::none;

  auto operator<=>(const Link&) const = default;
};

struct Serving {
  std::uint32_t cluster = 0;
  std::uint32_t host = 0;
  Change change = Change::none;

  auto operator<=>(const Serving&) const = default;
};

struct Topology {
  std::string federation;
  std::vector<MeshNode> meshes;       // by name
  std::vector<ClusterNode> clusters;  // by mesh, then by name
  std::vector<HostNode> hosts;        // by name
  std::vector<Serving> servings;      // which cluster serves what to others; ascending
  std::vector<Link> links;            // ascending
  std::size_t folded = 0;             // clusters that by_mesh made one of each mesh; 0: none
  bool compared = false;              // with another revision: changes mean something
};

Topology topology(const model::ResolvedFederation& resolved);

/// Puts everything in the order that it has above; ids follow.
void arrange(Topology& topology);

/// One picture of both: what only `before` has is removed. A host has changed if anything about its export has, and a
/// link if it goes another way, or if the host's facts are others.
Topology compare(Topology before, Topology after);

/// The names that a focus may have.
std::vector<Named> names_of(const Topology& topology);

/// What the picture is to be narrowed to.
struct Focus {
  std::vector<Named> names;   // links that touch one of these; none: all
  bool only_changes = false;  // what differs

  bool any() const { return !names.empty() || only_changes; }
};

/// Only links that the focus lets through, and what stands at their ends; of what is named itself everything is kept.
Topology narrowed(const Topology& topology, const Focus& focus);

/// Meshes as if each were one cluster of its own.
Topology by_mesh(const Topology& topology);

/// All links between two clusters in one direction.
struct Bundle {
  std::uint32_t server = 0;
  std::uint32_t consumer = 0;
  std::vector<std::uint32_t> links;  // into Topology::links
};

/// By server, then by consumer.
std::vector<Bundle> bundles(const Topology& topology);

}  // namespace meshfed::graph
