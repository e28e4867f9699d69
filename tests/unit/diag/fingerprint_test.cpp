#include "diag/fingerprint.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using meshfed::diag::line_fingerprints;

// Expected values are what GitHub's own implementation gave for these texts (github/codeql-action,
// src/fingerprints.ts).
TEST_CASE("lines have the fingerprints that GitHub computes") {
  struct Case {
    std::string text;
    std::vector<std::string> fingerprints;
  };
  const std::vector<Case> cases{
      {"", {"c129715d7a2bc9a3:1"}},
      {"a", {"53b5d4aabe50d64:1"}},
      {"version = 1\n", {"d52c5f2996c0b999:1", "c129715d7a2bc9a3:1"}},
      {"a\r\nb\r\n", {"81b8d8db678b2bbe:1", "ade70578248be16f:1", "c129715d7a2bc9a3:1"}},
      {" a\t=\t1\n\n\n", {"20aef4b334588978:1", "5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"}},
      {"é = \"\U0001F600\"\nx = 1\n", {"bc7f769b2d0cd780:1", "8e00d41f0ebba6bf:1", "c129715d7a2bc9a3:1"}},
      {"k = \"" + std::string(300, 'x') + "\"\n# end", {"660bf703fb66b8f6:1", "88010c692f52e071:1"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(line_fingerprints(c.text) == c.fingerprints);
  }
}

TEST_CASE("equal lines are told apart by their number") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "[a]\n";
  const std::vector<std::string> found = line_fingerprints(text);
  REQUIRE(found.size() == 61);
  CHECK(found[0] == "319837002c5bc3cb:1");
  CHECK(found[35] == "319837002c5bc3cb:36");
  CHECK(found[36] == "31983700f1ef942b:1");  // the end of the file comes into sight
  CHECK(found[59] == "878fb41e43e57516:1");
}

TEST_CASE("a line keeps its fingerprint when lines come before it") {
  const std::string rest = "[export.pay]\nnamespace = \"pay\"\n" + std::string(200, '#') + "\n";
  const std::vector<std::string> before = line_fingerprints(rest);
  const std::vector<std::string> after = line_fingerprints("# one more\n\n" + rest);
  CHECK(std::vector(after.begin() + 2, after.end()) == before);
}
