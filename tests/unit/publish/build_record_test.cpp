#include "publish/build_record.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "publish/inventory.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed::publish;
using namespace meshfed::testing;
using meshfed::base::Observation;

namespace {

BuildRecord full_record() {
  BuildRecord record;
  record.federation = "demo";
  record.program = "0.1.0 1 2 3 4";
  record.inputs = {{Observation::Call::read_file, "dir with blanks/federation.toml", 4096, "0d5c"},
                   {Observation::Call::list_directory, "exports", 0, "errno-2"}};
  record.clusters["east"] = {"77af", 3, {1, UINT64_MAX, -5}, "c0de"};
  record.clusters["west"] = {"77af", 0, {}, "c0de"};
  return record;
}

// What the build that published the sample remembers.
ClusterRecord published_record(MemoryFs& fs) {
  fs.put_directory("out");
  const Outcome outcome = put_out(fs, sample());
  fs.forget();
  return outcome.prepared.record.value();
}

// The sample becomes another tree, in which one file stays as it is.
void record_follows(const meshfed::emit::Tree& next) {
  MemoryFs fs;
  const ClusterRecord record = published_record(fs);
  const Inspection found = inspect(fs, "out", "demo", next, {.stat_digest = true}, &record);
  fs.forget();
  const Outcome outcome = put_out(fs, next, found);
  REQUIRE(outcome.ok());
  for (const MemoryFs::Event& event : fs.events()) CHECK(event.path != "out/east/a/kustomization.yaml");
  const ClusterRecord& known = outcome.prepared.record.value();
  CHECK(is_as_left(fs, "out", "east", known));
  CHECK(known.files == next.files.size());
  fs.put("out/east/a/kustomization.yaml", "list A\n");
  CHECK(!is_as_left(fs, "out", "east", known));
}

}  // namespace

TEST_CASE("a memo is printed and read back") {
  CHECK(parse_record(print(full_record())) == full_record());
  CHECK(parse_record(print(BuildRecord())) == BuildRecord());
}

TEST_CASE("a memo that is cut off, damaged or of another format is empty") {
  const std::string text = print(full_record());
  for (std::size_t size = 0; size < text.size(); ++size) CHECK(parse_record(text.substr(0, size)) == BuildRecord());
  for (const std::string line :
       {"cluster east c0de 77af 3 1 2", "cluster east c0de 77af 3 1 2 3 4", "cluster east c0de 77af x 1 2 3",
        "input 9 0 a b", "input 1 0", "what", "", "cluster  c0de 77af 3 1 2 3", "cluster east  77af 3 1 2 3"}) {
    CHECK_MESSAGE(parse_record("meshfedc-memo 1\n" + line + "\nend\n") == BuildRecord(), line);
  }
  CHECK(parse_record("meshfedc-memo 2\nend\n") == BuildRecord());
}

TEST_CASE("a path with a line break leaves no inputs behind") {
  BuildRecord record = full_record();
  record.inputs.push_back({Observation::Call::stat, "a\nb", 0, "1"});
  CHECK(parse_record(print(record)).inputs.empty());
  CHECK(parse_record(print(record)).clusters == record.clusters);
}

TEST_CASE("a memo is kept in a file, and only for the program that wrote it") {
  MemoryFs fs;
  CHECK(load_record(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4") == BuildRecord());
  CHECK(save_record(fs, "cache/meshfedc/m", full_record()) == 0);
  CHECK(save_record(fs, "cache/meshfedc/m", full_record()) == 0);
  const BuildRecord loaded = load_record(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4");
  CHECK(loaded.clusters == full_record().clusters);
  CHECK(loaded.written > 0);
  CHECK(load_record(fs, "cache/meshfedc/m", "0.2.0") == BuildRecord());
  CHECK(fs.paths() == Names{"cache/", "cache/meshfedc/", "cache/meshfedc/m"});
  fs.fail(MemoryFs::Call::write, 1, ENOSPC);
  CHECK(save_record(fs, "cache/meshfedc/m", BuildRecord()) == ENOSPC);
  CHECK(load_record(fs, "cache/meshfedc/m", "0.1.0 1 2 3 4").clusters == full_record().clusters);
}

TEST_CASE("what changed when the memo was written, or later, is not trusted") {
  BuildRecord record = full_record();
  record.written = -5;
  CHECK(record.trusted("east") == nullptr);
  record.written = -4;
  CHECK(record.trusted("east") != nullptr);
  CHECK(!record.trusts_all());
  record.written = 1;
  CHECK(record.trusts_all());
  CHECK(record.trusted("north") == nullptr);
}

TEST_CASE("a tree as it was left is known without opening its files") {
  MemoryFs fs;
  const ClusterRecord record = published_record(fs);
  CHECK(record.files == 5);
  CHECK(is_as_left(fs, "out", "east", record));
  const Inspection found = inspect(fs, "out", "demo", sample(), {}, &record);
  CHECK(found.summary.empty());
  CHECK(found.summary.unchanged == 5);
  for (const MemoryFs::Event& event : fs.events())
    CHECK((event.call != MemoryFs::Call::read || event.path == "out/east/.meshfedc.lock"));
  const Inspection changed = inspect(fs, "out", "demo", sample("host a, changed\n"), {}, &record);
  CHECK(changed.summary.changed == Names{"east/a/a.mesh.global.yaml"});
  CHECK(inspect(fs, "out", "demo", smaller(), {}, &record).summary.removed.size() == 2);
}

TEST_CASE("what a build changes is known afterwards, and what it leaves alone is not looked at again") {
  meshfed::emit::Tree grown("east");
  add_host(grown, "a/a.mesh.global.yaml", "host a, changed\n");
  add_list(grown, "a/kustomization.yaml", "list a\n");
  add_host(grown, "c/c.mesh.global.yaml", "host c\n");
  add_list(grown, "c/kustomization.yaml", "list c\n");
  add_list(grown, "kustomization.yaml", "list a, c\n");
  record_follows(grown);
  record_follows(smaller());
  record_follows(sample("host a, changed\n"));
  record_follows(sample());
}

TEST_CASE("Git is asked about merges only where a tree is not as it was left") {
  MemoryFs fs;
  const ClusterRecord record = published_record(fs);
  int asked = 0;
  const Options options{.find_traces = [&asked] {
    ++asked;
    return nullptr;
  }};
  inspect(fs, "out", "demo", sample("host a, changed\n"), options, &record);
  CHECK(asked == 0);
  inspect(fs, "out", "demo", sample(), options, nullptr);
  CHECK(asked == 1);
  fs.put("out/east/a/a.mesh.global.yaml", "HOST A\n");
  CHECK(inspect(fs, "out", "demo", sample(), options, &record).problems.size() == 1);
  CHECK(asked == 3);  // for the cluster, and for the file
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
    const ClusterRecord record = published_record(fs);
    row.change(fs);
    CHECK(!is_as_left(fs, "out", "east", record));
    const Inspection with = inspect(fs, "out", "demo", sample(), {}, &record);
    const Inspection without = inspect(fs, "out", "demo", sample(), {});
    CHECK(with.summary == without.summary);
    CHECK(with.problems == without.problems);
    CHECK(with.leftovers == without.leftovers);
  }
}

TEST_CASE("a cluster that needed nothing, and one that was changed, are as left afterwards") {
  MemoryFs fs;
  published_record(fs);
  const Inspection found = inspect(fs, "out", "demo", sample(), {.stat_digest = true});
  std::vector<Prepared> prepared(1);
  prepared.front().cluster = "east";
  prepared.front().record = {.lock_sha256 = found.lock_seen, .files = 5, .stat_digest = found.stat_digest};
  finish(fs, "out", prepared);
  CHECK(is_as_left(fs, "out", "east", *prepared.front().record));
  const Outcome changed = put_out(fs, smaller());
  REQUIRE(changed.prepared.record.has_value());
  CHECK(is_as_left(fs, "out", "east", *changed.prepared.record));
}
