#include <doctest/doctest.h>

#include <string>

#include "diag/catalog.hpp"
#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

TEST_CASE("init writes the starter, whose warnings are of what is to be decided: the address, and mTLS") {
  Shell shell(false);
  CHECK(shell.run({"init"}) == 0);
  CHECK(shell.err == "wrote `federation.toml`\n");
  CHECK(shell.out.empty());
  CHECK(shell.fs.bytes("federation.toml") == std::string(cli::starter()));
  CHECK(shell.run({"validate"}) == 0);
  CHECK(contains(shell.err, "federation.toml:28:22: warning[MF0507]: 172.18.255.1 is a private address"));
  CHECK(contains(shell.err, "warning[MF0608]: "));
  CHECK(shell.err.ends_with("\n2 warnings\n2 clusters, 1 export, no errors\n"));
  CHECK_FALSE(shell.fs.exists("out"));
  CHECK(shell.run({"build"}) == 0);
}

TEST_CASE("init never overwrites") {
  Shell shell(false);
  shell.fs.put("federation.toml", "mine\n");
  CHECK(shell.run({"init"}) == 3);
  CHECK(contains(shell.err, "error[MF0016]: `federation.toml` already exists"));
  CHECK(shell.fs.bytes("federation.toml") == "mine\n");
  shell.fs.put_link("dangling.toml", "nowhere");
  CHECK(shell.run({"init", "-f", "dangling.toml"}) == 3);
  CHECK(shell.run({"init", "-f", "no/such/directory.toml"}) == 4);
  CHECK(contains(shell.err, "error[MF0910]: cannot write `no/such/directory.toml`: No such file or directory"));
  CHECK(contains(shell.err, "= help: check that the directory exists"));
}

TEST_CASE("init writes the file that is named") {
  Shell shell(false);
  CHECK(shell.run({"init", "mine.toml"}) == 0);
  CHECK(shell.err == "wrote `mine.toml`\n");
  CHECK(shell.fs.bytes("mine.toml") == std::string(cli::starter()));
  CHECK(shell.run({"init", "mine.toml"}) == 3);
  CHECK_FALSE(shell.fs.exists("federation.toml"));
}

TEST_CASE("validate says what it found right, and writes nothing") {
  Shell shell;
  CHECK(shell.run({"validate"}) == 0);
  CHECK(shell.out.empty());
  CHECK(shell.err == "2 clusters, 1 export, no problems\n");
  CHECK(shell.fs.changes().empty());
  CHECK(shell.run({"validate", "--quiet"}) == 0);
  CHECK(shell.err.empty());
  shell.replace("service_accounts = ", "# ");
  CHECK(shell.run({"validate"}) == 0);
  CHECK(shell.err.ends_with("\n1 warning\n2 clusters, 1 export, no errors\n"));
  CHECK(shell.run({"validate", "--quiet"}) == 0);
  CHECK(shell.err.empty());
  shell.replace("\"west-mesh\"]         #", "\"wset-mesh\"] #");
  CHECK(shell.run({"validate"}) == 2);
  CHECK(shell.err.find(" export, ") == std::string::npos);
}

TEST_CASE("validate shows the path as it was given") {
  Shell shell;
  shell.replace("from = [\"west-mesh\"]", "from = [\"wset-mesh\"]");
  shell.fs.put("a/b/federation.toml", *shell.fs.bytes("federation.toml"));
  CHECK(shell.run({"validate", "-f", "a/../a/b/federation.toml"}) == 2);
  CHECK(contains(shell.err, "a/../a/b/federation.toml:"));
  CHECK(contains(shell.err, "error[MF0301]: "));
  CHECK(contains(shell.err, "from = [\"wset-mesh\"]"));
}

TEST_CASE("a file that is not there is exit 4, a wrong one exit 2") {
  Shell shell(false);
  CHECK(shell.run({"validate"}) == 4);
  CHECK(contains(shell.err, "error[MF0001]: cannot read `federation.toml`"));
  shell.fs.put("federation.toml", "version = \n");
  CHECK(shell.run({"validate"}) == 2);
}

TEST_CASE("validate --quiet leaves out warnings, not errors") {
  Shell shell;
  shell.replace("service_accounts = ", "# ");
  CHECK(shell.run({"validate"}) == 0);
  CHECK(contains(shell.err, "warning[MF"));
  CHECK(shell.run({"validate", "--quiet"}) == 0);
  CHECK(shell.err.empty());
  shell.replace("\"west-mesh\"]         #", "\"wset-mesh\"] #");
  CHECK(shell.run({"validate", "-q"}) == 2);
  CHECK(contains(shell.err, "error[MF0301]"));
  CHECK(!contains(shell.err, "warning"));
}

TEST_CASE("JSON diagnostics are one document on standard error, even if there are none") {
  Shell shell;
  CHECK(shell.run({"validate", "--format", "json"}) == 0);
  CHECK(shell.err == "{\n  \"version\": 1,\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"warnings\": 0\n}\n");
  CHECK(shell.run({"build", "--format", "json"}) == 0);
  CHECK(shell.err.starts_with("{\n"));
  CHECK(shell.err.ends_with("\n}\n"));
  CHECK(shell.out.empty());
}

TEST_CASE("explain prints one diagnostic, or all, or says that there is none") {
  Shell shell(false);
  CHECK(shell.run({"explain", "mf0301"}) == 0);
  CHECK(shell.out.starts_with("MF0301 UndeclaredParty (error)\n"));
  CHECK(shell.run({"explain"}) == 0);
  for (const diag::Row& row : diag::catalog()) CHECK(contains(shell.out, row.name));
  CHECK(shell.run({"explain", "MF9999"}) == 2);
  CHECK(contains(shell.err, "error[MF0015]: there is no diagnostic `MF9999`"));
  CHECK(shell.out.empty());
}

TEST_CASE("schema prints a JSON document, or the keys for people") {
  Shell shell(false);
  CHECK(shell.run({"schema", "--format", "markdown"}) == 0);
  CHECK(contains(shell.out, "| `version` |"));
  CHECK(shell.run({"schema"}) == 0);
  CHECK(shell.out.starts_with("{"));
  CHECK(shell.out.ends_with("}\n"));
  CHECK(shell.err.empty());
}

TEST_CASE("schema prints the shapes of what other commands print") {
  Shell shell(false);
  for (const char* of : {"trace", "exposure", "facts"}) {
    CHECK(shell.run({"schema", of}) == 0);
    CHECK(contains(shell.out, std::string("meshfedc ") + of));
  }
  CHECK(shell.run({"schema", "trace", "--format", "markdown"}) == 64);
}

TEST_CASE("version") {
  Shell shell(false);
  CHECK(shell.run({"version"}) == 0);
  CHECK(shell.out.starts_with("meshfedc "));
  const std::string text = shell.out;
  CHECK(shell.run({"--version"}) == 0);
  CHECK(shell.out == text);
  CHECK(shell.run({"version", "--output", "json"}) == 0);
  CHECK(shell.out.starts_with("{\"name\":\"meshfedc\",\"version\":\""));
}

TEST_CASE("-v traces steps on standard error, before or behind the command") {
  Shell shell;
  CHECK(shell.run({"-v", "validate"}) == 0);
  CHECK(contains(shell.err, " ms: checked `federation.toml`: 0 errors, 0 warnings\n"));
  CHECK(shell.run({"build", "--verbose"}) == 0);
  CHECK(contains(shell.err, " ms: east-cluster: "));
  CHECK(shell.out.empty());
}
