// The record saves time, and nothing else: what a build says and leaves behind is the same with and without one.
#include "driver/build_cache.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::MemoryFs;
using testing::Shell;

namespace {

constexpr const char* kHostFile = "out/east-cluster/httpbin/httpbin.mesh.global.yaml";

/// The starter, published, with a record of it.
struct Published : Shell {
  Published() {
    environment["HOME"] = "/home";
    run({"build"});
    fs.forget();
  }

  void append(const std::string& text) { fs.put("federation.toml", *fs.bytes("federation.toml") + text); }

  /// Whether the last command looked inside any published file.
  bool opened_files() const {
    const auto events = fs.events();
    return std::any_of(events.begin(), events.end(), [](const MemoryFs::Event& event) {
      return event.call == MemoryFs::Call::read && event.path.starts_with("out/") && event.path.ends_with(".yaml");
    });
  }
};

void check_that_a_record_makes_no_difference(void (*change)(MemoryFs&), const char* edit) {
  Published with;
  Published without;
  for (Published* shell : {&with, &without}) {
    change(shell->fs);
    shell->append(edit);
  }
  without.environment.clear();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"check"}, {"build", "--dry-run"}, {"build"}}) {
    CHECK(with.run(command) == without.run(command));
    CHECK(with.out == without.out);
    CHECK(with.err == without.err);
  }
  CHECK(with.fs.paths() == without.fs.paths());
  for (const std::string& path : with.fs.paths()) {
    if (path.starts_with("out/")) CHECK(with.fs.bytes(path) == without.fs.bytes(path));
  }
}

}  // namespace

TEST_CASE("an unchanged source and tree cost no look inside any file, and nothing is written") {
  Published shell;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"build"},
                                                  {"build", "--exit-code"},
                                                  {"build", "--dry-run", "--exit-code"},
                                                  {"check"}}) {
    shell.fs.forget();
    CHECK(shell.run(command) == 0);
    CHECK(!shell.opened_files());
    CHECK(shell.fs.changes().empty());
    CHECK(shell.out.empty());
  }
  CHECK(shell.run({"build"}) == 0);
  CHECK(contains(shell.err, "0 files written, 12 unchanged, 0 removed in 2 clusters\n"));
}

TEST_CASE("with a changed source, too, files are opened only if they may have changed") {
  Published shell;
  shell.replace("number = 8000", "number = 8001");
  shell.fs.forget();
  CHECK(shell.run({"build", "--dry-run"}) == 0);
  CHECK(!shell.opened_files());
  CHECK(contains(shell.out, kHostFile));
  CHECK(shell.run({"build"}) == 0);
  shell.fs.forget();
  CHECK(shell.run({"build"}) == 0);
  CHECK(!shell.opened_files());
}

TEST_CASE("whatever changes in the tree is found as if there were no memo") {
  const struct {
    const char* what;
    void (*change)(MemoryFs&);
  } rows[] = {
      {"nothing", [](MemoryFs&) {}},
      {"an edited file", [](MemoryFs& fs) { fs.put(kHostFile, "edited\n"); }},
      {"a missing file", [](MemoryFs& fs) { fs.remove_file(kHostFile); }},
      {"a missing cluster", [](MemoryFs& fs) { fs.erase("out/west-cluster"); }},
      {"no tree at all", [](MemoryFs& fs) { fs.erase("out"); }},
      {"a cluster that is not declared",
       [](MemoryFs& fs) { fs.put("out/north/.meshfedc.lock", "meshfedc-lock 1 demo\n"); }},
      {"what a killed build left", [](MemoryFs& fs) { fs.put("out/.meshfedc.tmp-0-north/a", "half"); }},
      {"a leftover in a cluster", [](MemoryFs& fs) { fs.put("out/east-cluster/.meshfedc.tmp-0", "half"); }},
      {"a link", [](MemoryFs& fs) { fs.put_link("out/east-cluster/kustomization.yaml", "elsewhere"); }},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    for (const char* edit : {"", "# of the source, which changes no file\n", "[network.spare]\n"}) {
      CAPTURE(edit);
      check_that_a_record_makes_no_difference(row.change, edit);
    }
  }
}

TEST_CASE("an edit is compiled for the clusters that it reaches, and for no others") {
  Published shell;
  shell.append(
      "[mesh.north-mesh]\n[network.north-network]\n"
      "[cluster.north-cluster]\nmesh = \"north-mesh\"\nnetwork = \"north-network\"\n");
  CHECK(shell.run({"-v", "build"}) == 0);
  CHECK(!contains(shell.err, "as it was left"));
  shell.replace("number = 8000", "number = 8001");
  CHECK(shell.run({"-v", "build"}) == 0);
  CHECK(contains(shell.err, "north-cluster: unchanged since the last build"));
  CHECK(!contains(shell.err, "east-cluster: unchanged since the last build"));
  CHECK(!contains(shell.err, "west-cluster: unchanged since the last build"));
  shell.append("# of the source, which changes no file\n");
  CHECK(shell.run({"-v", "build"}) == 0);
  for (const char* cluster : {"north", "east", "west"})
    CHECK(contains(shell.err, std::string(cluster) + "-cluster: unchanged since the last build"));
  CHECK(shell.run({"build", "--exit-code"}) == 0);
}

TEST_CASE("a memo that was lost is made again by a build that has nothing to write") {
  Published shell;
  shell.fs.erase("/home");
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(shell.opened_files());
  shell.fs.forget();
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(!shell.opened_files());
}

TEST_CASE("files that changed in the tick of the clock in which the memo was written are looked at again, once") {
  Published shell;
  shell.replace("number = 8000", "number = 8001");
  shell.fs.stop_clock(1000);
  CHECK(shell.run({"build"}) == 0);
  shell.fs.stop_clock(0);
  shell.fs.forget();
  CHECK(shell.run({"build"}) == 0);
  CHECK(shell.opened_files());
  shell.fs.forget();
  CHECK(shell.run({"build"}) == 0);
  CHECK(!shell.opened_files());
}

TEST_CASE("the memo is written again when the clock ticks, so that they need not be") {
  Published shell;
  Published other;
  for (Published* each : {&shell, &other}) each->replace("number = 8000", "number = 8001");
  const std::size_t before = other.fs.ticks();
  CHECK(other.run({"build"}) == 0);
  shell.fs.stop_clock(other.fs.ticks() - before);
  CHECK(shell.run({"build"}) == 0);
  shell.fs.forget();
  CHECK(shell.run({"build"}) == 0);
  CHECK(!shell.opened_files());
}

TEST_CASE("warnings are said again each time") {
  Published shell;
  shell.replace("203.0.113.1", "172.18.255.1");  // a private address
  CHECK(shell.run({"build"}) == 0);
  const std::string first = shell.err.substr(0, shell.err.find(" files written"));
  CHECK(contains(first, "warning["));
  CHECK(shell.run({"build"}) == 0);
  CHECK(contains(shell.err, "warning["));
}

TEST_CASE("a part that was built with another source is not taken for the whole") {
  Published shell;
  const std::string before = *shell.fs.bytes("federation.toml");
  shell.replace("number = 8000", "number = 8001");
  CHECK(shell.run({"build", "--cluster", "east-cluster"}) == 0);
  shell.fs.put("federation.toml", before);
  CHECK(shell.run({"build", "--exit-code"}) == 1);
  CHECK(shell.run({"build", "--exit-code"}) == 0);
}

TEST_CASE("without a place for a memo, or with one that cannot be written, everything works") {
  Shell shell;
  CHECK(shell.run({"build"}) == 0);
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  shell.environment["XDG_CACHE_HOME"] = "relative/is/ignored";
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(!shell.fs.exists("relative"));
  shell.environment["XDG_CACHE_HOME"] = "/file/that/is/no/directory";
  shell.fs.put("/file", "");
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(shell.err == "0 files written, 12 unchanged, 0 removed in 2 clusters\n");
}
