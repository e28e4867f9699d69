#include "diag/render_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "rows.hpp"

using namespace meshfed;

namespace {

constexpr std::string_view kSource =
    "version = 1\n"
    "\n"
    "[mesh.west]\n"
    "\n"
    "[export.pay]\n"
    "from = [\"wset\"]\n";

// The bytes of the first `part` in a file's text.
source::Span find(const source::Manager& files, source::FileId file, std::string_view part) {
  const std::size_t begin = files.text(file).find(part);
  REQUIRE(begin != std::string_view::npos);
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + part.size())};
}

struct Scene {
  source::Manager files;
  diag::Sink sink;
  source::FileId file;

  explicit Scene(std::string_view text = kSource) : file(files.add("federation.toml", std::string(text))) {}
  source::Span at(std::string_view part) const { return find(files, file, part); }
  std::string text(const diag::TextOptions& options = {}) const { return diag::render_text(sink, files, options); }
};

}  // namespace

TEST_CASE("nothing to say is said with nothing") { CHECK(Scene().text().empty()); }

TEST_CASE("a report shows its line, its facts and what to do") {
  Scene scene;
  scene.sink.report(scene.at("\"wset\""), testing::UndeclaredParty, "pay", "wset")
      .note(scene.at("west"), "declared here")
      .note({}, "names are case-sensitive")
      .replace(scene.at("\"wset\""), "\"west\"");
  CHECK(scene.text() ==
        R"(federation.toml:6:9: error[MF0301]: export "pay" names "wset", which is not declared
  |
6 | from = ["wset"]
  |         ^^^^^^
  = note: federation.toml:3:7: declared here
3 | [mesh.west]
  |       ----
  = note: names are case-sensitive
  = help: replace it with `"west"`
  = see `meshfedc explain MF0301`

1 error
)");
}

TEST_CASE("line numbers are right-aligned to the largest one shown") {
  Scene scene("a\nb\nc\nd\ne\nf\ng\nh\ni\nfrom = [\"west\"]\n");
  scene.sink.report(scene.at("west"), testing::MeshWithoutCluster, "west").note(scene.at("c"), "here");
  CHECK(scene.text() == R"(federation.toml:10:10: warning[MF0307]: mesh "west" has no cluster
   |
10 | from = ["west"]
   |          ^^^^
   = note: federation.toml:3:1: here
 3 | c
   | -
   = help: declare its cluster
   = see `meshfedc explain MF0307`

1 warning
)");
}

TEST_CASE("a note on a line that is shown already does not show it again") {
  Scene scene;
  scene.sink.report(scene.at("\"wset\""), testing::UndeclaredParty, "pay", "wset")
      .note(scene.at("from"), "here")
      .note(scene.at("mesh.west"), "there")
      .note(scene.at("west"), "there too");
  CHECK(scene.text() ==
        R"(federation.toml:6:9: error[MF0301]: export "pay" names "wset", which is not declared
  |
6 | from = ["wset"]
  |         ^^^^^^
  = note: federation.toml:6:1: here
  = note: federation.toml:3:2: there
3 | [mesh.west]
  |  ---------
  = note: federation.toml:3:7: there too
  = see `meshfedc explain MF0301`

1 error
)");
}

TEST_CASE("without a span the place is shown, or the program") {
  Scene scene;
  scene.sink.report({}, testing::EditedByHand, "out/a.yaml").at("out/east");
  scene.sink.report({}, testing::CannotPrint, "No space left on device");
  CHECK(scene.text() == R"(out/east: error[MF0901]: `out/a.yaml` was edited by hand
  = help: undo the edit
  = see `meshfedc explain MF0901`

meshfedc: error[MF0017]: cannot write to standard output: No space left on device
  = see `meshfedc explain MF0017`

2 errors
)");
}

TEST_CASE("tabs, wide characters, spans of several lines and of none") {
  Scene scene("\tname = \"東京\"\nports = [\n  1,\n]\n");
  scene.sink.report(scene.at("京"), testing::WouldOverwrite, "x");
  scene.sink.report(scene.at("[\n  1,\n]"), testing::WouldOverwrite, "y");
  const auto end = static_cast<std::uint32_t>(scene.files.text(scene.file).size());
  scene.sink.report({scene.file, end, end}, testing::WouldOverwrite, "z");
  scene.sink.report({scene.file, 0, 0}, testing::WouldOverwrite, "w");
  CHECK(scene.text() == R"(federation.toml:1:11: error[MF0016]: `x` already exists
  |
1 |     name = "東京"
  |               ^^
  = help: remove it first
  = see `meshfedc explain MF0016`

federation.toml:2:9: error[MF0016]: `y` already exists
  |
2 | ports = [
  |         ^
  = help: remove it first

federation.toml:5:1: error[MF0016]: `z` already exists
  |
5 |
  | ^
  = help: remove it first

federation.toml:1:1: error[MF0016]: `w` already exists
  |
1 |     name = "東京"
  | ^
  = help: remove it first

4 errors
)");
}

TEST_CASE("carriage returns are no part of the line") {
  Scene scene("a = 1\r\nb = 2\r\n");
  scene.sink.report(scene.at("1\r\n"), testing::WouldOverwrite, "x").advise("no");
  CHECK(scene.text() == R"(federation.toml:1:5: error[MF0016]: `x` already exists
  |
1 | a = 1
  |     ^
  = help: no
  = see `meshfedc explain MF0016`

1 error
)");
}

TEST_CASE("a long line is cut around the span") {
  Scene scene("from = [" + std::string(100, ' ') + "\"wset\"" + std::string(100, ' ') + "]\n");
  scene.sink.report(scene.at("\"wset\""), testing::WouldOverwrite, "x").advise("no");
  CHECK(scene.text() ==
        "federation.toml:1:109: error[MF0016]: `x` already exists\n"
        "  |\n"
        "1 | …                                        \"wset\"" +
            std::string(54, ' ') +
            "…\n"
            "  |                                          ^^^^^^\n"
            "  = help: no\n"
            "  = see `meshfedc explain MF0016`\n\n1 error\n");
}

TEST_CASE("the fix in words") {
  Scene scene;
  const auto words = [&](const source::Span& span, std::string replacement) {
    diag::Sink sink;
    sink.report(scene.at("wset"), testing::UndeclaredParty, "pay", "wset").replace(span, std::move(replacement));
    const std::string text = diag::render_text(sink, scene.files);
    const std::size_t begin = text.find("  = help: ") + 10;
    return text.substr(begin, text.find("  = see") - begin);
  };
  const source::Span end{scene.file, 12, 12};
  CHECK(words(scene.at("wset"), "west") == "replace it with `west`\n");
  CHECK(words(scene.at("wset"), "") == "remove it\n");
  CHECK(words({}, "west") == "insert `west`\n");
  CHECK(words(scene.at("west"), "wset") == "at federation.toml:3:7, replace `west` with `wset`\n");
  CHECK(words(scene.at("version = 1"), "") == "at federation.toml:1:1, remove `version = 1`\n");
  CHECK(words(scene.at("1\n\n"), "2") == "at federation.toml:1:11, replace it with `2`\n");
  CHECK(words(end, "[mesh.a]") == "at federation.toml:2:1, insert `[mesh.a]`\n");
  CHECK(words(end, "[network.a]\negress_port = 15444\n") ==
        "at federation.toml:2:1, insert:\n            [network.a]\n            egress_port = 15444\n");
}

TEST_CASE("own help stands before the fix, the row's gives way to it") {
  Scene scene;
  scene.sink.report(scene.at("wset"), testing::MeshWithoutCluster, "w")
      .advise("this or\nthat")
      .replace(scene.at("wset"), "west");
  scene.sink.report(scene.at("from"), testing::MeshWithoutCluster, "v").replace(scene.at("from"), "to");
  CHECK(scene.text() == R"(federation.toml:6:10: warning[MF0307]: mesh "w" has no cluster
  |
6 | from = ["wset"]
  |          ^^^^
  = help: this or
          that
  = help: replace it with `west`
  = see `meshfedc explain MF0307`

federation.toml:6:1: warning[MF0307]: mesh "v" has no cluster
  |
6 | from = ["wset"]
  | ^^^^
  = help: replace it with `to`

2 warnings
)");
}

TEST_CASE("no control character gets through") {
  source::Manager files;
  const source::FileId file = files.add("a\n\x1b]0;x\x07.toml", "k = \"\x1b[31m\xE2\x80\xAE\"\n");
  diag::Sink sink;
  sink.report({file, 0, 1}, testing::WouldOverwrite, "\x1b[2J\nfake.toml:1:1: error[MF0001]: no")
      .note({file, 0, 1}, "\x1b[1mbold\r")
      .advise("\x9b help\nmore\x7f");
  sink.report({}, testing::WouldOverwrite, "x")
      .at("\x1b"
          "c")
      .replace({}, "\x1b");
  CHECK(diag::render_text(sink, files) ==
        R"(a\n\x1b]0;x\x07.toml:1:1: error[MF0016]: `\x1b[2J\nfake.toml:1:1: error[MF0001]: no` already exists
  |
1 | k = "�[31m�"
  | ^
  = note: a\n\x1b]0;x\x07.toml:1:1: \x1b[1mbold\r
  = help: \x9b help
          more\x7f
  = see `meshfedc explain MF0016`

\x1bc: error[MF0016]: `x` already exists
  = help: insert `\x1b`

2 errors
)");
}

TEST_CASE("colours only when asked") {
  Scene scene;
  scene.sink.report(scene.at("wset"), testing::MeshWithoutCluster, "w");
  CHECK(scene.text().find('\x1b') == std::string::npos);
  CHECK(
      scene.text({.color = true}) ==
      "\x1b[1mfederation.toml:6:10:\x1b[0m \x1b[1;33mwarning[MF0307]:\x1b[0m \x1b[1mmesh \"w\" has no cluster\x1b[0m\n"
      "\x1b[1;34m  |\x1b[0m\n"
      "\x1b[1;34m6 |\x1b[0m from = [\"wset\"]\n"
      "\x1b[1;34m  |\x1b[0m          \x1b[1;33m^^^^\x1b[0m\n"
      "\x1b[1;34m  = \x1b[0m\x1b[1;36mhelp:\x1b[0m declare its cluster\n"
      "\x1b[1;34m  = \x1b[0msee `meshfedc explain MF0307`\n\n"
      "1 warning\n");
}

TEST_CASE("the cap hides warnings before errors, and counts what it hides") {
  Scene scene;
  scene.sink.report({}, testing::MeshWithoutCluster, "a");
  scene.sink.report({}, testing::MeshWithoutCluster, "b");
  scene.sink.report({}, testing::WouldOverwrite, "c").advise("x");
  scene.sink.report({}, testing::WouldOverwrite, "d").advise("x");
  scene.sink.report({}, testing::WouldOverwrite, "e").advise("x");

  CHECK(scene.text({.limit = 2}) == R"(meshfedc: error[MF0016]: `c` already exists
  = help: x
  = see `meshfedc explain MF0016`

meshfedc: error[MF0016]: `d` already exists
  = help: x

… and 1 more error, 2 more warnings
3 errors, 2 warnings
)");
  const std::string four = scene.text({.limit = 4});
  CHECK(four.find("mesh \"a\"") < four.find("`c`"));
  CHECK(four.find("mesh \"b\"") == std::string::npos);
  CHECK(four.ends_with("… and 1 more warning\n3 errors, 2 warnings\n"));
  CHECK(scene.text({.limit = 5}).find("more") == std::string::npos);
  CHECK(scene.text({.limit = 0}) == "… and 3 more errors, 2 more warnings\n3 errors, 2 warnings\n");
}

TEST_CASE("a finished sink is shown in the order of the files, without repetitions") {
  Scene scene;
  const source::FileId other = scene.files.add("b.toml", "x\n");
  scene.sink.report({other, 0, 1}, testing::MeshWithoutCluster, "1");
  scene.sink.report(scene.at("wset"), testing::UndeclaredParty, "pay", "wset");
  scene.sink.report(scene.at("version"), testing::MeshWithoutCluster, "2");
  scene.sink.report(scene.at("wset"), testing::UndeclaredParty, "pay", "wset");
  scene.sink.report({}, testing::CannotPrint, "3");
  scene.sink.finish();
  const std::string text = scene.text();
  const std::size_t first = text.find("MF0017"), second = text.find("federation.toml:1:1:");
  const std::size_t third = text.find("federation.toml:6:10:"), fourth = text.find("b.toml:1:1:");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third < fourth);
  CHECK(text.ends_with("\n2 errors, 2 warnings\n"));
}
