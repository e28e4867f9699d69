#include "base/recording_fs.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "support/memory_fs.hpp"

using namespace meshfed::base;
using meshfed::testing::MemoryFs;

namespace {

bool all_the_same(Fs& fs, const std::vector<Observation>& before) {
  for (const Observation& one : before)
    if (observe(fs, one.call, one.path, one.limit) != one) return false;
  return true;
}

}  // namespace

TEST_CASE("what was read is recorded, and is the same as long as the answers are") {
  const struct {
    const char* what;
    void (*change)(MemoryFs&);
    bool same;
  } rows[] = {
      {"nothing", [](MemoryFs&) {}, true},
      {"something else", [](MemoryFs& fs) { fs.put("other/x", "y"); }, true},
      {"a file", [](MemoryFs& fs) { fs.put("dir/a", "A"); }, false},
      {"a new name", [](MemoryFs& fs) { fs.put("dir/c", ""); }, false},
      {"a file that was missing", [](MemoryFs& fs) { fs.put("none", ""); }, false},
      {"another inode", [](MemoryFs& fs) { fs.put("dir/b", "bb"); }, false},
      {"a link", [](MemoryFs& fs) { fs.put_link("link", "/cwd/other"); }, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    MemoryFs fs;
    fs.put("dir/a", "a");
    fs.put("dir/b", "bb");
    fs.put_directory("other");
    fs.put_link("link", "/cwd/dir");
    RecordingFs recorder(fs);
    CHECK(recorder.read_file("dir/a", 10).value == "a");
    CHECK(recorder.read_regular("dir/b", 1).error == EFBIG);
    CHECK(recorder.stat("dir/b").value.size == 2);
    CHECK(recorder.read_file("none", 10).error == ENOENT);
    CHECK(recorder.canonical("link").value == "/cwd/dir");
    CHECK(recorder.list_directory("dir").value.size() == 2);
    CHECK(recorder.observations().size() == 6);
    row.change(fs);
    CHECK(all_the_same(fs, recorder.observations()) == row.same);
  }
}

TEST_CASE("what writes goes through and is not recorded") {
  MemoryFs fs;
  RecordingFs recorder(fs);
  CHECK(recorder.make_directory("a") == 0);
  CHECK(recorder.write_new_file("a/b", "x") == 0);
  CHECK(recorder.rename("a/b", "a/c") == 0);
  CHECK(recorder.sync_file_system("a") == 0);
  CHECK(recorder.try_lock("a").ok());
  CHECK(recorder.remove_file("a/c") == 0);
  CHECK(recorder.remove_directory("a") == 0);
  CHECK(recorder.observations().empty());
  CHECK(fs.paths().empty());
}
