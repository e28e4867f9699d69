// Where things stand in a diagram. Nothing lies on anything else, whatever the federation looks like.
#include "graph/diagram.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "fleet.hpp"
#include "graph/svg.hpp"

using namespace meshfed;
using graph::Box;
using graph::Diagram;
using graph::Point;

namespace {

constexpr std::uint64_t kSeeds = 300;

template <class Test>
void each_diagram(Test test) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    const graph::Topology topology = testing::random_topology(seed, graph::kMostInDiagram);
    test(topology, graph::diagram(topology));
  }
}

/// A horizontal or vertical piece of a wire, and the cluster that it leads to.
struct Piece {
  std::uint32_t server;
  Point from, to;

  Box box() const {
    const int x = std::min(from.x, to.x), y = std::min(from.y, to.y);
    return {x, y, std::max(from.x, to.x) - x, std::max(from.y, to.y) - y};
  }
};

std::vector<Piece> pieces_of(const Diagram& diagram) {
  std::vector<Piece> pieces;
  for (const graph::Wire& wire : diagram.wires) pieces.push_back({wire.server, wire.from, wire.to});
  for (const graph::Stub& stub : diagram.stubs) pieces.push_back({stub.server, stub.card, stub.wire});
  return pieces;
}

bool crosses(const Piece& piece, const Box& box) {
  const Box own = piece.box();
  return own.x < box.right() && box.x < own.right() + (own.width == 0 ? 1 : 0) && own.y < box.bottom() &&
         box.y < own.bottom() + (own.height == 0 ? 1 : 0);
}

}  // namespace

TEST_CASE("no two boxes of a diagram overlap, and everything is inside of what holds it") {
  each_diagram([](const graph::Topology& topology, const Diagram& diagram) {
    const Box picture{0, 0, diagram.width, diagram.height};
    REQUIRE(diagram.cards.size() == topology.clusters.size());
    REQUIRE(diagram.frames.size() == topology.meshes.size());
    for (std::size_t i = 0; i < diagram.frames.size(); ++i) {
      CHECK(picture.holds(diagram.frames[i].box));
      for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(diagram.frames[i].box.overlaps(diagram.frames[k].box));
    }
    for (std::size_t i = 0; i < diagram.cards.size(); ++i) {
      const graph::Card& card = diagram.cards[i];
      CHECK(diagram.frames[topology.clusters[card.cluster].mesh].box.holds(card.box));
      for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(card.box.overlaps(diagram.cards[k].box));
      for (std::size_t k = 0; k < card.rows.size(); ++k) {
        CHECK(card.box.holds(card.rows[k].box));
        if (k > 0) CHECK_FALSE(card.rows[k].box.overlaps(card.rows[k - 1].box));
      }
    }
  });
}

TEST_CASE("every label of a diagram fits into its row") {
  each_diagram([](const graph::Topology&, const Diagram& diagram) {
    for (const graph::Card& card : diagram.cards) {
      for (const graph::Row& row : card.rows) {
        const std::size_t columns = base::display_width(row.left) + base::display_width(row.right) + 3;  // a sign
        CHECK(graph::text_width(columns) <= row.box.width);
      }
    }
  });
}

TEST_CASE("each cluster that is called has a row in the caller's card, and a stub at that row") {
  each_diagram([](const graph::Topology& topology, const Diagram& diagram) {
    std::set<std::tuple<std::uint32_t, std::uint32_t>> calls, rows;
    for (const graph::Link& link : topology.links) calls.emplace(link.consumer, link.server);
    std::map<std::tuple<std::uint32_t, std::uint32_t>, int> stubs;
    for (const graph::Stub& stub : diagram.stubs) {
      if (stub.consumer == stub.server) continue;
      CHECK(stubs.emplace(std::tuple(stub.consumer, stub.server), stub.card.y).second);
    }
    for (const graph::Card& card : diagram.cards) {
      for (const graph::Row& row : card.rows) {
        if (row.kind != graph::Row::Kind::calls) continue;
        rows.emplace(card.cluster, row.peer);
        REQUIRE(stubs.contains({card.cluster, row.peer}));
        CHECK((stubs.at({card.cluster, row.peer}) == row.box.y + row.box.height / 2));
      }
    }
    CHECK(rows == calls);
    CHECK(stubs.size() == calls.size());
  });
}

TEST_CASE("no wire runs behind a card, or outside of the picture") {
  each_diagram([](const graph::Topology&, const Diagram& diagram) {
    const Box picture{0, 0, diagram.width, diagram.height};
    for (const Piece& piece : pieces_of(diagram)) {
      CHECK(picture.holds(piece.box()));
      CHECK(piece.box().y > 50);  // below the heading
      for (const graph::Card& card : diagram.cards) CHECK_FALSE(crosses(piece, card.box));
    }
  });
}

TEST_CASE("wires to different clusters cross, but never lie on each other") {
  each_diagram([](const graph::Topology&, const Diagram& diagram) {
    const std::vector<Piece> pieces = pieces_of(diagram);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (pieces[i].server == pieces[k].server) continue;
        const Box a = pieces[i].box(), b = pieces[k].box();
        const bool on_one_line = (a.width == 0 && b.width == 0 && std::abs(a.x - b.x) < 4) ||
                                 (a.height == 0 && b.height == 0 && std::abs(a.y - b.y) < 4);
        const bool apart = a.right() < b.x || b.right() < a.x || a.bottom() < b.y || b.bottom() < a.y;
        CHECK((!on_one_line || apart || std::max(std::abs(a.x - b.x), std::abs(a.y - b.y)) >= 4));
      }
    }
  });
}

TEST_CASE("wires to one cluster hang together: each of their ends is at another, or at a card") {
  each_diagram([](const graph::Topology&, const Diagram& diagram) {
    for (const graph::Wire& wire : diagram.wires) {
      for (const Point& end : {wire.from, wire.to}) {
        const auto meets = [&](const Box& box) {
          return box.x <= end.x && end.x <= box.right() && box.y <= end.y && end.y <= box.bottom();
        };
        const bool at_stub = std::any_of(diagram.stubs.begin(), diagram.stubs.end(), [&](const graph::Stub& stub) {
          return stub.server == wire.server && meets(Piece{0, stub.card, stub.wire}.box());
        });
        const bool at_wire = std::any_of(diagram.wires.begin(), diagram.wires.end(), [&](const graph::Wire& other) {
          return &other != &wire && other.server == wire.server && meets(Piece{0, other.from, other.to}.box());
        });
        CHECK((at_stub || at_wire));
      }
    }
  });
}

TEST_CASE("a picture depends on what it shows, and on no order") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    graph::Topology topology = testing::random_topology(seed, 25);
    const std::string svg = graph::svg(topology);
    std::reverse(topology.links.begin(), topology.links.end());
    std::reverse(topology.servings.begin(), topology.servings.end());
    graph::arrange(topology);
    CHECK(graph::svg(topology) == svg);
  }
}
