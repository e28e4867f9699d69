#include "base/text.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace meshfed::base;

TEST_CASE("first_bad_utf8 finds the first byte that is none") {
  const struct {
    std::string_view text;
    std::optional<std::size_t> offset;
  } rows[] = {
      {"", std::nullopt},
      {"plain", std::nullopt},
      {"h\xC3\xA9llo \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF", std::nullopt},
      {std::string_view("a\0b", 3), std::nullopt},
      {"ab\x80", 2},             // continuation without lead
      {"a\xC0\xAF", 1},          // overlong
      {"a\xE0\x80\xAF", 1},      // overlong
      {"a\xF0\x8F\xBF\xBF", 1},  // overlong
      {"a\xED\xA0\x80", 1},      // surrogate
      {"\xF4\x90\x80\x80", 0},   // beyond U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"ok \xE6\x97", 3},  // cut off
      {"ok \xC3(", 3},
      {"\xFF", 0},
      {"\xED\x9F\xBF\xEE\x80\x80", std::nullopt},  // the neighbours of the surrogates
  };
  for (const auto& row : rows) {
    CAPTURE(escaped(row.text));
    CHECK(first_bad_utf8(row.text) == row.offset);
  }
}

TEST_CASE("shortened cuts after a whole code point") {
  CHECK(shortened("plain", 5) == "plain");
  CHECK(shortened("plainly", 5) == "plain…");
  CHECK(shortened("caf\xC3\xA9s", 4) == "caf…");
  CHECK(shortened("caf\xC3\xA9s", 5) == "caf\xC3\xA9…");
  CHECK(shortened("\x80\x80\x80\x80\x80\x80\x80", 5) == "\x80\x80\x80\x80\x80…");
  CHECK(shortened("", 0).empty());
}

TEST_CASE("escaped makes any bytes one harmless line") {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"plain", "plain"},
      {"caf\xC3\xA9", "caf\xC3\xA9"},
      {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {"\x7f", "\\x7f"},
      {"\xC2\x9B"
       "31m",
       "\\u{009b}31m"},  // C1: a one-character escape sequence introducer
      {"a\xE2\x80\xAE"
       "b",
       "a\\u{202e}b"},  // right-to-left override
      {"a\xE2\x81\xA6"
       "b",
       "a\\u{2066}b"},  // isolate
      {"\xEF\xBB\xBF"
       "a",
       "\\u{feff}a"},
      {"\xF3\xA0\x80\xA1", "\\u{e0021}"},  // tag
      {"\xFFz", "\\xffz"},
      {std::string_view("a\0b", 3), "a\\x00b"},
      {"C:\\dir", "C:\\dir"},
  };
  for (const auto& row : rows) CHECK(escaped(row.text) == row.expected);
  CHECK(quoted("pay\n") == "`pay\\n`");
}

TEST_CASE("visible and display_width agree on columns") {
  const struct {
    std::string_view line, shown;
    std::size_t width;
  } rows[] = {
      {"", "", 0},
      {"name = \"x\"", "name = \"x\"", 10},
      {"\tx", "    x", 5},
      {"ab\tx", "ab  x", 5},
      {"abcd\tx", "abcd    x", 9},
      {"\xE6\x97\xA5\tx", "\xE6\x97\xA5  x", 5},    // wide: 2
      {"\xEF\xBC\xA1", "\xEF\xBC\xA1", 2},          // fullwidth A
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", 2},  // emoji
      {"e\xCC\x81", "e\xCC\x81", 1},                // combining acute
      {"\xC3\xA9", "\xC3\xA9", 1},
      {"\xEA\xB0\x80", "\xEA\xB0\x80", 2},                          // Hangul
      {"\xE1\x84\x80\xE1\x85\xA1", "\xE1\x84\x80\xE1\x85\xA1", 2},  // the same of two jamo
      {"\xE0\xA4\x95\xE0\xA4\xBE", "\xE0\xA4\x95\xE0\xA4\xBE", 2},  // a Devanagari vowel that takes up space
      {"a\x1b"
       "b\xFF",
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD",
       4},
      {"a\xE2\x80\xAE"
       "b",
       "a\xEF\xBF\xBD"
       "b",
       3},
  };
  for (const auto& row : rows) {
    CAPTURE(row.shown);
    CHECK(visible(row.line) == row.shown);
    CHECK(display_width(row.line) == row.width);
  }
}

TEST_CASE("join") {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  CHECK(join(std::vector<std::string>()) == "");
  CHECK(join(names) == "a, b, c, d");
  CHECK(join(names, "/") == "a/b/c/d");
  CHECK(join(names, ", ", 4) == "a, b, c, d");
  CHECK(join(names, ", ", 2) == "a, b and 2 more");
  CHECK(join(std::vector<std::string_view>{"x"}, ", ", 1) == "x");
}

TEST_CASE("an enumeration reads like a sentence") {
  using Words = std::vector<std::string>;
  CHECK(enumeration(Words{}).empty());
  CHECK(enumeration(Words{"a"}) == "a");
  CHECK(enumeration(Words{"a", "b"}) == "a and b");
  CHECK(enumeration(Words{"a", "b", "c"}, "or") == "a, b or c");
}

TEST_CASE("plural") {
  CHECK(plural(0, "cluster") == "0 clusters");
  CHECK(plural(1, "cluster") == "1 cluster");
  CHECK(plural(2, "cluster") == "2 clusters");
  CHECK(plural(2, "entry", "entries") == "2 entries");
  CHECK(plural(1, "entry", "entries") == "1 entry");
}
