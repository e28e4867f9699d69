// One source line as it is shown under a report.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshfed::diag {

struct Excerpt {
  std::string text;        // harmless, tabs expanded, no line feed; at most about kExcerptColumns wide
  std::size_t column = 0;  // columns of `text` before the marked part
  std::size_t width = 1;   // columns of the marked part, at least 1
};

constexpr std::size_t kExcerptColumns = 100;

/// Marks bytes [begin, end) of `line`; what of them lies beyond it, as in a span of several lines, is left out. A line
/// that is too wide is cut on both sides of the mark, `…` standing for what was taken away; only the kept part is
/// looked at.
Excerpt make_excerpt(std::string_view line, std::size_t begin, std::size_t end);

}  // namespace meshfed::diag
