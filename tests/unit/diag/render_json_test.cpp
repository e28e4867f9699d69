#include "diag/render_json.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rows.hpp"

using namespace meshfed;

TEST_CASE("an empty sink is an empty list") {
  CHECK(diag::render_json({}, {}) == R"({
  "version": 1,
  "diagnostics": [],
  "errors": 0,
  "warnings": 0
}
)");
}

TEST_CASE("a report has all that the text shows") {
  source::Manager files;
  const source::FileId file = files.add("a/federation.toml", "é = [\"wset\"]\nx = 1\n");
  diag::Sink sink;
  sink.report({file, 6, 12}, testing::UndeclaredParty, "pay", "wset")
      .note({file, 14, 15}, "declared here")
      .note({}, "and nowhere")
      .replace({file, 6, 12}, "\"west\"");
  CHECK(diag::render_json(sink, files) == R"({
  "version": 1,
  "diagnostics": [
    {
      "code": "MF0301",
      "severity": "error",
      "message": "export \"pay\" names \"wset\", which is not declared",
      "file": "a/federation.toml",
      "line": 1,
      "column": 6,
      "endLine": 1,
      "endColumn": 12,
      "notes": [
        {
          "message": "declared here",
          "file": "a/federation.toml",
          "line": 2,
          "column": 1,
          "endLine": 2,
          "endColumn": 2
        },
        {
          "message": "and nowhere",
          "file": null,
          "line": null,
          "column": null,
          "endLine": null,
          "endColumn": null
        }
      ],
      "help": null,
      "fix": {
        "replacement": "\"west\"",
        "file": "a/federation.toml",
        "line": 1,
        "column": 6,
        "endLine": 1,
        "endColumn": 12
      }
    }
  ],
  "errors": 1,
  "warnings": 0
}
)");
}

TEST_CASE("a report without a file says where else") {
  diag::Sink sink;
  sink.report({}, testing::WouldOverwrite, "federation.toml").at("out/east");
  const std::string json = diag::render_json(sink, {});
  CHECK(json.find("\"file\": null") != std::string::npos);
  CHECK(json.find("\"place\": \"out/east\"") != std::string::npos);
  CHECK(json.find("\"help\": \"remove it first") != std::string::npos);
  CHECK(json.find("\"fix\": null") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  source::Manager files;
  const source::FileId file = files.add("b\xFF.toml", "x\n");
  diag::Sink sink;
  sink.report({file, 0, 1}, testing::WouldOverwrite, "a\xC3(").note({}, "\xFE").advise("\x80");
  const std::string json = diag::render_json(sink, files);
  CHECK(json.find("\"message\": \"`a\uFFFD(` already exists\"") != std::string::npos);
  CHECK(json.find("\"file\": \"b\uFFFD.toml\"") != std::string::npos);
}

TEST_CASE("warnings are counted apart, and none is left out") {
  diag::Sink sink;
  for (int i = 0; i < 300; ++i) sink.report({}, testing::MeshWithoutCluster, i);
  sink.report({}, testing::CannotPrint, "full");
  const std::string json = diag::render_json(sink, {});
  CHECK(json.ends_with("  \"errors\": 1,\n  \"warnings\": 300\n}\n"));
  CHECK(json.find("mesh \\\"299\\\"") != std::string::npos);
}
