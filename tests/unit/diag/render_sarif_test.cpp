#include "diag/render_sarif.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rows.hpp"

using namespace meshfed;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a run without reports succeeded and has no results") {
  CHECK(diag::render_sarif({}, {}, {}, "1.2.3") == R"({
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "meshfedc",
          "version": "1.2.3",
          "rules": [],
          "notifications": []
        }
      },
      "columnKind": "unicodeCodePoints",
      "originalUriBaseIds": {
        "%SRCROOT%": {
          "description": {
            "text": "The root of the repository."
          }
        }
      },
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }
      ],
      "results": []
    }
  ]
}
)");
}

TEST_CASE("a result has its rule, its place, its fingerprint and its fix") {
  source::Manager files;
  const source::FileId file = files.add("fédération.toml", "é = [\"wset\"]\nx = 1\n");
  diag::Sink sink;
  sink.report({file, 6, 12}, testing::UndeclaredParty, "pay", "wset")
      .note({file, 14, 15}, "declared here")
      .replace({file, 6, 12}, "\"west\"");
  const std::string log = diag::render_sarif(sink, files, {"/repo", "/repo/a b"}, "1.2.3");
  CHECK(contains(log, R"(
      "results": [
        {
          "ruleId": "MF0301",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "export \"pay\" names \"wset\", which is not declared\nnote: fédération.toml:2:1: declared here\nhelp: replace it with `\"west\"`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/f%C3%A9d%C3%A9ration.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 6,
                  "endLine": 1,
                  "endColumn": 12
                }
              }
            }
          ],
          "relatedLocations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/f%C3%A9d%C3%A9ration.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 1,
                  "endLine": 2,
                  "endColumn": 2
                }
              },
              "message": {
                "text": "declared here"
              }
            }
          ],
          "partialFingerprints": {
            "primaryLocationLineHash": ")"));
  CHECK(contains(log, R"(
          "fixes": [
            {
              "description": {
                "text": "replace it with `\"west\"`"
              },
              "artifactChanges": [
                {
                  "artifactLocation": {
                    "uri": "a%20b/f%C3%A9d%C3%A9ration.toml",
                    "uriBaseId": "%SRCROOT%"
                  },
                  "replacements": [
                    {
                      "deletedRegion": {
                        "startLine": 1,
                        "startColumn": 6,
                        "endLine": 1,
                        "endColumn": 12
                      },
                      "insertedContent": {
                        "text": "\"west\""
                      }
                    }
                  ]
                }
              ]
            }
          ])"));
  CHECK(contains(log, "\"executionSuccessful\": false"));
}

TEST_CASE("a rule is listed once, with the catalog's words") {
  source::Manager files;
  const source::FileId file = files.add("/etc/a.toml", "x = 1\nx = 1\n");
  diag::Sink sink;
  sink.report({file, 0, 1}, testing::MeshWithoutCluster, "a");
  sink.report({file, 4, 5}, diag::UnknownCode, "b");
  sink.report({file, 6, 7}, testing::MeshWithoutCluster, "c");
  const std::string log = diag::render_sarif(sink, files, {"/repo", "/repo"}, "1.2.3");
  const std::size_t rule = log.find("\"id\": \"MF0307\"");
  CHECK(rule != std::string::npos);
  CHECK(log.find("\"id\": \"MF0307\"", rule + 1) == std::string::npos);
  CHECK(contains(log, "\"text\": \"mesh \\\"…\\\" has no cluster\""));
  CHECK(contains(log, "\"ruleIndex\": 1"));
  CHECK(contains(log, "\"uri\": \"file:///etc/a.toml\"\n"));
}

TEST_CASE("a report about no file is a notification") {
  diag::Sink sink;
  sink.report({}, testing::CannotPrint, "full").at("b\xFF");
  const std::string log = diag::render_sarif(sink, {}, {}, "1.2.3");
  CHECK(contains(log, R"(
          "toolExecutionNotifications": [
            {
              "descriptor": {
                "id": "MF0017",
                "index": 0
              },
              "level": "error",
              "message": {
                "text": "cannot write to standard output: full"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "b%FF",
                      "uriBaseId": "%SRCROOT%"
                    }
                  }
                }
              ]
            }
          ])"));
  CHECK(contains(log, "\"results\": []"));
}
