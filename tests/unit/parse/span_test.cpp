// Everything knows its bytes: what a span covers means what the tree says.
#include <random>

#include <doctest/doctest.h>

#include "parse/recover.hpp"
#include "syntax/document.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using syntax::Node;

std::optional<Node> document(source::Manager& files, const std::string& text, diag::Sink& sink) {
  return parse::read_document(files, files.add("x.toml", text), sink);
}

/// The value of `x = <bytes>`, or the key of `<bytes> = 1`.
std::optional<std::string> value_again(std::string_view bytes) {
  source::Manager files;
  diag::Sink sink;
  const auto root = document(files, fmt::format("x = {}\n", bytes), sink);
  if (!root || root->items.size() != 1 || root->items[0].kind != Node::Kind::string) return std::nullopt;
  return root->items[0].text;
}

std::optional<std::string> key_again(std::string_view bytes) {
  source::Manager files;
  diag::Sink sink;
  const auto root = document(files, fmt::format("{} = 1\n", bytes), sink);
  if (!root || root->items.size() != 1) return std::nullopt;
  return root->items[0].key;
}

void spans_are_exact(const Node& node, const source::Manager& files, std::size_t& strings) {
  for (const Node& item : node.items) {
    if (!item.key.empty()) CHECK(key_again(files.text(item.key_span)) == item.key);
    if (item.kind == Node::Kind::string) {
      CHECK(value_again(files.text(item.span)) == item.text);
      ++strings;
    }
    spans_are_exact(item, files, strings);
  }
}

std::size_t check_spans(const std::string& text) {
  source::Manager files;
  diag::Sink sink;
  const auto root = document(files, text, sink);
  REQUIRE_MESSAGE(root.has_value(), text);
  std::size_t strings = 0;
  spans_are_exact(*root, files, strings);
  return strings;
}

TEST_CASE("spans are exact in every form of string") {
  CHECK(check_spans("a = \"plain\"\n") == 1);
  CHECK(check_spans("a = 'literal\\'   # comment\n") == 1);
  CHECK(check_spans("a = \"\\\"escaped\\\" \\u00e9\"\n") == 1);
  CHECK(check_spans("a = \"\"\"\nseveral\nlines\"\"\"\nb = \"after\"\n") == 2);
  CHECK(check_spans("a = '''\nseveral ''quotes\n'''\nb = 'after'\n") == 2);
  CHECK(check_spans("a = \"\"\nb = ''\n") == 2);
}

TEST_CASE("spans are exact after wide characters and tabs") {
  CHECK(check_spans("a = [\"é\", \"漢字\", \"😀\", \"end\"] # ü\nb = \"next\"\n") == 5);
  CHECK(check_spans("\t\ta\t=\t\"tab\\tinside\"\t# more\n\"quoted ключ\" = \"x\"\n") == 2);
  CHECK(check_spans("[t.'é'.u]\na.'漢'.c = 'd'\n") == 1);
}

TEST_CASE("spans are exact with Windows line endings") {
  CHECK(check_spans("# first\r\n[t]\r\na = \"one\"\r\nb = [\r\n  \"two\",\r\n  \"three\",\r\n]\r\n") == 3);
}

TEST_CASE("spans are exact in inline tables and dotted keys") {
  CHECK(check_spans("a = { b = \"x\", c.d = 'y' }\ne.f.g = \"z\"\ne.f.h = \"z\"\n[[l]]\nm = \"n\"\n") == 5);
}

TEST_CASE("spans are exact in random files") {
  std::mt19937 random(20240519);
  const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  const Lines pieces = {"a", "Z", "é", "漢", "😀", " ", "#", "[", "]", "{", "}", "=", ",", "."};
  for (int round = 0; round < 200; ++round) {
    const std::string end = pick(2) == 0 ? "\n" : "\r\n";
    std::string text;
    const std::size_t lines = 1 + pick(12);
    for (std::size_t line = 0; line < lines; ++line) {
      std::string content;
      for (std::size_t i = pick(8); i > 0; --i) content += pieces[pick(pieces.size())];
      const std::string basic = fmt::format("\"{}\\t\\\"\"", content);
      const std::string literal = fmt::format("'{}'", content);
      const std::string several = fmt::format("\"\"\"{}{}x{}\"\"\"", end, content, end);
      const std::string value = pick(3) == 0 ? basic : pick(2) == 0 ? literal : several;
      text += fmt::format("{}k{}{}= [{}, {}]{}", pick(2) == 0 ? "\t" : "", line, pick(2) == 0 ? " " : "", value,
                          literal, pick(2) == 0 ? "  # é" + end : end);
    }
    CAPTURE(text);
    CHECK(check_spans(text) == 2 * lines);
  }
}

TEST_CASE("a byte order mark shifts nothing") {
  Loaded loaded("\xEF\xBB\xBF" + with("[network.\"é\"]\n"));
  REQUIRE(loaded.federation.has_value());
  CHECK(loaded.files.text(loaded.federation->name.span) == "\"demo\"");
  CHECK(loaded.files.begin(loaded.federation->version.span).column == 11);
}

TEST_CASE("a header's span is the header, a dotted table's its first key") {
  source::Manager files;
  diag::Sink sink;
  const auto root = document(files, "[a.b]\nc.d = 1\n", sink);
  REQUIRE(root.has_value());
  const Node& b = root->items[0].items[0];
  CHECK(files.text(b.key_span) == "b");
  CHECK(files.text(b.span) == "[a.b]");
  CHECK(files.text(b.items[0].key_span) == "c");
  CHECK(files.text(b.items[0].items[0].key_span) == "d");
}

TEST_CASE("tables come in the order of the file, not of their names") {
  source::Manager files;
  diag::Sink sink;
  const auto root = document(files, "[z]\n[a]\n[m]\n", sink);
  REQUIRE(root.has_value());
  Lines keys;
  for (const Node& item : root->items) keys.push_back(item.key);
  CHECK(keys == Lines{"z", "a", "m"});
}

}  // namespace
}  // namespace meshfed::testing
