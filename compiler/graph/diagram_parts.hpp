// What diagram.cpp places and wires.cpp connects, for these two only.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/diagram.hpp"

namespace meshfed::graph {

/// Cards stand in columns; a gutter is left of each column and right of the last, numbered from 0.
struct Columns {
  std::size_t count = 0;
  std::vector<std::size_t> of;       // by cluster
  std::vector<std::size_t> of_mesh;  // a mesh may have no cluster
};

/// Everything has its place from top to bottom already, the top being 0; `width` is that of cards. Sets places from
/// left to right as gutters need them, adds the wires, and moves all down by the height of the band that they take
/// above: the height is returned.
int route(const Topology& topology, const Columns& columns, int width, const std::vector<Bundle>& bundles,
          Diagram& diagram);

inline constexpr int kFramePadding = 14;

}  // namespace meshfed::graph
