// A federation of many clusters as a table: rows serve, columns call, and a cell counts the hosts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "graph/diagram.hpp"

namespace meshfed::graph {

struct Cell {
  Box box;
  std::size_t count = 0;  // hosts, removed ones left out unless nothing else is left
  std::string text;       // what stands in it: "12", "+3"
  std::string title;
  int shade = 0;  // 1 to 5, by the greatest count
  Change change = Change::none;
};

/// The name of a cluster beside its row, or above its column.
struct Heading {
  std::uint32_t cluster = 0;
  Box box;  // of a column: as if it were not turned
  std::string text;
};

/// The clusters of a mesh, beside the rows or above the columns.
struct Band {
  std::uint32_t mesh = 0;
  Box box;
  std::string text;  // empty: there is no room
};

struct Matrix {
  int width = 0;
  int height = 0;
  Box field;                // of all cells
  std::vector<Cell> cells;  // that are not empty
  std::vector<Heading> rows, columns;
  std::vector<Band> row_bands, column_bands;
  std::vector<Box> diagonal;  // a cluster's own
};

inline constexpr int kCell = 24;

Matrix matrix(const Topology& topology);

}  // namespace meshfed::graph
