#include <doctest/doctest.h>

#include <optional>
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

TEST_CASE("another layout of the files changes no object, but files") {
  Shell shell;
  shell.run({"build"});
  shell.replace("dns_capture = true", "dns_capture = true\nfiles = \"namespace\"");
  CHECK(diff(shell) == 1);
  CHECK(shell.out ==
        "cluster east-cluster: no object differs, but 3 files do\n"
        "cluster west-cluster: no object differs, but 3 files do\n\n"
        "no object differs, but 6 files in 2 clusters do\n");
  CHECK(shell.run({"check"}) == 1);
}

TEST_CASE("kustomization.yaml files that are written no more, or from now on, are told for the cluster") {
  Shell shell;
  shell.run({"build"});
  shell.replace("dns_capture = true", "dns_capture = true\nkustomization = false");
  CHECK(diff(shell) == 1);
  CHECK(
      shell.out.starts_with("cluster east-cluster: no object differs, but 3 files do\n"
                            "    risk, high: no kustomization.yaml is written any more: "));
  CHECK(shell.out.ends_with("\n\nno object differs, but 6 files in 2 clusters do\n"));
  CHECK(diff(shell, {"--format", "markdown"}) == 1);
  CHECK(contains(shell.out, "> - **high**: no kustomization.yaml is written any more"));
  shell.run({"build"});
  shell.replace("kustomization = false", "");
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out, "    risk, low: kustomization.yaml is written from then on"));
}

TEST_CASE("diff and check agree on whether something differs, whatever was done to which file") {
  Shell built;
  built.run({"build"});
  std::size_t files = 0;
  for (const std::string& path : built.fs.paths()) {
    if (!path.starts_with("out/") || path.ends_with('/')) continue;
    ++files;
    const std::string whole = *built.fs.bytes(path);
    const std::string last = whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1);
    for (const std::optional<std::string>& text :
         {std::optional<std::string>(), std::optional(whole + "# mine\n"), std::optional(last), std::optional(whole)}) {
      Shell shell;
      shell.run({"build"});
      shell.fs.erase(path);
      if (text) shell.fs.put(path, *text);
      INFO(path << ": " << text.value_or("missing"));
      const int checked = shell.run({"check"});
      CHECK(diff(shell) == checked);
      CHECK(contains(shell.out, "no differences") == (checked == 0));
    }
  }
  CHECK(files == 14);
}

TEST_CASE("what a kustomization.yaml does not list is not applied") {
  Shell shell;
  shell.run({"build"});
  const std::string list = "out/east-cluster/kustomization.yaml";
  std::string text = *shell.fs.bytes(list);
  text.erase(text.find("- httpbin\n"), 10);
  shell.fs.put(list, text + "patches:\n- path: mine.yaml\n");
  CHECK(diff(shell) == 1);
  CHECK(shell.out.starts_with(
      "~ Kustomization.kustomize.config.k8s.io/kustomization.yaml\n"
      "    in 1 cluster: east-cluster\n"
      "    + resources[]: httpbin\n"
      "    - patches:\n"
      "    - - path: mine.yaml\n"
      "    risk, high: Argo CD, Flux and `kubectl apply -k` do not apply files that are not listed"));
  CHECK(contains(shell.out, "\n+ ServiceEntry.networking.istio.io/httpbin/httpbin.mesh.global\n"));
  CHECK(contains(shell.out, "    appears in 1 cluster: east-cluster\n"));
  shell.fs.erase(list);
  CHECK(diff(shell) == 1);
  CHECK(contains(shell.out, "+ Kustomization.kustomize.config.k8s.io/kustomization.yaml\n"));
  CHECK(shell.out.ends_with("\n6 to add, 0 to change, 0 to remove in 1 cluster\n"));
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
