#include "graph/matrix.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/label.hpp"

namespace meshfed::graph {
namespace {

constexpr std::size_t kMostHeading = 28;  // columns of text
constexpr int kBand = 22;                 // how wide the band of a mesh is
constexpr int kGroupGap = 8;              // between the clusters of two meshes

/// "999", "1k", "12k", "1M"
std::string short_count(std::size_t count) {
  if (count < 1'000) return std::to_string(count);
  return count < 1'000'000 ? fmt::format("{}k", count / 1'000) : fmt::format("{}M", count / 1'000'000);
}

/// Of a bundle in which some links change, how many do: "+3" if they all do the same, "±3" otherwise.
std::string text_of(const Topology& topology, const Bundle& bundle, std::size_t count) {
  const Change change = change_of(topology, bundle);
  if (change == Change::none) return short_count(count);
  std::size_t changed = 0;
  Change same = Change::none;
  bool mixed = false;
  for (const std::uint32_t id : bundle.links) {
    const Change own = topology.links[id].change;
    if (own == Change::none) continue;
    mixed = mixed || (changed > 0 && own != same);
    same = own;
    ++changed;
  }
  return fmt::format("{}{}", mixed ? "±" : sign(same), short_count(changed));
}

/// Where each cluster's row begins, counted from the first one.
std::vector<int> offsets_of(const Topology& topology) {
  std::vector<int> offsets;
  int at = 0;
  for (std::size_t i = 0; i < topology.clusters.size(); ++i) {
    if (i > 0 && topology.clusters[i].mesh != topology.clusters[i - 1].mesh) at += kGroupGap;
    offsets.push_back(at);
    at += kCell;
  }
  return offsets;
}

void add_headings(const Topology& topology, const std::vector<int>& offsets, int room, Matrix& matrix) {
  for (std::uint32_t id = 0; id < offsets.size(); ++id) {
    const std::string text = fitted(topology.clusters[id].name, kMostHeading);
    const Box& field = matrix.field;
    matrix.rows.push_back({id, {field.x - room, field.y + offsets[id], room, kCell}, text});
    matrix.columns.push_back({id, {field.x + offsets[id], field.y - room, kCell, room}, text});
    matrix.diagonal.push_back({field.x + offsets[id], field.y + offsets[id], kCell, kCell});
  }
}

void add_bands(const Topology& topology, const std::vector<int>& offsets, int room, Matrix& matrix) {
  for (std::size_t begin = 0, end = 0; begin < offsets.size(); begin = end) {
    const std::uint32_t mesh = topology.clusters[begin].mesh;
    while (end < offsets.size() && topology.clusters[end].mesh == mesh) ++end;
    const int from = offsets[begin], length = offsets[end - 1] + kCell - from;
    const std::size_t columns = static_cast<std::size_t>(length) * 10 / 73;
    const std::string text = columns < 4 ? "" : fitted(topology.meshes[mesh].name, columns);
    const Box& field = matrix.field;
    matrix.row_bands.push_back({mesh, {field.x - room - kBand - 4, field.y + from, kBand, length}, text});
    matrix.column_bands.push_back({mesh, {field.x + from, field.y - room - kBand - 4, length, kBand}, text});
  }
}

void add_cells(const Topology& topology, const std::vector<int>& offsets, Matrix& matrix) {
  std::size_t greatest = 1;
  for (const Bundle& bundle : bundles(topology)) {
    std::size_t count = 0;
    for (const std::uint32_t id : bundle.links) count += topology.links[id].change == Change::removed ? 0 : 1;
    if (count == 0) count = bundle.links.size();
    greatest = std::max(greatest, count);
    matrix.cells.push_back(
        {.box = {matrix.field.x + offsets[bundle.consumer], matrix.field.y + offsets[bundle.server], kCell, kCell},
         .count = count,
         .text = text_of(topology, bundle, count),
         .title = title(topology, bundle),
         .change = change_of(topology, bundle)});
  }
  for (Cell& cell : matrix.cells) cell.shade = static_cast<int>((cell.count * 5 + greatest - 1) / greatest);
}

}  // namespace

Matrix matrix(const Topology& topology) {
  Matrix matrix;
  std::size_t columns = 8;
  for (const ClusterNode& cluster : topology.clusters)
    columns = std::max(columns, std::min(base::display_width(cluster.name), kMostHeading));
  const int room = text_width(columns) + 10;
  const std::vector<int> offsets = offsets_of(topology);
  const int length = offsets.empty() ? 0 : offsets.back() + kCell;
  const int before = kMargin + kBand + 4 + room;
  matrix.field = {before, kTitleHeight + kBand + 4 + room, length, length};
  matrix.width = std::max(matrix.field.right() + kMargin, 2 * kMargin + text_width(70));
  matrix.height = matrix.field.bottom() + kLegendHeight + kMargin;
  add_headings(topology, offsets, room, matrix);
  add_bands(topology, offsets, room, matrix);
  add_cells(topology, offsets, matrix);
  return matrix;
}

}  // namespace meshfed::graph
