#include "graph/matrix.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "fleet.hpp"

using namespace meshfed;
using graph::Box;

TEST_CASE("cells are in the field, apart from each other, one for each pair that calls") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const graph::Topology topology = testing::random_topology(seed, 60);
    const graph::Matrix matrix = graph::matrix(topology);
    const Box picture{0, 0, matrix.width, matrix.height};
    CHECK(picture.holds(matrix.field));
    CHECK(matrix.cells.size() == graph::bundles(topology).size());
    for (std::size_t i = 0; i < matrix.cells.size(); ++i) {
      const graph::Cell& cell = matrix.cells[i];
      CHECK(matrix.field.holds(cell.box));
      CHECK((cell.shade >= 1 && cell.shade <= 5));
      CHECK(base::display_width(cell.text) <= 4);
      for (const Box& own : matrix.diagonal) CHECK_FALSE(cell.box.overlaps(own));
    }
    std::vector<std::pair<int, int>> corners;
    for (const graph::Cell& cell : matrix.cells) corners.emplace_back(cell.box.x, cell.box.y);
    std::sort(corners.begin(), corners.end());
    CHECK(std::adjacent_find(corners.begin(), corners.end()) == corners.end());
  }
}

TEST_CASE("names stand beside the field, inside of the picture, and as long as there is room") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const graph::Topology topology = testing::random_topology(seed, 60);
    const graph::Matrix matrix = graph::matrix(topology);
    const Box picture{0, 0, matrix.width, matrix.height};
    const auto is_beside = [&](const Box& box) { return picture.holds(box) && !box.overlaps(matrix.field); };
    for (const graph::Heading& heading : matrix.rows) {
      CHECK(is_beside(heading.box));
      CHECK(graph::text_width(base::display_width(heading.text)) + 6 <= heading.box.width);
    }
    for (const graph::Heading& heading : matrix.columns) {
      CHECK(is_beside(heading.box));
      CHECK(graph::text_width(base::display_width(heading.text)) + 6 <= heading.box.height);
    }
    for (const graph::Band& band : matrix.row_bands) CHECK(is_beside(band.box));
    for (const graph::Band& band : matrix.column_bands) CHECK(is_beside(band.box));
  }
}

TEST_CASE("a cell counts hosts, and shows what changes if something does") {
  graph::Topology all;
  all.meshes = {{.name = "m", .facts = {}}};
  all.clusters = {{.name = "a", .mesh = 0, .network = "a", .gateway = {}, .facts = {}},
                  {.name = "b", .mesh = 0, .network = "b", .gateway = {}, .facts = {}}};
  for (std::uint32_t i = 0; i < 3; ++i) {
    all.hosts.push_back({.name = std::to_string(i),
                         .exported = std::to_string(i),
                         .aliases = {},
                         .facts = {},
                         .local = {},
                         .digest = {}});
    all.links.push_back({0, 1, i});
  }
  CHECK(graph::matrix(all).cells.at(0).text == "3");
  all.links[0].change = graph::Change::added;
  CHECK(graph::matrix(all).cells.at(0).text == "+1");
  all.links[1].change = graph::Change::removed;
  CHECK(graph::matrix(all).cells.at(0).text == "±2");
  CHECK(graph::matrix(all).cells.at(0).count == 2);
  for (graph::Link& link : all.links) link.change = graph::Change::removed;
  CHECK(graph::matrix(all).cells.at(0).text == "−3");
  CHECK(graph::matrix(all).cells.at(0).title == "b calls 3 hosts of a: −0, −1, −2");
}
