// The double has to behave like the disk where the tests rely on it.
#include "support/memory_fs.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>

#include "base/disk_fs.hpp"
#include "support/temp_dir.hpp"

using meshfed::base::FileKind;
using meshfed::base::Fs;
using meshfed::testing::MemoryFs;
using meshfed::testing::TempDir;
using Call = MemoryFs::Call;
using Names = std::vector<std::string>;

namespace {

// What each of these calls says, one after the other, on a scene of a/f ("12345"), l -> a, d -> nowhere and the empty
// e.
std::vector<int> answers(Fs& fs, const std::string& root) {
  std::vector<int> out = {fs.read_file(root + "/a/f", 5).error,
                          fs.read_file(root + "/l/f", 5).error,
                          fs.read_file(root + "/a/f", 4).error,
                          fs.read_file(root + "/a", 5).error,
                          fs.read_file(root + "/none/f", 5).error,
                          fs.read_file(root + "/a/f/x", 5).error,
                          fs.read_regular(root + "/l", 5).error,
                          fs.read_regular(root + "/a", 5).error,
                          fs.stat(root + "/a/f/x").error,
                          static_cast<int>(fs.stat(root + "/l").value.kind),
                          static_cast<int>(fs.stat(root + "/l/f").value.kind),
                          static_cast<int>(fs.stat(root + "/no").value.kind),
                          fs.canonical(root + "/d").error,
                          fs.canonical(root + "/a/../l/f").error,
                          fs.list_directory(root + "/a/f").error,
                          fs.list_directory(root + "/none").error,
                          static_cast<int>(fs.list_directory(root).value.size()),
                          fs.make_directory(root + "/a"),
                          fs.make_directory(root + "/none/b"),
                          fs.make_directory(root + "/a/f/b"),
                          fs.make_directory(root + "/l/b"),
                          fs.write_new_file(root + "/a/f", "x"),
                          fs.write_new_file(root + "/d", "x"),
                          fs.write_new_file(root + "/none/b", "x"),
                          fs.write_new_file(root + "/l/g", "x"),
                          fs.rename(root + "/none", root + "/x"),
                          fs.rename(root + "/a/g", root + "/a") != 0,  // with one errno or another
                          fs.rename(root + "/a/g", root + "/d"),
                          static_cast<int>(fs.stat(root + "/d").value.kind),
                          fs.remove_directory(root + "/a"),
                          fs.remove_directory(root + "/a/f"),
                          fs.remove_directory(root + "/e"),
                          fs.remove_file(root + "/e"),
                          fs.remove_file(root + "/a"),
                          fs.remove_file(root + "/l"),
                          fs.remove_directory(root + "/a/b"),
                          fs.sync_file_system(root + "/none"),
                          fs.try_lock(root + "/none").error,
                          fs.try_lock(root).error};
  return out;
}

}  // namespace

TEST_CASE("MemoryFs answers like DiskFs") {
  const TempDir dir;
  meshfed::base::DiskFs disk;
  REQUIRE(disk.make_directory(dir / "a") == 0);
  REQUIRE(disk.make_directory(dir / "e") == 0);
  REQUIRE(disk.write_new_file(dir / "a/f", "12345") == 0);
  REQUIRE(::symlink("a", (dir / "l").c_str()) == 0);
  REQUIRE(::symlink("nowhere", (dir / "d").c_str()) == 0);
  MemoryFs memory;
  memory.put("r/a/f", "12345");
  memory.put_directory("r/e");
  memory.put_link("r/l", "a");
  memory.put_link("r/d", "nowhere");
  const std::vector<int> expected = answers(disk, dir.path());
  const std::vector<int> actual = answers(memory, "r");
  REQUIRE(actual.size() == expected.size());
  for (std::size_t call = 0; call < expected.size(); ++call) {
    CAPTURE(call);
    CHECK(actual[call] == expected[call]);
  }
}

TEST_CASE("MemoryFs records what happened") {
  MemoryFs fs;
  fs.put("a", "1");
  CHECK(fs.events().empty());
  CHECK(fs.read_file("a", 10).value == "1");
  CHECK(fs.make_directory("d") == 0);
  CHECK(fs.write_new_file("d/t", "2") == 0);
  CHECK(fs.rename("d/t", "d/u") == 0);
  CHECK(fs.remove_file("none") == ENOENT);
  CHECK(fs.changes() == Names{"mkdir d", "write d/t", "rename d/t -> d/u"});
  CHECK(fs.events().size() == 5);
  CHECK(fs.touched("none"));
  CHECK(!fs.touched("b"));
  CHECK(fs.paths() == Names{"a", "d/", "d/u"});
  fs.forget();
  CHECK(fs.events().empty());
}

TEST_CASE("MemoryFs fails when told to") {
  MemoryFs fs;
  fs.fail(Call::write, 2, ENOSPC);
  CHECK(fs.write_new_file("a", "") == 0);
  CHECK(fs.write_new_file("b", "") == ENOSPC);
  CHECK(fs.write_new_file("b", "") == 0);
  CHECK(fs.changes() == Names{"write a", "write b"});

  fs.die_after(2);
  CHECK(fs.write_new_file("c", "1234") == 0);
  CHECK(fs.write_new_file("d", "1234") == EIO);
  CHECK(fs.read_file("c", 10).error == EIO);
  fs.die_after(std::nullopt);
  CHECK(fs.bytes("c") == "1234");
  CHECK(fs.bytes("d") == "12");
}

TEST_CASE("MemoryFs holds locks") {
  MemoryFs fs;
  auto lock = fs.try_lock(".");
  CHECK(lock.ok());
  CHECK(fs.try_lock("/cwd").error == EWOULDBLOCK);
  lock.value.reset();
  CHECK(fs.try_lock(".").ok());
}
