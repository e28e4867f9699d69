// The federation in the languages of other tools, which lay it out themselves.
#pragma once

#include <string>
#include <string_view>

#include "graph/topology.hpp"

namespace meshfed::graph {

/// How such files begin.
inline constexpr std::string_view kMermaidMark = "%% meshfedc graph\n";
inline constexpr std::string_view kDotMark = "// meshfedc graph\n";

/// A flowchart, as GitHub and GitLab draw it in Markdown.
std::string mermaid(const Topology& topology);

/// For Graphviz.
std::string dot(const Topology& topology);

}  // namespace meshfed::graph
