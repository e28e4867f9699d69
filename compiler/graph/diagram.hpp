// Where everything of a small federation stands in its picture: a card for each cluster, in a frame for each mesh, the
// frames in columns; a line of the card for each cluster that it calls. Wires run in the gutters between the columns
// and in a band above them, never behind a card: all calls to one cluster are one tree of wires that ends in its card.
//
// Lengths are pixels, counted by columns of text: no font is measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/topology.hpp"

namespace meshfed::graph {

struct Point {
  int x = 0;
  int y = 0;
};

struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  int right() const { return x + width; }
  int bottom() const { return y + height; }
  bool overlaps(const Box& other) const {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
  bool holds(const Box& other) const {
    return x <= other.x && y <= other.y && other.right() <= right() && other.bottom() <= bottom();
  }
};

/// A line of a card: what the cluster serves, runs for itself, or calls of one other cluster.
struct Row {
  enum class Kind : std::uint8_t { serves, local, calls };

  Kind kind = Kind::calls;
  std::uint32_t peer = 0;  // of calls: the cluster that serves
  Box box = {};
  std::string left;
  std::string right;
  std::string title;
  Change change = Change::none;
};

struct Card {
  std::uint32_t cluster = 0;
  Box box = {};
  std::vector<Row> rows;
};

struct Frame {
  std::uint32_t mesh = 0;
  Box box = {};
};

/// From a card to the wire that runs along its gutter.
struct Stub {
  std::uint32_t server = 0;
  std::uint32_t consumer = 0;  // whose card it is; of the server's own stub the server
  Point card;
  Point wire;
  int bend = 0;  // where the wire goes on from its end: -1 up, 1 down; 0: it passes
  Change change = Change::none;
  std::string title;
};

/// A straight piece of the wires to one server.
struct Wire {
  std::uint32_t server = 0;
  Point from;  // its upper or left end
  Point to;
  bool bends_from = false;  // at that end it goes on around a corner, and with no other piece
  bool bends_to = false;
};

/// Where a wire of the band turns down into a gutter.
struct Corner {
  std::uint32_t server = 0;
  Point at;
  int towards = 0;  // the wire comes from the left, -1, or from the right, 1
};

/// Where wires to one server meet; those that cross elsewhere have nothing to do with each other.
struct Joint {
  std::uint32_t server = 0;
  Point at;
};

struct Diagram {
  int width = 0;
  int height = 0;
  std::vector<Frame> frames;
  std::vector<Card> cards;
  std::vector<Stub> stubs;
  std::vector<Wire> wires;
  std::vector<Joint> joints;
  std::vector<Corner> corners;
  std::vector<std::uint32_t> colours;  // of each cluster that serves; by cluster
};

inline constexpr int kMargin = 24;
inline constexpr int kTitleHeight = 64;
inline constexpr int kLegendHeight = 34;
// Cards and frames, each with the gap below it, are a whole number of rows high, and every other column is moved by
// half a row: so no two rows of neighbouring columns are level, and their stubs cannot lie on each other.
inline constexpr int kRowHeight = 22;
inline constexpr int kCardHeader = 2 * kRowHeight;
inline constexpr int kCardFoot = 8;
inline constexpr int kCardGap = kRowHeight - kCardFoot;
inline constexpr int kFrameHeader = 36;
inline constexpr int kFrameGap = 3 * kRowHeight - kFrameHeader;
inline constexpr std::uint32_t kColours = 12;

/// The width of so many columns of the text of cards, which is monospaced.
constexpr int text_width(std::size_t columns) { return static_cast<int>((columns * 73 + 9) / 10); }

/// The most clusters that a diagram can show; a matrix shows more.
inline constexpr std::size_t kMostInDiagram = 15;

Diagram diagram(const Topology& topology);

}  // namespace meshfed::graph
