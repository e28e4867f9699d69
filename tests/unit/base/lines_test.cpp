#include "base/lines.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace meshfed::base;

TEST_CASE("lines end with LF, with CR LF, or with the text") {
  std::string_view text = "a\r\n\nb";
  CHECK(next_line(text) == "a");
  CHECK(next_line(text) == "");
  CHECK(next_line(text) == "b");
  CHECK(!next_line(text));
}

TEST_CASE("a line has the same code for ever, whatever ends it") {
  CHECK(line_code("kind: Service") == "LFnAr");
  CHECK(line_codes("kind: Service\r\n\n") == line_code("kind: Service") + line_code(""));
  CHECK(line_codes("").empty());
  std::set<std::string> codes;
  for (int i = 0; i < 10000; ++i) codes.insert(line_code("    number: " + std::to_string(i)));
  CHECK(codes.size() == 10000);
}

TEST_CASE("what Git writes between two sides is told from text") {
  for (const char* line : {"<<<<<<< HEAD", "=======", "||||||| 1234", ">>>>>>> branch", "<<<<<<<<< deeper", ">>>>>>>"})
    CHECK_MESSAGE(is_conflict_marker(line), line);
  for (const char* line : {"", "<<<<<<", "a=======", "=======x", " =======", "<<<<<<<=", "-------"})
    CHECK_MESSAGE(!is_conflict_marker(line), line);
}

TEST_CASE("line ends become those of Unix, and nothing else changes") {
  CHECK(with_unix_line_ends("a\r\nb\rc\r\r\n\r") == "a\nb\rc\r\n\r");
  CHECK(with_unix_line_ends("").empty());
}
