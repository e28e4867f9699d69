#include "diag/excerpt.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

using meshfed::diag::Excerpt;
using meshfed::diag::make_excerpt;

namespace {

// The text, and below it the carets.
std::string shown(std::string_view line, std::size_t begin, std::size_t end) {
  const Excerpt excerpt = make_excerpt(line, begin, end);
  return excerpt.text + "\n" + std::string(excerpt.column, ' ') + std::string(excerpt.width, '^');
}

std::string repeated(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("the mark stands under its bytes") {
  CHECK(shown("from = [\"wset\"]", 8, 14) ==
        "from = [\"wset\"]\n"
        "        ^^^^^^");
  CHECK(shown("abc", 0, 3) == "abc\n^^^");
}

TEST_CASE("a tab goes to the next multiple of four") {
  CHECK(shown("\ta\tb = x", 7, 8) ==
        "    a   b = x\n"
        "            ^");
  CHECK(shown("a\tb", 1, 2) == "a   b\n ^^^");
}

TEST_CASE("wide characters take two columns, combining ones none") {
  CHECK(shown("name = \"東京\" # x", 7, 15) ==
        "name = \"東京\" # x\n"
        "       ^^^^^^");
  CHECK(shown("e\xCC\x81 x", 4, 5) == "e\xCC\x81 x\n  ^");
  CHECK(shown("e\xCC\x81 x", 1, 3) == "e\xCC\x81 x\n ^");
}

TEST_CASE("a mark without width, or behind the line, gets one caret") {
  CHECK(shown("abc", 1, 1) == "abc\n ^");
  CHECK(shown("abc", 3, 3) == "abc\n   ^");
  CHECK(shown("abc", 9, 12) == "abc\n   ^");
  CHECK(shown("", 0, 0) == "\n^");
}

TEST_CASE("of several lines the first is marked to its end") { CHECK(shown("a = [", 4, 400) == "a = [\n    ^"); }

TEST_CASE("what could harm a terminal becomes a replacement character") {
  CHECK(shown("a\x1b[2Jb", 5, 6) == "a\uFFFD[2Jb\n     ^");
  CHECK(shown("a\xFFz", 2, 3) == "a\uFFFDz\n  ^");
}

TEST_CASE("a line of a hundred columns is whole, a wider one is cut around the mark") {
  const std::string hundred(100, 'x');
  CHECK(make_excerpt(hundred, 50, 51).text == hundred);

  const std::string start = "key = " + std::string(200, 'x');
  CHECK(shown(start, 0, 3) == "key = " + std::string(94, 'x') + "…\n^^^");

  const std::string middle = std::string(200, 'a') + "KEY" + std::string(200, 'b');
  CHECK(shown(middle, 200, 203) ==
        "…" + std::string(40, 'a') + "KEY" + std::string(57, 'b') + "…\n" + std::string(41, ' ') + "^^^");

  const std::string end = std::string(200, 'a') + "KEY";
  CHECK(shown(end, 200, 203) == "…" + std::string(97, 'a') + "KEY\n" + std::string(98, ' ') + "^^^");
}

TEST_CASE("a mark that is wider than the window ends with it") {
  const std::string line = "a = " + std::string(300, 'x') + " # b";
  CHECK(shown(line, 4, 304) == "a = " + std::string(96, 'x') + "…\n    " + std::string(96, '^'));
}

TEST_CASE("a cut never splits a character") {
  const std::string line = repeated("東", 200) + "x" + repeated("京", 200);
  CHECK(shown(line, 600, 601) ==
        "…" + repeated("東", 20) + "x" + repeated("京", 29) + "…\n" + std::string(41, ' ') + "^");
  const std::string stray(400, '\x80');
  CHECK(make_excerpt(stray, 200, 201).column == 41);
}

TEST_CASE("a line of megabytes costs no more than its window") {
  const std::string line = std::string(4 << 20, 'a') + repeated("e\xCC\x81", 1000);
  for (std::size_t at = 0; at < line.size(); at += 4096) {
    const Excerpt excerpt = make_excerpt(line, at, at + 1);
    REQUIRE(excerpt.text.size() < 1200);
    REQUIRE(meshfed::base::display_width(excerpt.text) <= meshfed::diag::kExcerptColumns + 2);
  }
}

TEST_CASE("any bytes and any span give one harmless line with carets inside") {
  std::mt19937 random(20240101);
  const std::vector<std::string> pieces{"a",    "\t", " ",  "\x1b",      "\x7f", "\xFF", "\x80",
                                        "\xC3", "é",  "東", "e\xCC\x81", "😀",    "\r"};
  const auto upto = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n)(random); };
  for (int round = 0; round < 3000; ++round) {
    std::string line;
    for (std::size_t n = upto(200); n > 0; --n) line += pieces[upto(pieces.size() - 1)];
    const std::size_t begin = upto(line.size() + 2);
    const Excerpt excerpt = make_excerpt(line, begin, begin + upto(50));
    CAPTURE(round);
    REQUIRE(!meshfed::base::first_bad_utf8(excerpt.text));
    REQUIRE(meshfed::base::escaped(excerpt.text) == excerpt.text);
    REQUIRE(excerpt.width >= 1);
    REQUIRE(excerpt.column + excerpt.width <= meshfed::base::display_width(excerpt.text) + 1);
  }
}
