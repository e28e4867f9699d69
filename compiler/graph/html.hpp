// The federation as a page: one file, with everything in it, that may be mailed or attached. It runs no script but its
// own, by a policy that the browser enforces, whatever stands in names.
#pragma once

#include <string>
#include <string_view>

#include "graph/topology.hpp"

namespace meshfed::graph {

/// How such a file begins.
inline constexpr std::string_view kHtmlMark = "<!doctype html>\n<!-- meshfedc graph -->\n";

std::string html(const Topology& topology);

}  // namespace meshfed::graph
