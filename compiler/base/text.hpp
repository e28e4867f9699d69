// Text for people: UTF-8, names in messages, the width of source lines on a terminal. Independent of the locale.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>

namespace meshfed::base {

struct CodePoint {
  char32_t value = 0xFFFD;  // U+FFFD where the bytes are no UTF-8
  std::size_t bytes = 1;    // how many it takes up; 1 for a bad byte
  bool valid = false;
};

// The code point at `offset`, which is less than the text's size. Overlong forms, surrogates and what lies beyond
// U+10FFFF are bad bytes.
CodePoint code_point_at(std::string_view text, std::size_t offset);

// The offset of the first byte that no well-formed UTF-8 continues with; none if all of it is UTF-8.
std::optional<std::size_t> first_bad_utf8(std::string_view text);

// A code point that could move, hide or reorder what stands around it on a terminal: C0 and C1 controls, line and
// paragraph separators, bidirectional controls, invisible formatting and tags.
bool is_dangerous(char32_t point);

// The text in one line and harmless: \n, \t and \r so, other controls and bad bytes as \x1b, dangerous code points as
// \u{202e}. A backslash stays one.
std::string escaped(std::string_view text);

// Appends the same.
void append_escaped(std::string& out, std::string_view text);

// The parts, one after the other, for which memory is asked once.
std::string concat(std::initializer_list<std::string_view> parts);

// `escaped` between backticks: how a name stands in a message.
std::string quoted(std::string_view text);

// The text itself, or, of more than `limit` bytes, as many of them as end with a whole code point, and `…`.
std::string shortened(std::string_view text, std::size_t limit);

// "1 cluster", "2 clusters", "0 clusters"; the third argument is for words that do not just take an s.
std::string plural(std::size_t count, std::string_view singular, std::string_view many = {});

// The items in their order with `separator` between them. Of more than `limit`, at least 1, the
// first ones and "and N more".
template <std::ranges::input_range Range>
std::string join(const Range& items, std::string_view separator = ", ",
                 std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  std::string out;
  std::size_t count = 0;
  for (const auto& item : items) {
    if (count++ >= limit) continue;
    if (count > 1) out += separator;
    out += std::string_view(item);
  }
  if (count > limit) out.append(" and ").append(std::to_string(count - limit)).append(" more");
  return out;
}

// "a", "a and b", "a, b and c": how a sentence lists things; `last` is the word before the last one.
std::string enumeration(std::span<const std::string> items, std::string_view last = "and");

constexpr std::size_t kTabStop = 4;

// A source line as the terminal shows it: tabs become spaces up to the next multiple of kTabStop columns, dangerous
// code points and bad bytes one U+FFFD each. No escapes, so that columns stay close to what an editor shows.
std::string visible(std::string_view line);

// The columns of `visible(line)`: 2 for wide East Asian characters and emoji, 0 for combining ones, 1 for the rest. The
// caret under the byte at an offset belongs after display_width(line.substr(0, offset)) columns.
std::size_t display_width(std::string_view line);

}  // namespace meshfed::base
