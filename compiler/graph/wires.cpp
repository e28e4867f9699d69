// The wires of a diagram. All calls to one cluster that leave its card on one side are a tree: a vertical wire in each
// gutter where one of its callers, or the cluster itself, has its stub, and if these are several gutters a horizontal
// one in the band above that connects them. Wires of different trees share a track only where they do not meet.
#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "graph/diagram_parts.hpp"
#include "graph/label.hpp"

namespace meshfed::graph {
namespace {

constexpr int kTrack = 12;  // from one wire to the next
constexpr int kBandTrack = 10;
constexpr int kGutterPadding = 20;
constexpr int kLeastGutter = 64;
constexpr int kBandPadding = 16;

enum class Side : std::uint8_t { left, right };

struct Tree {
  std::uint32_t server = 0;
  Side side = Side::right;
  int lane = 0;  // in the band above; only of a tree in several gutters

  auto key() const { return std::tuple(server, side); }
};

/// One tree in one gutter.
struct Drop {
  std::size_t tree = 0;
  std::size_t gutter = 0;
  int top = 0;
  int bottom = 0;
  bool high = false;  // goes up to the band
  int track = 0;
  int x = 0;
};

/// An interval that needs a track of its own for as long as it lasts.
struct Interval {
  int from = 0;
  int to = 0;
  int track = 0;
};

/// The fewest tracks, in the order of the intervals' beginnings; how many there are.
int assign_tracks(std::vector<Interval>& intervals, int distance) {
  std::vector<std::size_t> order(intervals.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return intervals[a].from < intervals[b].from; });
  std::vector<int> ends;
  for (const std::size_t i : order) {
    const auto is_free = [&](int end) { return end + distance <= intervals[i].from; };
    const auto found = std::find_if(ends.begin(), ends.end(), is_free);
    intervals[i].track = static_cast<int>(found - ends.begin());
    if (found == ends.end())
      ends.push_back(intervals[i].to);
    else
      *found = intervals[i].to;
  }
  return static_cast<int>(ends.size());
}

class Router {
 public:
  Router(const Topology& topology, const Columns& columns, int width, Diagram& diagram)
      : topology_(topology), columns_(columns), width_(width), diagram_(diagram) {}

  int route(const std::vector<Bundle>& bundles) {
    for (const Bundle& bundle : bundles) {
      const std::size_t tree = tree_of(bundle.server, side_towards(bundle.server, bundle.consumer));
      const int y = row_of(bundle.consumer, Row::Kind::calls, bundle.server);
      enter(tree, gutter_of(bundle.consumer, side_towards(bundle.consumer, bundle.server)), y);
    }
    for (std::size_t tree = 0; tree < trees_.size(); ++tree)
      enter(tree, gutter_of(trees_[tree].server, trees_[tree].side), row_of(trees_[tree].server, Row::Kind::serves, 0));
    lift();
    const std::vector<int> widths = give_tracks();
    place(widths);
    const int lanes = give_lanes();
    connect(bundles);
    add_wires();
    return lanes == 0 ? 0 : kBandPadding + lanes * kBandTrack;
  }

 private:
  /// Clusters of one column meet in the gutter to the right of it, where there is one between columns.
  Side side_towards(std::uint32_t from, std::uint32_t to) const {
    const std::size_t own = columns_.of[from], other = columns_.of[to];
    if (own != other) return own < other ? Side::right : Side::left;
    return own + 1 < columns_.count || columns_.count == 1 ? Side::right : Side::left;
  }
  std::size_t gutter_of(std::uint32_t cluster, Side side) const {
    return columns_.of[cluster] + (side == Side::right ? 1 : 0);
  }

  int row_of(std::uint32_t cluster, Row::Kind kind, std::uint32_t peer) const {
    for (const Row& row : diagram_.cards[cluster].rows) {
      if (row.kind == kind && (kind == Row::Kind::serves || row.peer == peer)) return row.box.y + row.box.height / 2;
    }
    return diagram_.cards[cluster].box.y + kCardHeader / 2;
  }

  std::size_t tree_of(std::uint32_t server, Side side) {
    const auto [place, is_new] = tree_ids_.emplace(std::tuple(server, side), trees_.size());
    if (is_new) trees_.push_back({.server = server, .side = side});
    return place->second;
  }

  void enter(std::size_t tree, std::size_t gutter, int y) {
    const auto [place, is_new] = drop_ids_.emplace(std::tuple(tree, gutter), drops_.size());
    if (is_new) drops_.push_back({.tree = tree, .gutter = gutter, .top = y, .bottom = y});
    Drop& drop = drops_[place->second];
    drop.top = std::min(drop.top, y);
    drop.bottom = std::max(drop.bottom, y);
  }

  /// A tree in several gutters goes up in each.
  void lift() {
    std::vector<int> gutters(trees_.size());
    for (const Drop& drop : drops_) ++gutters[drop.tree];
    for (Drop& drop : drops_) drop.high = gutters[drop.tree] > 1;
  }

  std::vector<int> give_tracks() {
    std::vector<int> widths;
    for (std::size_t gutter = 0; gutter <= columns_.count; ++gutter) {
      std::vector<Interval> intervals;
      std::vector<std::size_t> ids;
      for (std::size_t i = 0; i < drops_.size(); ++i) {
        if (drops_[i].gutter != gutter) continue;
        ids.push_back(i);
        intervals.push_back({drops_[i].high ? std::numeric_limits<int>::min() / 2 : drops_[i].top, drops_[i].bottom});
      }
      const int tracks = assign_tracks(intervals, kTrack);
      for (std::size_t i = 0; i < ids.size(); ++i) drops_[ids[i]].track = intervals[i].track;
      const bool outer = gutter == 0 || gutter == columns_.count;
      widths.push_back(tracks == 0 ? (outer ? 0 : kLeastGutter)
                                   : std::max(kLeastGutter, 2 * kGutterPadding + (tracks - 1) * kTrack));
      tracks_.push_back(tracks);
    }
    return widths;
  }

  /// From left to right: gutters and columns in turn.
  void place(const std::vector<int>& widths) {
    std::vector<int> gutters, lefts;
    int x = kMargin;
    for (std::size_t i = 0; i <= columns_.count; ++i) {
      gutters.push_back(x);
      x += widths[i];
      lefts.push_back(x);
      if (i < columns_.count) x += width_ + 2 * kFramePadding;
    }
    diagram_.width = x + kMargin;
    for (Card& one : diagram_.cards) {
      one.box.x = lefts[columns_.of[one.cluster]] + kFramePadding;
      for (Row& row : one.rows) {
        row.box.x = one.box.x;
        row.box.width = width_;
      }
    }
    for (Frame& frame : diagram_.frames) {
      frame.box.x = lefts[columns_.of_mesh[frame.mesh]];
      frame.box.width = width_ + 2 * kFramePadding;
    }
    for (Drop& drop : drops_) {
      const int taken = (tracks_[drop.gutter] - 1) * kTrack;
      drop.x = gutters[drop.gutter] + (widths[drop.gutter] - taken) / 2 + drop.track * kTrack;
    }
  }

  int give_lanes() {
    std::vector<Interval> intervals(trees_.size(), {std::numeric_limits<int>::max(), 0});
    for (const Drop& drop : drops_) {
      Interval& interval = intervals[drop.tree];
      interval.from = std::min(interval.from, drop.x);
      interval.to = std::max(interval.to, drop.x);
    }
    std::vector<Interval> wide;
    std::vector<std::size_t> ids;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      if (intervals[i].from >= intervals[i].to) continue;
      wide.push_back(intervals[i]);
      ids.push_back(i);
    }
    const int lanes = assign_tracks(wide, kTrack);
    for (std::size_t i = 0; i < ids.size(); ++i) trees_[ids[i]].lane = wide[i].track;
    return lanes;
  }

  int lane_y(const Tree& tree) const { return -kBandPadding - tree.lane * kBandTrack; }
  const Drop& drop(std::size_t tree, std::size_t gutter) const { return drops_[drop_ids_.at({tree, gutter})]; }

  void connect(const std::vector<Bundle>& bundles) {
    for (const Bundle& bundle : bundles) {
      const std::size_t tree = tree_ids_.at({bundle.server, side_towards(bundle.server, bundle.consumer)});
      const Side side = side_towards(bundle.consumer, bundle.server);
      add_stub(tree, bundle.consumer, side, row_of(bundle.consumer, Row::Kind::calls, bundle.server),
               change_of(topology_, bundle), title(topology_, bundle));
    }
    for (std::size_t tree = 0; tree < trees_.size(); ++tree)
      add_stub(tree, trees_[tree].server, trees_[tree].side, row_of(trees_[tree].server, Row::Kind::serves, 0),
               Change::none, "");
  }

  void add_stub(std::size_t tree, std::uint32_t cluster, Side side, int y, Change change, std::string words) {
    const Drop& own = drop(tree, gutter_of(cluster, side));
    const Box& card = diagram_.cards[cluster].box;
    int bend = 0;
    if (own.top < own.bottom || own.high) {
      if (y == own.bottom) bend = -1;
      if (y == own.top && !own.high) bend = 1;
      if (bend == 0) diagram_.joints.push_back({trees_[tree].server, {own.x, y}});
    }
    diagram_.stubs.push_back({.server = trees_[tree].server,
                              .consumer = cluster,
                              .card = {side == Side::right ? card.right() : card.x, y},
                              .wire = {own.x, y},
                              .bend = bend,
                              .change = change,
                              .title = std::move(words)});
  }

  void add_wires() {
    std::vector<Interval> spans(trees_.size(), {std::numeric_limits<int>::max(), std::numeric_limits<int>::min()});
    for (const Drop& drop : drops_) {
      if (!drop.high) continue;
      spans[drop.tree].from = std::min(spans[drop.tree].from, drop.x);
      spans[drop.tree].to = std::max(spans[drop.tree].to, drop.x);
    }
    for (const Drop& drop : drops_) {
      const Tree& tree = trees_[drop.tree];
      const Interval& span = spans[drop.tree];
      const int top = drop.high ? lane_y(tree) : drop.top;
      const bool passes = drop.high && span.from < drop.x && drop.x < span.to;
      if (top < drop.bottom)
        diagram_.wires.push_back({tree.server, {drop.x, top}, {drop.x, drop.bottom}, !passes, true});
      if (passes) diagram_.joints.push_back({tree.server, {drop.x, top}});
      if (drop.high && !passes) diagram_.corners.push_back({tree.server, {drop.x, top}, drop.x == span.from ? 1 : -1});
    }
    for (std::size_t i = 0; i < trees_.size(); ++i) {
      const int y = lane_y(trees_[i]);
      if (spans[i].from < spans[i].to)
        diagram_.wires.push_back({trees_[i].server, {spans[i].from, y}, {spans[i].to, y}, true, true});
    }
  }

  const Topology& topology_;
  const Columns& columns_;
  const int width_;  // of cards
  Diagram& diagram_;
  std::vector<Tree> trees_;
  std::vector<Drop> drops_;
  std::vector<int> tracks_;  // by gutter
  std::map<std::tuple<std::uint32_t, Side>, std::size_t> tree_ids_;
  std::map<std::tuple<std::size_t, std::size_t>, std::size_t> drop_ids_;
};

}  // namespace

int route(const Topology& topology, const Columns& columns, int width, const std::vector<Bundle>& bundles,
          Diagram& diagram) {
  return Router(topology, columns, width, diagram).route(bundles);
}

}  // namespace meshfed::graph
