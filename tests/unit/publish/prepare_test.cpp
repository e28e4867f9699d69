#include "publish/prepare.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "publish/inventory.hpp"
#include "publish/output.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed::publish;
using namespace meshfed::testing;
using meshfed::emit::Tree;

namespace {

// Everything that a tree published into an empty directory looks like.
Names published(const Tree& tree) {
  MemoryFs fs;
  publish_first(fs, tree);
  Names out;
  for (const std::string& path : fs.paths()) out.push_back(path + "=" + fs.bytes(path).value_or(""));
  return out;
}

Names contents(const MemoryFs& fs) {
  Names out;
  for (const std::string& path : fs.paths()) out.push_back(path + "=" + fs.bytes(path).value_or(""));
  return out;
}

}  // namespace

TEST_CASE("a first build: the whole cluster under a temporary name, a sync, its name") {
  MemoryFs fs;
  fs.put_directory("out");
  const Outcome outcome = put_out(fs, sample());
  CHECK(outcome.ok());
  CHECK(outcome.prepared.totals == Totals{.created = 5});
  const std::string temporary = "out/.meshfedc.tmp-0-east";
  CHECK(fs.changes() ==
        Names{"mkdir " + temporary, "mkdir " + temporary + "/a", "write " + temporary + "/a/a.mesh.global.yaml",
              "write " + temporary + "/a/kustomization.yaml", "mkdir " + temporary + "/b",
              "write " + temporary + "/b/b.mesh.global.yaml", "write " + temporary + "/b/kustomization.yaml",
              "write " + temporary + "/kustomization.yaml", "write " + temporary + "/.meshfedc.lock", "sync out",
              "rename " + temporary + " -> out/east"});
  CHECK(fs.bytes("out/east/.meshfedc.lock") == print(inventory_of("demo", sample())));
  CHECK(fs.paths() == Names{"out/", "out/east/", "out/east/.meshfedc.lock", "out/east/a/",
                            "out/east/a/a.mesh.global.yaml", "out/east/a/kustomization.yaml", "out/east/b/",
                            "out/east/b/b.mesh.global.yaml", "out/east/b/kustomization.yaml",
                            "out/east/kustomization.yaml"});
}

TEST_CASE("several clusters are synced once") {
  MemoryFs fs;
  fs.put_directory("out");
  Tree west = smaller();
  west.cluster = "west";
  std::vector<Prepared> prepared;
  prepared.push_back(prepare_new(fs, "out", "demo", sample()));
  prepared.push_back(prepare_new(fs, "out", "demo", west));
  finish(fs, "out", prepared);
  const Names changes = fs.changes();
  CHECK(Names(changes.end() - 3, changes.end()) == Names{"sync out", "rename out/.meshfedc.tmp-0-east -> out/east",
                                                         "rename out/.meshfedc.tmp-0-west -> out/west"});
}

TEST_CASE("a new cluster takes nobody's place") {
  MemoryFs fs;
  fs.put_directory("out");
  std::vector<Prepared> prepared;
  prepared.push_back(prepare_new(fs, "out", "demo", sample()));
  fs.put("out/east/notes.txt", "mine");
  finish(fs, "out", prepared);
  REQUIRE(prepared.front().problem.has_value());
  CHECK(words({*prepared.front().problem}) == Names{"changed out/east"});
  CHECK(fs.paths() == Names{"out/", "out/east/", "out/east/notes.txt"});
}

TEST_CASE("what is left of a killed first build goes, but for what cannot be ours") {
  MemoryFs fs;
  fs.put("out/.meshfedc.tmp-0-east/a/a.mesh.global.yaml", "half");
  fs.put("out/.meshfedc.tmp-0-west/My notes", "mine");
  fs.put_link("out/.meshfedc.tmp-0-north/a", "/cwd/elsewhere");
  fs.put("elsewhere/x", "mine");
  fs.put("out/.meshfedc.tmp-file", "mine");
  remove_leftover_directories(fs, "out");
  CHECK(fs.paths() == Names{"elsewhere/", "elsewhere/x", "out/", "out/.meshfedc.tmp-0-north/",
                            "out/.meshfedc.tmp-0-north/a", "out/.meshfedc.tmp-0-west/",
                            "out/.meshfedc.tmp-0-west/My notes", "out/.meshfedc.tmp-file"});
}

TEST_CASE("a second build of the same writes nothing, not even a lock, and syncs nothing") {
  MemoryFs fs;
  publish_first(fs);
  const Outcome outcome = put_out(fs, sample());
  CHECK(outcome.ok());
  CHECK(outcome.summary.empty());
  CHECK(outcome.summary.unchanged == 5);
  CHECK(fs.changes().empty());
}

TEST_CASE("a smaller build: changed lists first, then removal, then the last lock") {
  MemoryFs fs;
  publish_first(fs);
  const Outcome outcome = put_out(fs, smaller());
  CHECK(outcome.ok());
  CHECK(outcome.summary.removed == Names{"east/b/b.mesh.global.yaml", "east/b/kustomization.yaml"});
  CHECK(fs.changes() ==
        Names{"write out/east/.meshfedc.tmp-0", "rename out/east/.meshfedc.tmp-0 -> out/east/.meshfedc.lock",
              "write out/east/.meshfedc.tmp-0", "rename out/east/.meshfedc.tmp-0 -> out/east/kustomization.yaml",
              "remove out/east/b/kustomization.yaml", "remove out/east/b/b.mesh.global.yaml", "rmdir out/east/b",
              "write out/east/.meshfedc.tmp-0", "sync out",
              "rename out/east/.meshfedc.tmp-0 -> out/east/.meshfedc.lock"});
  CHECK(contents(fs) == published(smaller()));
}

TEST_CASE("one changed file: nothing else is touched") {
  MemoryFs fs;
  publish_first(fs);
  const Tree tree = sample("host a, changed\n");
  CHECK(put_out(fs, tree).summary.changed == Names{"east/a/a.mesh.global.yaml"});
  for (const std::string& change : fs.changes()) {
    CHECK(change.find("out/east/b") == std::string::npos);
    CHECK(change.find("kustomization") == std::string::npos);
  }
  CHECK(contents(fs) == published(tree));
}

TEST_CASE("while it works the lock knows the old and the new content of a file") {
  MemoryFs fs;
  publish_first(fs);
  const Tree tree = sample("host a, changed\n");
  fs.die_after(2);  // the lock has been written, the file has not
  CHECK(!put_out(fs, tree).ok());
  fs.die_after(std::nullopt);
  const ParsedInventory lock = parse_inventory(fs.bytes("out/east/.meshfedc.lock").value_or(""));
  CHECK(lock.lock == merge(inventory_of("demo", sample()), inventory_of("demo", tree)));
}

TEST_CASE("adopted files are not written, only the lock is") {
  MemoryFs fs;
  publish_first(fs);
  fs.erase("out/east/.meshfedc.lock");
  CHECK(put_out(fs, sample()).ok());
  CHECK(fs.changes() == Names{"write out/east/.meshfedc.tmp-0", "sync out",
                              "rename out/east/.meshfedc.tmp-0 -> out/east/.meshfedc.lock"});
}

TEST_CASE("an inspection with problems changes nothing") {
  MemoryFs fs;
  publish_first(fs);
  fs.put("out/east/a/a.mesh.global.yaml", "edited\n");
  const Outcome outcome = put_out(fs, smaller());
  CHECK(words(outcome.problems) == Names{"edited out/east/a/a.mesh.global.yaml"});
  CHECK(fs.changes().empty());
}

TEST_CASE("force overwrites edited and foreign files, and forgets what it leaves alone") {
  MemoryFs fs;
  publish_first(fs);
  fs.put("out/east/a/a.mesh.global.yaml", "edited\n");
  fs.put("out/east/b/b.mesh.global.yaml", "edited, and not planned any more\n");
  const Outcome outcome = put_out(fs, smaller(), true);
  CHECK(outcome.ok());
  CHECK(outcome.summary.forced == Names{"east/a/a.mesh.global.yaml"});
  CHECK(outcome.summary.kept == Names{"east/b/b.mesh.global.yaml"});
  CHECK(fs.bytes("out/east/a/a.mesh.global.yaml") == "host a\n");
  CHECK(fs.bytes("out/east/b/b.mesh.global.yaml") == "edited, and not planned any more\n");
  CHECK(!fs.exists("out/east/b/kustomization.yaml"));
  CHECK(fs.bytes("out/east/.meshfedc.lock") == print(inventory_of("demo", smaller())));
  CHECK(look(fs, smaller()).summary.empty());
}

TEST_CASE("files and directories of others are left alone") {
  MemoryFs fs;
  publish_first(fs);
  fs.put("out/east/b/notes.txt", "mine");
  fs.put("out/README.md", "mine");
  fs.put("out/west/x", "mine");
  CHECK(put_out(fs, smaller()).ok());
  CHECK(fs.bytes("out/east/b/notes.txt") == "mine");
  CHECK(!fs.exists("out/east/b/b.mesh.global.yaml"));
  CHECK(fs.bytes("out/README.md") == "mine");
  CHECK(fs.bytes("out/west/x") == "mine");
}

TEST_CASE("a cluster without any file keeps its lock; a retired one goes altogether") {
  MemoryFs fs;
  publish_first(fs);
  CHECK(put_out(fs, Tree("east")).ok());
  CHECK(fs.paths() == Names{"out/", "out/east/", "out/east/.meshfedc.lock"});
  CHECK(look(fs, Tree("east")).summary.empty());

  publish_first(fs);
  const Inspection found = inspect_retired(fs, "out", "demo", "east", {});
  CHECK(found.summary.removed.size() == 5);
  const Outcome outcome = put_out(fs, Tree("east"), found);
  CHECK(outcome.ok());
  CHECK(fs.paths() == Names{"out/"});
  const Names changes = fs.changes();
  CHECK(Names(changes.end() - 4, changes.end()) ==
        Names{"sync out", "rename out/east -> out/.meshfedc.tmp-retired-east",
              "remove out/.meshfedc.tmp-retired-east/.meshfedc.lock", "rmdir out/.meshfedc.tmp-retired-east"});
  CHECK(inspect_retired(fs, "out", "demo", "east", {}).summary.empty());
}

TEST_CASE("temporaries of a killed build are cleaned up, other names are not") {
  MemoryFs fs;
  publish_first(fs);
  fs.put("out/east/a/.meshfedc.tmp-0", "half");
  fs.put("out/east/.meshfedc.tmp-7", "half");
  fs.put("out/east/a/.meshfedc.other", "mine");
  CHECK(put_out(fs, sample()).ok());
  CHECK(fs.changes() == Names{"remove out/east/.meshfedc.tmp-7", "remove out/east/a/.meshfedc.tmp-0"});
  CHECK(fs.exists("out/east/a/.meshfedc.other"));
}

TEST_CASE("something else with the name of a temporary is stepped around") {
  MemoryFs fs;
  fs.put_link("out/east/.meshfedc.tmp-0", "/cwd/elsewhere");
  fs.put_directory("out/east/a/.meshfedc.tmp-0");
  CHECK(put_out(fs, sample()).ok());
  CHECK(!fs.exists("elsewhere"));
  CHECK(fs.bytes("out/east/kustomization.yaml") == "list all\n");
}

TEST_CASE("what changed since the inspection is not overwritten") {
  const struct {
    std::string path;
    Tree before;
  } rows[] = {{"out/east/kustomization.yaml", smaller()},    // edited
              {"out/east/b/b.mesh.global.yaml", smaller()},  // has come into being
              {"out/east/.meshfedc.lock", smaller()}};
  for (const auto& row : rows) {
    MemoryFs fs;
    publish_first(fs, row.before);
    const Inspection found = look(fs, sample());
    fs.put(row.path, "by hand\n");
    CHECK(words(put_out(fs, sample(), found).problems) == Names{"changed " + row.path});
    CHECK(fs.bytes(row.path) == "by hand\n");
  }
  MemoryFs fs;
  publish_first(fs);
  const Inspection found = look(fs, smaller());
  fs.put("out/east/b/b.mesh.global.yaml", "by hand\n");
  CHECK(!put_out(fs, smaller(), found).ok());
  CHECK(fs.bytes("out/east/b/b.mesh.global.yaml") == "by hand\n");

  MemoryFs link;
  link.put_directory("out");
  link.put_directory("elsewhere");
  const Inspection before = look(link, sample());
  link.put_link("out/east/a", "/cwd/elsewhere");
  CHECK(words(put_out(link, sample(), before).problems) == Names{"changed out/east/a"});
  CHECK(link.paths().back() == "out/east/a");
}

TEST_CASE("killed at any point, what is there is whole, and the next build repairs it") {
  const struct {
    Tree before, killed, after;
  } rows[] = {{Tree("east"), sample(), sample()}, {sample(), smaller(), smaller()}, {smaller(), sample(), sample()},
              {sample(), smaller(), sample()},    {smaller(), sample(), smaller()}, {sample(), Tree("east"), sample()}};
  for (const auto& row : rows) {
    for (std::size_t changes = 0;; ++changes) {
      CAPTURE(changes);
      MemoryFs fs;
      fs.put_directory("out");
      put_out(fs, row.before);
      fs.die_after(changes);
      const bool survived = put_out(fs, row.killed).ok();
      fs.die_after(std::nullopt);
      for (const Tree* tree : {&row.before, &row.killed}) {
        for (const meshfed::emit::OutputFile& file : tree->files) {
          const auto bytes = fs.bytes("out/east/" + file.path);
          const auto is_whole = [&](const Tree& other) {
            return std::any_of(other.files.begin(), other.files.end(),
                               [&](const auto& f) { return f.path == file.path && f.content->bytes == bytes; });
          };
          CHECK((!bytes || is_whole(row.before) || is_whole(row.killed)));
        }
      }
      if (fs.bytes("out/east/kustomization.yaml") == "list all\n") CHECK(fs.exists("out/east/b/kustomization.yaml"));
      if (fs.exists("out/east/b/kustomization.yaml")) CHECK(fs.exists("out/east/b/b.mesh.global.yaml"));
      const Outcome repaired = put_out(fs, row.after);
      CHECK(words(repaired.problems) == Names{});
      CHECK(contents(fs) == published(row.after));
      if (survived) break;
    }
  }
}

namespace {

// A tree, and what a build makes of it.
struct Transition {
  const char* name;
  void (*before)(MemoryFs&);
  Tree after;
  bool retire = false;

  Outcome build(MemoryFs& fs) const {
    if (!retire) return put_out(fs, after);
    remove_leftover_directories(fs, "out");
    const Inspection found = inspect_retired(fs, "out", "demo", "east", {});
    if (found.problems.empty() && found.summary.empty()) return {};  // it is gone
    return put_out(fs, after, found);
  }
};

Tree with_a_new_namespace() {
  Tree tree = smaller();
  add_host(tree, "z/z.mesh.global.yaml", "host z\n");
  return tree;
}

Names files(const MemoryFs& fs) {
  Names out = contents(fs);
  std::erase_if(out, [](const std::string& entry) { return entry.ends_with("/="); });
  return out;
}

}  // namespace

TEST_CASE(
    "any single call that fails, whatever the reason, is reported, loses nothing, and the next build repairs it") {
  using Call = MemoryFs::Call;
  const Transition transitions[] = {
      {"first build", [](MemoryFs& fs) { fs.put("out/README.md", "mine"); }, sample()},
      {"update", [](MemoryFs& fs) { publish_first(fs); }, with_a_new_namespace()},
      {"removal", [](MemoryFs& fs) { publish_first(fs); }, Tree("east"), true},
  };
  for (const Transition& transition : transitions) {
    MemoryFs undisturbed;
    transition.before(undisturbed);
    REQUIRE(transition.build(undisturbed).ok());
    for (const int error : {ENOSPC, EIO, EACCES, EROFS, EMFILE, EINTR}) {
      for (const Call call : {Call::read, Call::stat, Call::list, Call::make_directory, Call::write, Call::rename,
                              Call::remove_file, Call::remove_directory, Call::sync}) {
        for (std::size_t nth = 1;; ++nth) {
          CAPTURE(transition.name);
          CAPTURE(error);
          CAPTURE(nth);
          MemoryFs fs;
          transition.before(fs);
          fs.fail(call, nth, error);
          const Outcome outcome = transition.build(fs);
          const auto events = fs.events();
          const auto made = std::ranges::count(events, call, &MemoryFs::Event::call);
          if (static_cast<std::size_t>(made) < nth) break;  // there are no n such calls
          if (!outcome.ok()) {
            CHECK(outcome.problems.front().error == error);
            for (const std::string& path : fs.paths())
              CHECK((transition.retire || path.find(".meshfedc.tmp-") == std::string::npos));
          }
          CHECK(transition.build(fs).ok());
          CHECK(files(fs) == files(undisturbed));
          if (transition.retire) CHECK(fs.paths() == undisturbed.paths());
        }
      }
    }
  }
}

TEST_CASE("a build that is killed while it removes a cluster leaves nothing that the next one does not remove") {
  for (std::size_t changes = 0;; ++changes) {
    CAPTURE(changes);
    const Transition removal = {"removal", nullptr, Tree("east"), true};
    MemoryFs fs;
    publish_first(fs);
    fs.die_after(changes);
    const bool survived = removal.build(fs).ok();
    fs.die_after(std::nullopt);
    CHECK(removal.build(fs).ok());
    CHECK(fs.paths() == Names{"out/"});
    if (survived) break;
  }
}

TEST_CASE("a second build of one output directory is refused") {
  MemoryFs fs;
  OutputLock first = lock_output(fs, "deep/out/");
  REQUIRE(first.held != nullptr);
  CHECK(fs.paths() == Names{"deep/", "deep/out/"});
  const OutputLock second = lock_output(fs, "deep/out");
  CHECK(second.held == nullptr);
  REQUIRE(second.problem.has_value());
  CHECK(second.problem->kind == Problem::Kind::locked);
  first.held.reset();
  CHECK(lock_output(fs, "deep/out").held != nullptr);
  CHECK(fs.paths() == Names{"deep/", "deep/out/"});
  fs.put("file", "");
  CHECK(lock_output(fs, "file").problem->kind == Problem::Kind::wrong_type);
  CHECK(lock_output(fs, "file/out").problem->kind == Problem::Kind::wrong_type);
  CHECK(lock_output(fs, "/abs/out").held != nullptr);
}

TEST_CASE("retired clusters are those with a lock of this federation that are not declared") {
  MemoryFs fs;
  const auto retired = [&fs] {
    return retired_clusters(fs, "out", list_output(fs, "out"), "demo",
                            [](const std::string& name) { return name == "north"; });
  };
  CHECK(retired().empty());
  publish_first(fs);
  for (const char* name : {"west", "north"}) {
    Tree tree = sample();
    tree.cluster = name;
    CHECK(put_out(fs, tree).ok());
  }
  fs.put("out/other/.meshfedc.lock", "meshfedc-lock 1 other\n");
  fs.put("out/broken/.meshfedc.lock", "what?\n");
  fs.put("out/.hidden/.meshfedc.lock", "meshfedc-lock 1 demo\n");
  fs.put("out/none/x", "");
  fs.put("out/file", "");
  fs.put_link("out/link", "east");
  CHECK(retired() == Names{"east", "west"});
}

TEST_CASE("a listing knows names in any case") {
  MemoryFs fs;
  CHECK(list_output(fs, "out").lacks("east"));
  fs.put("out/EAST/x", "");
  CHECK(!list_output(fs, "out").lacks("east"));
  CHECK(list_output(fs, "out").lacks("west"));
  fs.put("file", "");
  CHECK(list_output(fs, "file").problem.has_value());
}
