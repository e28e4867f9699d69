#include "yaml_oracle/strings.hpp"

#include <array>
#include <iterator>
#include <random>
#include <string_view>
#include <unordered_set>

namespace meshfed::yaml_oracle {
namespace {

using namespace std::string_view_literals;  // `sv` keeps a NUL inside

// Tables are laid out by hand.
// clang-format off
constexpr std::string_view kKnown[] = {
    // words
    "y"sv, "Y"sv, "n"sv, "N"sv, "yes"sv, "Yes"sv, "YES"sv, "no"sv, "No"sv, "NO"sv, "on"sv, "On"sv, "ON"sv, "off"sv,
    "Off"sv, "OFF"sv, "true"sv, "True"sv, "TRUE"sv, "tRuE"sv, "false"sv, "False"sv, "FALSE"sv, "null"sv, "Null"sv,
    "NULL"sv, "none"sv, "None"sv, "~"sv, "nil"sv, "nan"sv, "NaN"sv, "inf"sv, "Infinity"sv,
    // numbers
    "0"sv, "-0"sv, "1"sv, "-1"sv, "+1"sv, "0755"sv, "0o17"sv, "0o8"sv, "08"sv, "09"sv, "1_000"sv, "1__0"sv, "0x1F"sv,
    "0xG"sv, "0b101"sv, "1.10"sv, "1."sv, ".5"sv, "1e3"sv, "1E+3"sv, "1e"sv, "e3"sv, "-1.5e-3"sv, ".inf"sv, "-.Inf"sv,
    ".nan"sv, ".NaN"sv, "1_0.5"sv, "9223372036854775808"sv, "1e999"sv, "190:20:30"sv, "12:30:45"sv, "1:1"sv, "10s"sv,
    "8080"sv, "1.2.3"sv, "0.0.0.0"sv, "::1"sv, "2001:db8::1"sv, "10.0.0.0/8"sv,
    // dates
    "2024-01-01"sv, "2024-1-1"sv, "2024-01-01T00:00:00Z"sv, "2024-01-01 00:00:00"sv, "2001-12-14t21:59:43.10-05:00"sv,
    // syntax
    "="sv, "<<"sv, "<"sv, ">"sv, "|"sv, "|-"sv, ">+"sv, "---"sv, "--- a"sv, "..."sv, "... a"sv, "-"sv, "--"sv,
    "- x"sv, "-x"sv, "?"sv, "? x"sv, "?x"sv, ":"sv, ":x"sv, ": x"sv, "x:"sv, "a: b"sv, "a:b"sv, "a :b"sv, "#"sv,
    "# x"sv, "a #b"sv, "a#b"sv, "!"sv, "!tag"sv, "!!str x"sv, "!!binary aGk="sv, "&"sv, "&a"sv, "&a b"sv, "*"sv,
    "*a"sv, "*.httpbin.mesh.global"sv, "%"sv, "%x"sv, "%YAML 1.1"sv, "@"sv, "@x"sv, "`"sv, "`x"sv, ","sv, ",x"sv,
    "a,b"sv, "["sv, "]"sv, "[]"sv, "[a]"sv, "{"sv, "}"sv, "{}"sv, "{a: b}"sv, "{{ x }}"sv, "'"sv, "''"sv, "'a'"sv,
    "it's"sv, "\""sv, "\"a\""sv, "a\"b"sv, "\\"sv, "\\n"sv, "\\x41"sv, "a\\"sv, "$(x)"sv,
    "spiffe://cluster.local/ns/a/sa/b"sv, "/a/b"sv, "."sv, ".."sv, "./a"sv, "_"sv, "a_b-c.d/e"sv,
    // blanks, breaks, controls
    ""sv, " "sv, "  "sv, " a"sv, "a "sv, " a "sv, "a  b"sv, "\t"sv, "\ta"sv, "a\t"sv, "a\tb"sv, "\n"sv, "\n\n"sv,
    "\r"sv, "\r\n"sv, "a\rb"sv, "a\r\nb"sv, "a\nb"sv, "a\nb\n"sv, "a\nb\n\n"sv, "a\n\nb"sv, "\na"sv, "a\n b"sv,
    "a\n  b\nc"sv, " a\nb"sv, "a \nb"sv, "a\n \nb"sv, "a\n\tb"sv, "a\nb "sv, "---\na"sv, "a\n---\nb"sv, "a\n...\n"sv,
    "# a\n# b\n"sv, "- a\n- b\n"sv, "a: 1\nb: 2\n"sv, "\0"sv, "a\0b"sv, "\x01"sv, "\x07"sv, "\x1b[31m"sv, "\x7f"sv,
    "a\x7fz"sv,
    // Unicode: NEL, NBSP, line and paragraph separators, BOM, U+FFFE, replacement character, wide and combining ones
    "\u0080"sv, "\u0085"sv, "a\u0085b"sv, "\u00a0"sv, "a\u00a0"sv, "\u2028"sv, "a\u2028b"sv, "\u2029"sv, "\ufeff"sv,
    "\ufeffa"sv, "a\ufeffb"sv, "\ufffe"sv, "\uffff"sv, "\ufffd"sv, "\ufdd0"sv, "\ud7ff"sv, "\ue000"sv, "é"sv,
    "e\u0301"sv, "日本語"sv, "日本\n語"sv, "\U0001F600"sv, "a\n\U0001F600\n"sv, "\U0001FFFE"sv, "\U0010FFFF"sv, "\u200b"sv,
    "\u202e"sv,
};

// What random strings are made of: single characters, and the pairs that mean something together.
constexpr std::string_view kAlphabet[] = {
    "a"sv, "b"sv, "y"sv, "N"sv, "e"sv, "E"sv, "x"sv, "o"sv, "T"sv, "Z"sv, "0"sv, "1"sv, "9"sv, "."sv, "_"sv, "-"sv,
    "+"sv, "/"sv, ":"sv, "#"sv, " "sv, " "sv, "\n"sv, "\n"sv, "\n"sv, "\t"sv, "\r"sv, "\""sv, "'"sv, "\\"sv, "|"sv,
    ">"sv, "&"sv, "*"sv, "!"sv, "%"sv, "@"sv, "`"sv, "?"sv, ","sv, "["sv, "]"sv, "{"sv, "}"sv, "="sv, "<"sv, "~"sv,
    "$"sv, ": "sv, " #"sv, "- "sv, "---"sv, "..."sv, "true"sv, "null"sv, "\u00e9"sv, "\u0085"sv, "\u00a0"sv,
    "\u2028"sv, "\u2603"sv, "\0"sv, "\x1b"sv, "\x7f"sv, "\ufeff"sv, "\ufffe"sv, "\ufffd"sv, "\U0001F600"sv,
    "\U0010FFFF"sv,
};
// clang-format on

class Collector {
 public:
  void add(std::string text) {
    if (seen_.insert(text).second) strings_.push_back(std::move(text));
  }
  std::size_t size() const { return strings_.size(); }
  std::vector<std::string> take() && { return std::move(strings_); }

 private:
  std::unordered_set<std::string> seen_;
  std::vector<std::string> strings_;
};

void add_variants(std::string_view known, Collector& strings) {
  const std::string text(known);
  strings.add(text);
  for (const char* before : {" ", "\n", "a\n", "a\n ", "a\n\n", "- ", "/"}) strings.add(before + text);
  for (const char* after : {" ", "\n", "\n\n", "\nb", " \nb", "\n b\n", ":", " #"}) strings.add(text + after);
}

std::string random_string(std::mt19937_64& random) {
  std::string text;
  for (std::uint64_t left = 1 + random() % 12; left > 0; --left) text += kAlphabet[random() % std::size(kAlphabet)];
  return text;
}

}  // namespace

std::vector<std::string> awkward_strings(std::uint64_t seed, std::size_t count) {
  Collector strings;
  for (const std::string_view known : kKnown) add_variants(known, strings);
  strings.add(std::string(900, 'a'));  // nothing is wrapped
  std::string words;
  while (words.size() < 890) words += "word ";
  strings.add(words + "end");
  std::mt19937_64 random(seed);
  while (strings.size() < count) strings.add(random_string(random));
  return std::move(strings).take();
}

}  // namespace meshfed::yaml_oracle
