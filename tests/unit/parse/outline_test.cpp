// Where a statement begins and ends, and what it names, in every way of writing it.
#include "syntax/outline.hpp"

#include <random>

#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

/// "a.b=1": the path and the value of each statement; of a header, its path in brackets.
Lines told(const std::string& text) {
  Lines lines;
  const std::vector<syntax::Statement> statements = syntax::outline(text);
  for (const syntax::Statement& it : statements) {
    std::string path;
    for (const syntax::KeyPart& part : it.path) path += (path.empty() ? "" : ".") + part.name;
    const bool pair = it.kind == syntax::Statement::Kind::pair;
    if (pair)
      lines.push_back(path + "=" + text.substr(it.value, it.end - it.value));
    else if (it.kind == syntax::Statement::Kind::other)
      lines.push_back("?" + text.substr(it.begin, it.end - it.begin));
    else
      lines.push_back("[" + path + "]");
  }
  return lines;
}

TEST_CASE("keys and headers in every form") {
  CHECK(told("a=1\n b . c\t=\t2 # c\n\"d.e\".'f' = 3\n\"\\u00e9\\t\" = 4\n") ==
        Lines{"a=1", "b.c=2", "d.e.f=3", "\u00e9\t=4"});
  CHECK(told("[ a . \"b\" ] # x\n[[c]]\r\n['d'.e]\n") == Lines{"[a.b]", "[c]", "[d.e]"});
}

TEST_CASE("values over several lines") {
  CHECK(told("a = [\n  1, # ]\n  \"]\",\n]\nb = \"\"\"x\n[y]\n\"\"\"\nc = 2\n") ==
        Lines{"a=[\n  1, # ]\n  \"]\",\n]", "b=\"\"\"x\n[y]\n\"\"\"", "c=2"});
}

TEST_CASE("what is not closed ends where the next statement begins") {
  CHECK(told("a = [1,\nb = 2\n") == Lines{"a=[1,", "b=2"});
  CHECK(told("a = [\n[c.d]\nb = 2\n") == Lines{"a=[", "[c.d]", "b=2"});
  CHECK(told("a = {\n  b = 1,\n  c = 2\n}\nd = 1\n") == Lines{"a={\n  b = 1,\n  c = 2\n}", "d=1"});
  CHECK(told("a = { b = 1\nd = 1\n") == Lines{"a={ b = 1", "d=1"});
  CHECK(told("a = \"x\nb = 1\n") == Lines{"a=\"x", "b=1"});
}

TEST_CASE("what has no equals sign") { CHECK(told("a: 1\n- b\n[c\nd = 1\n") == Lines{"?a: 1", "?- b", "[c]", "d=1"}); }

TEST_CASE("any bytes are some statements, one after another") {
  std::mt19937 random(20261130);
  const auto pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  const Lines pieces = {"a", "\"", "'",  "\"\"\"", "[", "]", "{",  "}", "=",
                        ".", ",",  "\n", "\r\n",   " ", "#", "\\", "é", ":"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = pick(40); i > 0; --i) text += pieces[pick(pieces.size())];
    CAPTURE(text);
    std::size_t end = 0;
    for (const syntax::Statement& it : syntax::outline(text)) {
      CHECK(it.begin >= end);
      CHECK(it.end > it.begin);
      CHECK(it.line_end <= text.size());
      CHECK(it.key_end <= it.end);
      CHECK(it.value <= text.size());
      end = it.end;
    }
  }
}

}  // namespace
}  // namespace meshfed::testing
