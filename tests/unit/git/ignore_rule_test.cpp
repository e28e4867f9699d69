#include "git/ignore_rule.hpp"

#include <doctest/doctest.h>

using meshfed::git::deciding_rule;

TEST_CASE("the last rule that holds for a path decides") {
  const struct {
    const char* rules;
    const char* path;
    bool directory;
    std::size_t line;  // 0: none
  } rows[] = {
      {"*.lock\n", "out/east/.meshfedc.lock", false, 1},
      {"# a\n\n*.lock  \r\n", "a/x.lock", false, 3},
      {"*.lock\n!.meshfedc.lock\n", "out/.meshfedc.lock", false, 0},
      {"!*.lock\n*.lock\n", "x.lock", false, 2},
      {"out/\n", "out", true, 1},
      {"out/\n", "out", false, 0},
      {"/out\n", "out", true, 1},
      {"/out\n", "deploy/out", true, 0},
      {"out\n", "deploy/out", true, 1},
      {"deploy/out\n", "deploy/out", true, 1},
      {"out/**\n", "out/east", true, 1},
      {"**/build\n", "a/b/build", true, 1},
      {"a/**/x\n", "a/b/c/x", false, 1},
      {"out/*.yaml\n", "out/east/a.yaml", false, 0},
      {"other\n", "out", true, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rules);
    CAPTURE(row.path);
    const auto rule = deciding_rule(row.rules, row.path, row.directory);
    CHECK((rule ? rule->line : 0) == row.line);
  }
}
