// Pictures as SVG: one file without script, fonts or anything from elsewhere, in the reader's light or dark colours.
#pragma once

#include <string>
#include <string_view>

#include "graph/diagram.hpp"
#include "graph/matrix.hpp"
#include "graph/topology.hpp"

namespace meshfed::graph {

/// How such a file begins, so that it can be told from the work of others.
inline constexpr std::string_view kSvgMark = "<!-- meshfedc graph -->\n";

/// A diagram of few clusters, else a matrix.
std::string svg(const Topology& topology);

/// An <svg> element by itself, for a page; the style sheet is in it.
std::string svg_element(const Topology& topology, const Diagram& diagram);
std::string svg_element(const Topology& topology, const Matrix& matrix);

}  // namespace meshfed::graph
