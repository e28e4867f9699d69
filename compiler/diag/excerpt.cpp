#include "diag/excerpt.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace meshfed::diag {
namespace {

constexpr std::string_view kCut = "…";
constexpr std::size_t kColumnsBefore = 40;  // kept before the mark in a line that is cut

// Marks that take no column could pile up without end, so bytes are bounded too.
constexpr std::size_t bytes_for(std::size_t columns) { return 8 * columns; }

// The offset up to which the text from `from` takes no more than `columns`.
std::size_t forward(std::string_view line, std::size_t from, std::size_t columns) {
  std::size_t used = 0;
  std::size_t at = from;
  while (at < line.size() && at - from < bytes_for(columns)) {
    const std::size_t bytes = base::code_point_at(line, at).bytes;
    used += base::display_width(line.substr(at, bytes));
    if (used > columns) break;
    at += bytes;
  }
  return at;
}

std::size_t before(std::string_view line, std::size_t at) {
  std::size_t previous = at - 1;
  while (previous > 0 && at - previous < 4 && (static_cast<unsigned char>(line[previous]) & 0xC0U) == 0x80U) --previous;
  return previous + base::code_point_at(line, previous).bytes == at ? previous : at - 1;
}

// The offset from which the text up to `until` takes no more than `columns`.
std::size_t backward(std::string_view line, std::size_t until, std::size_t columns) {
  std::size_t used = 0;
  std::size_t at = until;
  while (at > 0 && until - at < bytes_for(columns)) {
    const std::size_t previous = before(line, at);
    used += base::display_width(line.substr(previous, at - previous));
    if (used > columns) break;
    at = previous;
  }
  return at;
}

struct Window {
  std::size_t begin;
  std::size_t end;
};

Window window_around(std::string_view line, std::size_t mark) {
  if (line.size() <= bytes_for(kExcerptColumns) && base::display_width(line) <= kExcerptColumns)
    return {0, line.size()};
  Window window{backward(line, mark, kColumnsBefore), 0};
  window.end = forward(line, window.begin, kExcerptColumns);
  if (window.end == line.size()) window.begin = backward(line, window.end, kExcerptColumns);
  return window;
}

}  // namespace

Excerpt make_excerpt(std::string_view line, std::size_t begin, std::size_t end) {
  begin = std::min(begin, line.size());
  end = std::clamp(end, begin, line.size());
  const Window window = window_around(line, begin);
  std::string kept(window.begin > 0 ? kCut : "");
  const std::size_t shift = kept.size();
  kept += line.substr(window.begin, window.end - window.begin);
  const std::string_view marked = kept;
  const std::size_t mark_begin = begin - window.begin + shift;
  const std::size_t mark_end = std::min(end, window.end) - window.begin + shift;

  Excerpt excerpt;
  excerpt.column = base::display_width(marked.substr(0, mark_begin));
  excerpt.width = std::max<std::size_t>(base::display_width(marked.substr(0, mark_end)) - excerpt.column, 1);
  excerpt.text = base::visible(kept);
  if (window.end < line.size()) excerpt.text += kCut;
  return excerpt;
}

}  // namespace meshfed::diag
