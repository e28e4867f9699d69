// Which federation a command takes, and where its output is.
#include <doctest/doctest.h>

#include <string>

#include "cli/source.hpp"
#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

/// A federation in /cwd, and the commands run in /cwd/a/b.
struct Below : Shell {
  Below() {
    fs.put_directory("a/b");
    fs.change_directory("/cwd/a/b");
  }
};

constexpr const char* kWritten = "/cwd/out/east-cluster/kustomization.yaml";

}  // namespace

TEST_CASE("the main file is named by -f or by itself, in every command that reads one") {
  for (const char* command : {"validate", "build", "check", "diff"}) {
    INFO(command);
    Shell shell;
    shell.fs.put("prod/mesh.toml", *shell.fs.bytes("federation.toml"));
    shell.fs.erase("federation.toml");
    if (command != std::string("validate")) shell.run({"build", "prod/mesh.toml"});
    CHECK(shell.run({command, "prod/mesh.toml"}) == 0);
    CHECK(shell.run({command, "-f", "prod/mesh.toml"}) == 0);
    CHECK(shell.run({command, "prod/mesh.toml", "-f", "prod/mesh.toml"}) == 0);
    CHECK(shell.run({command, "prod/none.toml"}) == 4);
    CHECK(contains(shell.err, "error[MF0001]: cannot read `prod/none.toml`"));
    CHECK_FALSE(contains(shell.err, "using"));
  }
}

TEST_CASE("without a federation.toml here, the nearest above is taken, and said") {
  Below shell;
  CHECK(shell.run({"validate"}) == 0);
  CHECK(shell.err == "using `../../federation.toml`\n2 clusters, 1 export, no problems\n");
  shell.fs.put("/cwd/a/federation.toml", "version = 2\n");
  CHECK(shell.run({"validate"}) == 2);
  CHECK(contains(shell.err, "../federation.toml:1:"));
  shell.fs.put("/cwd/a/b/federation.toml", "version = 3\n");
  CHECK(shell.run({"validate"}) == 2);
  CHECK_FALSE(contains(shell.err, "using"));
  CHECK(contains(shell.err, "federation.toml:1:"));
}

TEST_CASE("its output is beside it, unless -o says where, which is relative to here") {
  Below shell;
  CHECK(shell.run({"build"}) == 0);
  CHECK(shell.err.starts_with("using `../../federation.toml` and `../../out`\n"));
  CHECK(shell.fs.exists(kWritten));
  CHECK_FALSE(shell.fs.exists("/cwd/a/b/out"));
  CHECK(shell.run({"check"}) == 0);
  CHECK(shell.run({"diff"}) == 0);
  shell.fs.erase(kWritten);
  CHECK(shell.run({"check"}) == 1);
  CHECK(shell.out == "missing ../../out/east-cluster/kustomization.yaml\n");
  CHECK(shell.run({"build", "-o", "here"}) == 0);
  CHECK(shell.err.starts_with("using `../../federation.toml`\n"));
  CHECK(shell.fs.exists("/cwd/a/b/here/east-cluster/kustomization.yaml"));
  CHECK(shell.run({"build", "-f", "../../federation.toml"}) == 0);
  CHECK(shell.fs.exists("/cwd/a/b/out/east-cluster/kustomization.yaml"));
}

TEST_CASE("what is above the top of a working tree is somebody else's") {
  Below shell;
  shell.fs.put_directory("/cwd/a/.git");
  CHECK(shell.run({"validate"}) == 4);
  CHECK(contains(shell.err, "cannot read `federation.toml`"));
  shell.fs.put("/cwd/a/federation.toml", *shell.fs.bytes("/cwd/federation.toml"));
  CHECK(shell.run({"validate"}) == 0);
}

TEST_CASE("in Argo CD's sidecar nothing above is looked at") {
  Below shell;
  CHECK(shell.run({"cmp", "parameters"}) == 4);
  CHECK(shell.run({"cmp", "generate", "--cluster", "east-cluster"}) == 4);
  shell.environment = {{"ARGOCD_APP_NAME", "mesh"}};
  for (const char* command : {"validate", "build", "check", "diff"}) CHECK(shell.run({command}) == 4);
  CHECK_FALSE(shell.fs.touched("../federation.toml"));
}

TEST_CASE("init writes here, whatever is above") {
  Below shell;
  CHECK(shell.run({"init"}) == 0);
  CHECK(shell.fs.exists("/cwd/a/b/federation.toml"));
}

TEST_CASE("machines are not told which file was taken") {
  Below shell;
  CHECK(shell.run({"validate", "--format", "json"}) == 0);
  CHECK(shell.err.starts_with("{"));
}

TEST_CASE("clusters are completed from the nearest federation") {
  Below shell;
  CHECK(shell.run({"complete", "build", "--cluster", "w"}) == 0);
  CHECK(shell.out == "west-cluster\t\n");
}

TEST_CASE("a word of diff that ends in .toml is the main file, before and behind a revision") {
  Shell shell;
  shell.fs.put("prod.toml", *shell.fs.bytes("federation.toml"));
  shell.run({"build"});
  CHECK(shell.run({"diff", "prod.toml"}) == 0);
  for (const auto& words : {std::vector<std::string>{"diff", "HEAD", "none.toml"}, {"diff", "none.toml", "HEAD"}}) {
    CHECK(shell.run(words) == 4);
    CHECK(contains(shell.err, "MF0911"));  // the revision is looked up first, and this is no repository
  }
}
