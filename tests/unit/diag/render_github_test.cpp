#include "diag/render_github.hpp"

#include <doctest/doctest.h>

#include "rows.hpp"

using namespace meshfed;

TEST_CASE("nothing to report is no line") { CHECK(diag::render_github({}, {}, {}).empty()); }

TEST_CASE("a report is an annotation with its place, its code and what to do") {
  source::Manager files;
  const source::FileId file = files.add("federation.toml", "é = [\"wset\"]\nx = 1\n");
  diag::Sink sink;
  sink.report({file, 6, 12}, testing::UndeclaredParty, "pay", "wset")
      .note({file, 14, 15}, "declared here")
      .replace({file, 6, 12}, "\"west\"");
  sink.report({file, 14, 15}, testing::MeshWithoutCluster, "m");
  CHECK(diag::render_github(sink, files, {"/repo", "/repo/prod"}) ==
        "::error file=prod/federation.toml,line=1,endLine=1,col=6,endColumn=12,title=MF0301::"
        "export \"pay\" names \"wset\", which is not declared%0A"
        "note: federation.toml:2:1: declared here%0A"
        "help: replace it with `\"west\"`\n"
        "::warning file=prod/federation.toml,line=2,endLine=2,col=1,endColumn=2,title=MF0307::"
        "mesh \"m\" has no cluster%0Ahelp: declare its cluster\n"
        "1 error, 1 warning\n");
}

TEST_CASE("columns are left out where the range has several lines, as the runner refuses them") {
  source::Manager files;
  const source::FileId file = files.add("a.toml", "a = [\n]\n");
  diag::Sink sink;
  sink.report({file, 4, 7}, testing::CannotPrint, "x");
  CHECK(diag::render_github(sink, files, {}) ==
        "::error file=a.toml,line=1,endLine=2,title=MF0017::cannot write to standard output: x\n1 error\n");
}

TEST_CASE("a report without a file has a title alone") {
  diag::Sink sink;
  sink.report({}, testing::CannotPrint, "full").at("out/east");
  CHECK(diag::render_github(sink, {}, {}) ==
        "::error title=MF0017::out/east: cannot write to standard output: full\n1 error\n");
}

TEST_CASE("no text ends a command, or begins one") {
  source::Manager files;
  const source::FileId file = files.add("a,b:c%d\n::error ::.toml", "x\n");
  diag::Sink sink;
  sink.report({file, 0, 1}, testing::CannotPrint, "100%\r\n::error ::x").advise("two\n::warning ::lines");
  CHECK(diag::render_github(sink, files, {}) ==
        "::error file=a%2Cb%3Ac%25d\\n%3A%3Aerror %3A%3A.toml,line=1,endLine=1,col=1,endColumn=2,title=MF0017::"
        "cannot write to standard output: 100%25\\r\\n::error ::x%0Ahelp: two%0A::warning ::lines\n"
        "1 error\n");
}
