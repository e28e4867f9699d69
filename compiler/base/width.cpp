// Columns of a terminal. libutf8proc knows the width of each code point; wcwidth would need a locale.
#include <utf8proc.h>

#include "base/text.hpp"

namespace meshfed::base {
namespace {

std::size_t width_of(char32_t point) {
  if (point < 0x300) return 1;
  const auto code = static_cast<utf8proc_int32_t>(point);
  // Where terminals differ from the library: vowels and finals of Hangul join the consonant before them, and marks that
  // take up space do so.
  if (point >= 0x1160 && point <= 0x11FF) return 0;
  if (utf8proc_category(code) == UTF8PROC_CATEGORY_MC) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(code));
}

// Walks the line as it is shown: `show` gets the bytes and the columns of each piece.
template <class Show>
void walk(std::string_view line, Show show) {
  std::size_t column = 0;
  for (std::size_t offset = 0; offset < line.size();) {
    const CodePoint point = code_point_at(line, offset);
    if (line[offset] == '\t') {
      const std::size_t columns = kTabStop - column % kTabStop;
      show(std::string_view("    ").substr(0, columns), columns);
      column += columns;
    } else if (!point.valid || is_dangerous(point.value)) {
      show(std::string_view("\xEF\xBF\xBD"), 1U);
      column += 1;
    } else {
      const std::size_t columns = width_of(point.value);
      show(line.substr(offset, point.bytes), columns);
      column += columns;
    }
    offset += point.bytes;
  }
}

}  // namespace

std::string visible(std::string_view line) {
  std::string out;
  walk(line, [&](std::string_view bytes, std::size_t) { out += bytes; });
  return out;
}

std::size_t display_width(std::string_view line) {
  std::size_t width = 0;
  walk(line, [&](std::string_view, std::size_t columns) { width += columns; });
  return width;
}

}  // namespace meshfed::base
