#include <doctest/doctest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

constexpr const char* kHostFile = "out/east-cluster/httpbin/httpbin.mesh.global.yaml";
constexpr const char* kMeshFile = "out/west-cluster/istio-system/mesh.yaml";

int diff(Shell& shell, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), "diff");
  shell.fs.forget();
  const int exit = shell.run(arguments);
  CHECK(shell.fs.changes().empty());
  return exit;
}

}  // namespace

TEST_CASE("diff finds nothing after a build, and everything before it") {
  Shell shell;
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out, "+ ServiceEntry.networking.istio.io/httpbin/httpbin.mesh.global\n"));
  CHECK(contains(shell.out, "cluster east-cluster, added: 5 to add, 0 to change, 0 to remove, 0 unchanged\n"));
  CHECK(shell.out.ends_with("\n9 to add, 0 to change, 0 to remove in 2 clusters\n"));
  CHECK(shell.err.empty());

  shell.run({"build"});
  CHECK(diff(shell) == 0);
  CHECK(shell.out == "no differences in 2 clusters\n");
  CHECK(diff(shell, {"--format", "markdown"}) == 0);
  CHECK(contains(shell.out, "no differences"));
}

TEST_CASE("diff shows what a change of the source would do") {
  Shell shell;
  shell.run({"build"});
  shell.replace("number = 8000", "number = 8001");
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out,
                 "~ ServiceEntry.networking.istio.io/httpbin/httpbin.mesh.global\n"
                 "    in 2 clusters: east-cluster, west-cluster\n"
                 "    ~ spec.ports[name=http].number: 8000 -> 8001\n"
                 "    risk, high: "));
  CHECK(shell.out.ends_with("\n0 to add, 2 to change, 0 to remove in 2 clusters\n"));

  CHECK(diff(shell, {"--cluster", "east-cluster"}) == 1);
  CHECK(shell.out.ends_with("\n0 to add, 1 to change, 0 to remove in 1 cluster\n"));
}

TEST_CASE("another layout of the files changes no object") {
  Shell shell;
  shell.run({"build"});
  shell.replace("mtls = \"strict\"", "mtls = \"strict\"\nfiles = \"namespace\"\nkustomization = false");
  CHECK(diff(shell) == 0);
  CHECK(shell.run({"check"}) == 1);
}

TEST_CASE("what was edited by hand would be undone") {
  Shell shell;
  shell.run({"build"});
  std::string text = *shell.fs.bytes(kMeshFile);
  text.replace(text.find("STRICT"), 6, "PERMISSIVE # edited");
  shell.fs.put(kMeshFile, text);
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out, "    ~ spec.mtls.mode: PERMISSIVE -> STRICT\n    risk, high: "));

  shell.fs.erase(kMeshFile);
  shell.fs.put("out/west-cluster/istio-system/mine.yaml", "kind: [");
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out,
                 "+ PeerAuthentication.security.istio.io/istio-system/default\n    in 1 cluster: west-cluster\n"));
}

TEST_CASE("a cluster that is not declared any more goes, unless only others are asked for") {
  Shell shell;
  shell.run({"build"});
  shell.replace("[cluster.east-cluster]", "[cluster.new-cluster]");
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out,
                 "cluster east-cluster, removed: 0 to add, 0 to change, 5 to remove, 0 unchanged\n    risk, high: "));
  CHECK(contains(shell.out, "cluster new-cluster, added: "));
  CHECK(diff(shell, {"--cluster", "west-cluster"}) == 0);
}

TEST_CASE("diff does not compare what it cannot understand") {
  const struct {
    const char* path;
    const char* text;
    const char* code;
    int exit;
  } kCases[] = {
      {"out/west-cluster/.meshfedc.lock", "<<<<<<< HEAD\n", "MF0906", 3},
      {kMeshFile, "a: [\n", "MF0930", 3},
      {kMeshFile, "- a\n", "MF0930", 3},
      {"federation.toml", "version = 2\n", "MF0210", 2},
  };
  for (const auto& [path, text, code, exit] : kCases) {
    INFO(path << ": " << text);
    Shell shell;
    shell.run({"build"});
    shell.fs.put(path, text);
    CHECK(diff(shell) == exit);
    CHECK(contains(shell.err, code));
    CHECK(shell.out.empty());
  }
  Shell shell;
  shell.run({"build"});
  shell.fs.erase(kHostFile);
  shell.fs.put_link(kHostFile, "/etc/passwd");
  CHECK(diff(shell) == 3);
  CHECK(contains(shell.err, "MF0903"));
  shell.fs.erase(kHostFile);
  shell.fs.put(kHostFile, "kind: x");
  shell.fs.fail(testing::MemoryFs::Call::list, 1, EIO);
  CHECK(diff(shell, {"--cluster", "east-cluster"}) == 4);
}

TEST_CASE("the result follows --format, and diagnostics are JSON only with it") {
  Shell shell;
  shell.replace("istio = \"1.31\"", "istio = \"1.26\"");  // warnings
  CHECK(diff(shell, {"--format", "json"}) == 1);
  const auto result = nlohmann::json::parse(shell.out);
  CHECK(result["version"] == 1);
  CHECK(result["add"] == 9);
  CHECK(nlohmann::json::parse(shell.err)["warnings"] > 0);
  CHECK(diff(shell, {"--format", "markdown"}) == 1);
  CHECK(shell.out.starts_with("**meshfedc**: 9 to add"));
  CHECK(contains(shell.err, ": warning[MF0706]: "));
  CHECK(diff(shell, {"--format", "yaml"}) == 64);
}

TEST_CASE("a result that cannot be printed is an error") {
  Shell shell;
  shell.out_error = ENOSPC;
  CHECK(diff(shell) == 4);
  CHECK(contains(shell.err, "MF0017"));
}
