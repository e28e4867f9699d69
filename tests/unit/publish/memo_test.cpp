#include "publish/memo.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "publish/lock.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed::publish;
using namespace meshfed::testing;
using meshfed::base::Observation;

namespace {

Memo full_memo() {
  Memo memo;
  memo.federation = "demo";
  memo.program = "0.1.0 1 2 3 4";
  memo.inputs = {{Observation::Call::read_file, "dir with blanks/federation.toml", 4096, "0d5c"},
                 {Observation::Call::list_directory, "exports", 0, "errno-2"}};
  memo.clusters["east"] = {"77af", 3, {1, UINT64_MAX, -5}, "c0de"};
  memo.clusters["west"] = {"77af", 0, {}, "c0de"};
  return memo;
}

// What the build that published the sample remembers.
ClusterMemo published_memo(MemoryFs& fs) {
  fs.put_directory("out");
  const Outcome outcome = put_out(fs, sample());
  fs.forget();
  return outcome.staged.memo.value();
}

}  // namespace

TEST_CASE("a memo is printed and read back") {
  CHECK(parse_memo(print(full_memo())) == full_memo());
  CHECK(parse_memo(print(Memo())) == Memo());
}

TEST_CASE("a memo that is cut off, damaged or of another format is empty") {
  const std::string text = print(full_memo());
  for (std::size_t size = 0; size < text.size(); ++size) CHECK(parse_memo(text.substr(0, size)) == Memo());
  for (const std::string line :
       {"cluster east c0de 77af 3 1 2", "cluster east c0de 77af 3 1 2 3 4", "cluster east c0de 77af x 1 2 3",
        "input 9 0 a b", "input 1 0", "what", "", "cluster  c0de 77af 3 1 2 3", "cluster east  77af 3 1 2 3"}) {
    CHECK_MESSAGE(parse_memo("meshfedc-memo 1\n" + line + "\nend\n") == Memo(), line);
  }
  CHECK(parse_memo("meshfedc-memo 2\nend\n") == Memo());
}

TEST_CASE("a path with a line break leaves no inputs behind") {
  Memo memo = full_memo();
  memo.inputs.push_back({Observation::Call::stat, "a\nb", 0, "1"});
  CHECK(parse_memo(print(memo)).inputs.empty());
  CHECK(parse_memo(print(memo)).clusters == memo.clusters);
}

TEST_CASE("a memo is kept in a file, and only for the program that wrote it") {
  MemoryFs fs;
  CHECK(load_memo(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4") == Memo());
  CHECK(save_memo(fs, "cache/meshfedc/m", full_memo()) == 0);
  CHECK(save_memo(fs, "cache/meshfedc/m", full_memo()) == 0);
  const Memo loaded = load_memo(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4");
  CHECK(loaded.clusters == full_memo().clusters);
  CHECK(loaded.written > 0);
  CHECK(load_memo(fs, "cache/meshfedc/m", "0.2.0") == Memo());
  CHECK(fs.paths() == Names{"cache/", "cache/meshfedc/", "cache/meshfedc/m"});
  fs.fail(MemoryFs::Call::write, 1, ENOSPC);
  CHECK(save_memo(fs, "cache/meshfedc/m", Memo()) == ENOSPC);
  CHECK(load_memo(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4").clusters == full_memo().clusters);
}

TEST_CASE("what changed when the memo was written, or later, is not trusted") {
  Memo memo = full_memo();
  memo.written = -5;
  CHECK(memo.trusted("east") == nullptr);
  memo.written = -4;
  CHECK(memo.trusted("east") != nullptr);
  CHECK(!memo.trusts_all());
  memo.written = 1;
  CHECK(memo.trusts_all());
  CHECK(memo.trusted("north") == nullptr);
}

TEST_CASE("a tree as it was left is known without opening its files") {
  MemoryFs fs;
  const ClusterMemo memo = published_memo(fs);
  CHECK(memo.files == 5);
  CHECK(is_as_left(fs, "out", "east", memo));
  const Inspection found = inspect(fs, "out", "demo", sample(), {}, &memo);
  CHECK(found.summary.empty());
  CHECK(found.summary.unchanged == 5);
  for (const MemoryFs::Event& event : fs.events())
    CHECK((event.call != MemoryFs::Call::read || event.path == "out/east/.meshfedc.lock"));
  const Inspection changed = inspect(fs, "out", "demo", sample("host a, changed\n"), {}, &memo);
  CHECK(changed.summary.changed == Names{"east/a/a.mesh.global.yaml"});
  CHECK(inspect(fs, "out", "demo", smaller(), {}, &memo).summary.removed.size() == 2);
}

TEST_CASE("any change of the tree is seen, and what is found then does not depend on the memo") {
  const struct {
    const char* what;
    void (*change)(MemoryFs&);
  } rows[] = {
      {"edited", [](MemoryFs& fs) { fs.put("out/east/a/a.mesh.global.yaml", "HOST A\n"); }},
      {"the same again", [](MemoryFs& fs) { fs.put("out/east/a/a.mesh.global.yaml", "host a\n"); }},
      {"removed", [](MemoryFs& fs) { fs.remove_file("out/east/b/kustomization.yaml"); }},
      {"something else", [](MemoryFs& fs) { fs.put_link("out/east/kustomization.yaml", "elsewhere"); }},
      {"a directory that is a link",
       [](MemoryFs& fs) {
         fs.rename("out/east/a", "moved");
         fs.put_link("out/east/a", "/cwd/moved");
       }},
      {"a leftover", [](MemoryFs& fs) { fs.put("out/east/b/.meshfedc.tmp-0", "half"); }},
      {"another lock", [](MemoryFs& fs) { fs.put("out/east/.meshfedc.lock", "meshfedc-lock 1 other\n"); }},
      {"no lock", [](MemoryFs& fs) { fs.remove_file("out/east/.meshfedc.lock"); }},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    MemoryFs fs;
    const ClusterMemo memo = published_memo(fs);
    row.change(fs);
    CHECK(!is_as_left(fs, "out", "east", memo));
    const Inspection with = inspect(fs, "out", "demo", sample(), {}, &memo);
    const Inspection without = inspect(fs, "out", "demo", sample(), {});
    CHECK(with.summary == without.summary);
    CHECK(with.problems == without.problems);
    CHECK(with.leftovers == without.leftovers);
  }
}

TEST_CASE("a cluster that needed nothing, and one that was changed, are as left afterwards") {
  MemoryFs fs;
  published_memo(fs);
  const Inspection found = inspect(fs, "out", "demo", sample(), {.fingerprint = true});
  std::vector<Staged> staged(1);
  staged.front().cluster = "east";
  staged.front().memo = {.lock_sha256 = found.lock_seen, .files = 5, .fingerprint = found.fingerprint};
  finish(fs, "out", staged);
  CHECK(is_as_left(fs, "out", "east", *staged.front().memo));
  const Outcome changed = put_out(fs, smaller());
  REQUIRE(changed.staged.memo.has_value());
  CHECK(is_as_left(fs, "out", "east", *changed.staged.memo));
}
