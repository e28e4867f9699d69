#include <doctest/doctest.h>

#include <string>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

constexpr const char* kHostFile = "out/east-cluster/httpbin/httpbin.mesh.global.yaml";
constexpr const char* kMeshFile = "out/west-cluster/istio-system/mesh.yaml";

int check(Shell& shell) {
  shell.fs.forget();
  const int exit = shell.run({"check"});
  CHECK(shell.fs.changes().empty());
  return exit;
}

}  // namespace

TEST_CASE("check finds nothing after a build") {
  Shell shell;
  shell.run({"build"});
  CHECK(check(shell) == 0);
  CHECK(shell.out.empty());
  CHECK(shell.err == "12 files in 2 clusters, all up to date\n");
}

TEST_CASE("check lists what is missing, what is different and what is extra") {
  Shell shell;
  CHECK(check(shell) == 1);
  CHECK(contains(shell.out, std::string("missing ") + kHostFile + "\n"));
  CHECK(contains(shell.err, "12 missing, 0 different, 0 extra in 2 clusters: run `meshfedc build`\n"));

  shell.run({"build"});
  shell.replace("number = 8000", "number = 8001");
  CHECK(check(shell) == 1);
  CHECK(contains(shell.out, std::string("different ") + kHostFile + "\n"));
  CHECK_FALSE(contains(shell.out, kMeshFile));

  shell.replace("mtls = \"strict\"", "");
  CHECK(check(shell) == 1);
  CHECK(contains(shell.out, std::string("extra ") + kMeshFile + "\n"));
}

TEST_CASE("an edit by hand is a difference, and how to mend it is another matter") {
  Shell shell;
  shell.run({"build"});
  shell.fs.put(kMeshFile, "# mine\n");
  CHECK(check(shell) == 1);
  CHECK(shell.out == std::string("different ") + kMeshFile + "\n");
  CHECK(contains(shell.err, "one was edited by hand: review `git diff` before `meshfedc build --force`\n"));

  shell.replace("mtls = \"strict\"", "");  // not planned any more, and edited
  CHECK(check(shell) == 1);
  CHECK(contains(shell.out, std::string("extra ") + kMeshFile + "\n"));
}

TEST_CASE("check does not compare what it cannot understand, and says what is wrong with the source") {
  Shell shell;
  shell.run({"build"});
  shell.fs.put("out/west-cluster/.meshfedc.lock", "<<<<<<< HEAD\n");
  CHECK(check(shell) == 3);
  CHECK(contains(shell.err, "MF0906"));
  CHECK(shell.out.empty());

  shell.replace("version = 1", "version = 2");
  CHECK(check(shell) == 2);
}
