#include "cli/command/graph.hpp"

#include <doctest/doctest.h>

#include <string>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

/// The starter with so many more clusters in the mesh of the east.
void add_clusters(Shell& shell, int count) {
  std::string text = *shell.fs.bytes("federation.toml");
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    text += "[network.n" + id + "]\n[cluster.c" + id + "]\nmesh = \"east-mesh\"\nnetwork = \"n" + id + "\"\n";
  }
  shell.fs.put("federation.toml", text);
}

}  // namespace

TEST_CASE("graph prints a picture") {
  Shell shell;
  CHECK(shell.run({"graph"}) == 0);
  CHECK(shell.out.starts_with("<!-- meshfedc graph -->\n<svg "));
  CHECK(contains(shell.out, "<title>east-cluster calls 1 host of west-cluster: httpbin.mesh.global</title>"));
  CHECK(shell.err.empty());
  CHECK(shell.fs.changes().empty());
  CHECK(shell.run({"graph", "--format", "mermaid"}) == 0);
  CHECK(contains(shell.out, "  c0 -->|\"httpbin\"| c1\n"));
  CHECK(shell.run({"graph", "--format", "dot"}) == 0);
  CHECK(shell.out.starts_with("// meshfedc graph\ndigraph \"demo\" {\n"));
  CHECK(shell.run({"graph", "--format", "html"}) == 0);
  CHECK(shell.out.starts_with("<!doctype html>\n"));
}

TEST_CASE("graph writes a file, and replaces only what it wrote") {
  Shell shell;
  CHECK(shell.run({"graph", "-o", "a.svg"}) == 0);
  CHECK(shell.out.empty());
  CHECK(shell.err == "wrote `a.svg`\n");
  CHECK(shell.fs.bytes("a.svg")->starts_with("<!-- meshfedc graph -->\n"));
  CHECK(shell.run({"graph", "--by", "mesh", "-o", "a.svg"}) == 0);
  CHECK(contains(*shell.fs.bytes("a.svg"), "1 cluster"));
  CHECK_FALSE(shell.fs.exists("a.svg.meshfedc-new"));
  for (const char* format : {"html", "mermaid", "dot"})
    CHECK(shell.run({"graph", "--format", format, "-o", "a.svg"}) == 3);
  shell.fs.put("notes", "mine\n");
  CHECK(shell.run({"graph", "-o", "notes"}) == 3);
  CHECK(contains(shell.err, "error[MF1133]: `notes` exists, and `meshfedc graph` did not write it"));
  CHECK(shell.fs.bytes("notes") == "mine\n");
  CHECK(shell.run({"graph", "-o", "no/such/a.svg"}) == 4);
  CHECK(contains(shell.err, "error[MF0910]"));
  shell.fs.put_link("link.svg", "a.svg");
  CHECK(shell.run({"graph", "-o", "link.svg"}) == 3);
}

TEST_CASE("graph draws a part") {
  Shell shell;
  add_clusters(shell, 3);
  CHECK(shell.run({"graph", "--format", "mermaid", "--focus", "httpbin.mesh.global"}) == 0);
  CHECK(contains(shell.out, "east-cluster"));
  CHECK(!contains(shell.out, "[\"n1"));
  CHECK(shell.run({"graph", "--focus", "wset-mesh", "--focus", "nowhere"}) == 2);
  CHECK(contains(shell.err, "= help: did you mean `west-mesh`?"));
  CHECK(contains(shell.err, "2 errors"));
  CHECK(shell.out.empty());
}

TEST_CASE("graph of many clusters is a matrix, and of meshes in languages that others lay out") {
  Shell shell;
  add_clusters(shell, 13);
  CHECK(shell.run({"graph"}) == 0);
  CHECK(contains(shell.out, "class=\"diagram\""));
  add_clusters(shell, 0);
  shell.fs.put("federation.toml", *shell.fs.bytes("federation.toml") +
                                      "[network.last]\n[cluster.last]\nmesh = \"east-mesh\"\nnetwork = \"last\"\n");
  CHECK(shell.run({"graph"}) == 0);
  CHECK(contains(shell.out, "class=\"matrix\""));
  CHECK(shell.run({"graph", "--format", "dot"}) == 0);
  CHECK(contains(shell.out, "[label=\"east-mesh\\n15 clusters\""));
  CHECK(contains(shell.err, "16 clusters: meshes are drawn"));
  CHECK(shell.run({"graph", "--format", "dot", "--by", "cluster"}) == 0);
  CHECK(contains(shell.out, "[label=\"last\\nlast\""));
}

TEST_CASE("graph of a federation that is wrong draws nothing") {
  Shell shell;
  shell.replace("from = [\"west-mesh\"]", "from = [\"wset-mesh\"]");
  CHECK(shell.run({"graph", "-o", "a.svg"}) == 2);
  CHECK_FALSE(shell.fs.exists("a.svg"));
  CHECK(shell.run({"graph", "--only-changes"}) == 64);
  CHECK(shell.run({"graph", "-o", ""}) == 64);
}
