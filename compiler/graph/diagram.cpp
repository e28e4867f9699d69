#include "graph/diagram.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/diagram_parts.hpp"
#include "graph/label.hpp"

namespace meshfed::graph {
namespace {

constexpr std::size_t kMostColumns = 4;
constexpr std::size_t kLeftColumns = 26;   // of text, for the name of a cluster in a row
constexpr std::size_t kRightColumns = 26;  // for what is called there
constexpr std::size_t kLeastText = 26;     // columns of a card
constexpr std::size_t kMostHeading = 44;   // of a card, for its heading; its rows may need more
constexpr int kCardPadding = 12;

using Hosts = std::vector<std::uint32_t>;

Change change_of(const std::vector<Change>& changes) {
  const bool same =
      std::all_of(changes.begin(), changes.end(), [&](Change change) { return change == changes.front(); });
  return same ? changes.front() : Change::changed;
}

Row hosts_row(const Topology& topology, Row::Kind kind, const std::string& what, const Hosts& hosts, Change change) {
  std::vector<std::string> names;
  for (const std::uint32_t host : hosts) names.push_back(topology.hosts[host].name);
  return {.kind = kind,
          .left = what,
          .right = names_or_count(topology, hosts, kRightColumns),
          .title = fmt::format("{} {}: {}", what, base::plural(hosts.size(), "host"), base::join(names, ", ", 10)),
          .change = change};
}

/// Without places yet.
std::vector<Card> cards_of(const Topology& topology, const std::vector<Bundle>& bundles) {
  std::vector<Card> cards(topology.clusters.size());
  std::vector<Hosts> served(cards.size()), local(cards.size());
  std::vector<std::vector<Change>> changes(cards.size());
  for (const Serving& serving : topology.servings) {
    served[serving.cluster].push_back(serving.host);
    changes[serving.cluster].push_back(serving.change);
  }
  for (std::uint32_t host = 0; host < topology.hosts.size(); ++host)
    for (const std::uint32_t cluster : topology.hosts[host].local) local[cluster].push_back(host);
  for (std::uint32_t id = 0; id < cards.size(); ++id) {
    Card& card = cards[id];
    card.cluster = id;
    if (!served[id].empty())
      card.rows.push_back(hosts_row(topology, Row::Kind::serves, "serves", served[id], change_of(changes[id])));
    if (!local[id].empty())
      card.rows.push_back(hosts_row(topology, Row::Kind::local, "runs for itself", local[id], Change::none));
  }
  for (const Bundle& bundle : bundles)
    cards[bundle.consumer].rows.push_back(
        {.kind = Row::Kind::calls,
         .peer = bundle.server,
         .left = fmt::format("→ {}", fitted(topology.clusters[bundle.server].name, kLeftColumns - 2)),
         .right = label(topology, bundle, kRightColumns),
         .title = title(topology, bundle),
         .change = graph::change_of(topology, bundle)});
  return cards;
}

/// As wide as the widest of their texts needs, the same for all cards.
int card_width(const Topology& topology, const std::vector<Card>& cards) {
  std::size_t columns = kLeastText;
  for (const Card& card : cards) {
    const ClusterNode& cluster = topology.clusters[card.cluster];
    const std::size_t heading =
        std::max(base::display_width(cluster.name) * 80, base::display_width(detail(cluster)) * 67);
    columns = std::max(columns, std::min(heading / 73 + 3, kMostHeading));
    for (const Row& row : card.rows)
      columns = std::max(columns, base::display_width(row.left) + base::display_width(row.right) + 4);
  }
  return text_width(columns) + 2 * kCardPadding;
}

int card_height(const Card& card) { return kCardHeader + static_cast<int>(card.rows.size()) * kRowHeight + kCardFoot; }

/// The meshes of each column: as many columns as meshes, or, of many meshes, so that the highest column is low.
std::vector<std::size_t> columns_of(const std::vector<int>& heights) {
  if (heights.size() <= kMostColumns) {
    std::vector<std::size_t> each(heights.size());
    for (std::size_t i = 0; i < each.size(); ++i) each[i] = i;
    return each;
  }
  const auto fill = [&](int limit) {
    std::vector<std::size_t> columns;
    std::size_t column = 0;
    int height = 0;
    for (const int own : heights) {
      if (height > 0 && height + own > limit) {
        ++column;
        height = 0;
      }
      height += own + kFrameGap;
      columns.push_back(column);
    }
    return columns;
  };
  int low = *std::max_element(heights.begin(), heights.end()), high = 0;
  for (const int height : heights) high += height + kFrameGap;
  while (low < high) {  // the least height that fits
    const int middle = low + (high - low) / 2;
    if (fill(middle).back() < kMostColumns)
      high = middle;
    else
      low = middle + 1;
  }
  return fill(low);
}

/// The frames and cards from top to bottom; each column in the middle of the height.
Columns stack(const Topology& topology, Diagram& diagram) {
  std::vector<int> heights(topology.meshes.size(), kFrameHeader);
  for (const Card& card : diagram.cards) heights[topology.clusters[card.cluster].mesh] += card_height(card) + kCardGap;
  const std::vector<std::size_t> mesh_columns = columns_of(heights);
  Columns columns{.count = mesh_columns.empty() ? 0 : mesh_columns.back() + 1, .of = {}, .of_mesh = mesh_columns};
  std::vector<int> bottoms(columns.count);
  for (std::uint32_t mesh = 0; mesh < heights.size(); ++mesh) {
    int& bottom = bottoms[mesh_columns[mesh]];
    diagram.frames.push_back({mesh, {.x = 0, .y = bottom, .width = 0, .height = heights[mesh]}});
    bottom += heights[mesh] + kFrameGap;
  }
  const int highest = bottoms.empty() ? 0 : *std::max_element(bottoms.begin(), bottoms.end());
  for (Frame& frame : diagram.frames) {
    const std::size_t column = mesh_columns[frame.mesh];
    const int above = (highest - bottoms[column]) / 2;
    frame.box.y += above - above % kRowHeight + (column % 2 == 1 ? kRowHeight / 2 : 0);
  }
  std::vector<int> next;
  for (const Frame& frame : diagram.frames) next.push_back(frame.box.y + kFrameHeader);
  for (Card& card : diagram.cards) {
    const std::uint32_t mesh = topology.clusters[card.cluster].mesh;
    columns.of.push_back(mesh_columns[mesh]);
    card.box.y = next[mesh];
    card.box.height = card_height(card);
    next[mesh] += card.box.height + kCardGap;
    for (std::size_t i = 0; i < card.rows.size(); ++i)
      card.rows[i].box = {
          .x = 0, .y = card.box.y + kCardHeader + static_cast<int>(i) * kRowHeight, .width = 0, .height = kRowHeight};
  }
  return columns;
}

void move_down(Diagram& diagram, int by) {
  for (Frame& frame : diagram.frames) frame.box.y += by;
  for (Card& card : diagram.cards) {
    card.box.y += by;
    for (Row& row : card.rows) row.box.y += by;
  }
  for (Stub& stub : diagram.stubs) {
    stub.card.y += by;
    stub.wire.y += by;
  }
  for (Wire& wire : diagram.wires) {
    wire.from.y += by;
    wire.to.y += by;
  }
  for (Joint& joint : diagram.joints) joint.at.y += by;
  for (Corner& corner : diagram.corners) corner.at.y += by;
}

}  // namespace

Diagram diagram(const Topology& topology) {
  const std::vector<Bundle> all = bundles(topology);
  Diagram diagram;
  diagram.cards = cards_of(topology, all);
  diagram.colours.resize(topology.clusters.size());
  std::uint32_t next = 0;
  for (const Card& card : diagram.cards) {
    const bool serves = !card.rows.empty() && card.rows.front().kind == Row::Kind::serves;
    if (serves) diagram.colours[card.cluster] = next++ % kColours;
  }
  const int width = card_width(topology, diagram.cards);
  for (Card& card : diagram.cards) card.box.width = width;
  const Columns columns = stack(topology, diagram);
  const int band = route(topology, columns, width, all, diagram);
  move_down(diagram, kTitleHeight + band);
  int bottom = kTitleHeight;
  for (const Frame& frame : diagram.frames) bottom = std::max(bottom, frame.box.bottom());
  diagram.width = std::max(diagram.width, 2 * kMargin + text_width(70));
  diagram.height = bottom + kLegendHeight + kMargin;
  return diagram;
}

}  // namespace meshfed::graph
