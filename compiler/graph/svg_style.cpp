#include "graph/svg_style.hpp"

#include <string_view>

#include <fmt/format.h>

#include "graph/diagram.hpp"

namespace meshfed::graph {
namespace {

struct Theme {
  std::string_view page, frame, card, edge, text, soft, added, removed, changed;
  std::string_view added_back, removed_back, changed_back;
  std::string_view shades[5];      // of cells
  std::string_view shade_text[5];  // on them
  std::string_view lines[kColours];
};

constexpr Theme kLight{
    .page = "#ffffff",
    .frame = "#f3f5f8",
    .card = "#ffffff",
    .edge = "#c9d1d9",
    .text = "#1f2328",
    .soft = "#59636e",
    .added = "#1a7f37",
    .removed = "#cf222e",
    .changed = "#9a6700",
    .added_back = "#dafbe1",
    .removed_back = "#ffebe9",
    .changed_back = "#fff8c5",
    .shades = {"#ddf0ff", "#b6dcfe", "#79b8f5", "#3b82d6", "#0b53a8"},
    .shade_text = {"#1f2328", "#1f2328", "#1f2328", "#ffffff", "#ffffff"},
    .lines = {"#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#9a6700", "#0e7c86", "#cf222e", "#4f5bd5",
              "#5c7c12", "#7d4e2d", "#57606a"},
};

constexpr Theme kDark{
    .page = "#0d1117",
    .frame = "#151b23",
    .card = "#212830",
    .edge = "#3d444d",
    .text = "#f0f6fc",
    .soft = "#9198a1",
    .added = "#3fb950",
    .removed = "#ff7b72",
    .changed = "#d29922",
    .added_back = "#12361e",
    .removed_back = "#47191c",
    .changed_back = "#3a2d05",
    .shades = {"#12263d", "#17406b", "#1f5c9e", "#3f83d6", "#82b7f7"},
    .shade_text = {"#f0f6fc", "#f0f6fc", "#f0f6fc", "#0d1117", "#0d1117"},
    .lines = {"#4493f8", "#f0883e", "#3fb950", "#ab7df8", "#f778ba", "#d29922", "#39c5cf", "#ff7b72", "#8c96ff",
              "#a5c33b", "#c99a75", "#9198a1"},
};

/// What is the same in both.
constexpr std::string_view kShapes =
    R"(text { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace }
.heading { font-size: 17px; font-weight: 700 }
.name { font-size: 13px; font-weight: 700 }
.soft, .cell text { font-size: 11px }
.value { text-anchor: end }
.middle, .cell text { text-anchor: middle }
.wire, .stub { fill: none; stroke-width: 2; stroke-linecap: round }
.halo { fill: none; stroke-width: 6 }
.line { fill: transparent }
.del .stub { stroke-dasharray: 5 4 }
.del > .body, .del > .frame, .del > rect:only-of-type { stroke-dasharray: 5 4 }
)";

void add_change(std::string& out, std::string_view name, std::string_view colour, std::string_view back) {
  fmt::format_to(std::back_inserter(out), R"(.{0} > .body, .{0} > .frame, .cell.{0} rect {{ stroke: {1} }}
.{0} > text, .key.{0}, .label.{0}, .value.{0}, .cell.{0} text {{ fill: {1} }}
.row.{0} .line, .cell.{0} rect {{ fill: {2} }}
.call.{0} .stub {{ stroke: {1} }}
.call.{0} .port {{ fill: {1} }}
)",
                 name, colour, back);
}

std::string rules(const Theme& theme) {
  std::string out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, R"(.page {{ fill: {page} }}
.halo {{ stroke: {page} }}
.frame, .block {{ fill: {frame} }}
.frame, .body {{ stroke: {edge} }}
.body {{ fill: {card} }}
.own {{ fill: {edge} }}
text {{ fill: {text} }}
.soft, .label {{ fill: {soft} }}
)",
                 fmt::arg("page", theme.page), fmt::arg("frame", theme.frame), fmt::arg("edge", theme.edge),
                 fmt::arg("card", theme.card), fmt::arg("text", theme.text), fmt::arg("soft", theme.soft));
  for (std::size_t i = 0; i < kColours; ++i)
    fmt::format_to(to, ".s{0} {{ stroke: {1} }} .f{0} {{ fill: {1} }}\n", i, theme.lines[i]);
  fmt::format_to(to,
                 ".compared .wire, .compared .stub {{ stroke: {0} }}\n.compared .wires circle, .compared .head, "
                 ".compared .bar {{ fill: {0} }}\n",
                 theme.soft);
  for (std::size_t i = 0; i < 5; ++i)
    fmt::format_to(to, ".h{0} rect {{ fill: {1} }} .h{0} text {{ fill: {2} }}\n", i + 1, theme.shades[i],
                   theme.shade_text[i]);
  add_change(out, "add", theme.added, theme.added_back);
  add_change(out, "del", theme.removed, theme.removed_back);
  add_change(out, "mod", theme.changed, theme.changed_back);
  return out;
}

}  // namespace

std::string svg_style() {
  return fmt::format("{}{}@media (prefers-color-scheme: dark) {{\n{}}}\n", kShapes, rules(kLight), rules(kDark));
}

}  // namespace meshfed::graph
