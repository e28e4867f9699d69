#include "base/disk_fs.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "support/temp_dir.hpp"

using meshfed::base::DiskFs;
using meshfed::base::FileKind;
using meshfed::testing::TempDir;

namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("DiskFs writes a new file and reads it back") {
  const TempDir dir;
  DiskFs fs;
  const std::string bytes = std::string(100000, 'x') + std::string("\0\n", 2);
  CHECK(fs.write_new_file(dir / "a", bytes) == 0);
  CHECK(fs.read_file(dir / "a", bytes.size()).value == bytes);
  CHECK(fs.read_regular(dir / "a", bytes.size()).value == bytes);
  CHECK(fs.read_file(dir / "a", bytes.size() - 1).error == EFBIG);
  CHECK(fs.read_file(dir / "a", 0).error == EFBIG);
  CHECK(fs.read_file(dir / "none", 10).error == ENOENT);
  CHECK(fs.read_file(dir.path(), 10).error == EISDIR);
  CHECK(fs.write_new_file(dir / "a", "new") == EEXIST);
  CHECK(fs.write_new_file(dir / "empty", "") == 0);
  CHECK(fs.read_file(dir / "empty", 0).ok());
  CHECK(fs.read_file("/proc/self/status", 1 << 20).value.size() > 100);  // says that its size is 0
  CHECK(fs.read_file("/dev/zero", 1 << 20).error == EFBIG);
}

TEST_CASE("DiskFs removes what it could not finish writing") {
  DiskFs fs;
  if (!std::filesystem::exists("/dev/full")) return;
  const TempDir dir;
  // A name too long for the file system, and a directory that is not there.
  CHECK(fs.write_new_file(dir / std::string(300, 'n'), "x") == ENAMETOOLONG);
  CHECK(fs.write_new_file(dir / "no/a", "x") == ENOENT);
  CHECK(fs.list_directory(dir.path()).value.empty());
}

TEST_CASE("DiskFs tells kinds apart and follows no final link") {
  const TempDir dir;
  DiskFs fs;
  REQUIRE(fs.write_new_file(dir / "file", "12345") == 0);
  REQUIRE(fs.make_directory(dir / "dir") == 0);
  REQUIRE(::symlink("file", (dir / "link").c_str()) == 0);
  REQUIRE(::symlink("nowhere", (dir / "dangling").c_str()) == 0);
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0644) == 0);
  CHECK(fs.stat(dir / "file").value.kind == FileKind::file);
  CHECK(fs.stat(dir / "file").value.size == 5);
  CHECK(fs.stat(dir / "dir").value.kind == FileKind::directory);
  CHECK(fs.stat(dir / "link").value.kind == FileKind::symlink);
  CHECK(fs.stat(dir / "dangling").value.kind == FileKind::symlink);
  CHECK(fs.stat(dir / "fifo").value.kind == FileKind::other);
  CHECK(fs.stat("/dev/null").value.kind == FileKind::other);
  CHECK(fs.stat(dir / "none").ok());
  CHECK(fs.stat(dir / "none").value.kind == FileKind::missing);
  CHECK(fs.stat(dir / "file/below").value.kind == FileKind::missing);
  CHECK(fs.stat(dir / "dangling/below").value.kind == FileKind::missing);

  CHECK(fs.read_file(dir / "link", 10).value == "12345");
  CHECK(fs.read_regular(dir / "link", 10).error == ELOOP);
  CHECK(fs.read_regular(dir / "dir", 10).error == EISDIR);
  CHECK(fs.read_regular(dir / "fifo", 10).error == EINVAL);  // and does not wait for a writer
  CHECK(fs.read_regular("/dev/zero", 10).error == EINVAL);
  CHECK(fs.write_new_file(dir / "dangling", "x") == EEXIST);

  CHECK(fs.canonical(dir / "dir/../link").value == dir / "file");
  CHECK(fs.canonical(dir / "dangling").error == ENOENT);
  CHECK(fs.list_directory(dir.path()).value == Names{"dangling", "dir", "fifo", "file", "link"});
  CHECK(fs.list_directory(dir / "file").error == ENOTDIR);
}

TEST_CASE("DiskFs knows one file under two names") {
  const TempDir dir;
  DiskFs fs;
  REQUIRE(fs.write_new_file(dir / "a", "") == 0);
  REQUIRE(::link((dir / "a").c_str(), (dir / "b").c_str()) == 0);
  REQUIRE(fs.write_new_file(dir / "c", "") == 0);
  CHECK(fs.stat(dir / "a").value == fs.stat(dir / "b").value);
  CHECK(fs.stat(dir / "a").value.inode != fs.stat(dir / "c").value.inode);
  CHECK(fs.stat(dir / "a").value.device == fs.stat(dir / "c").value.device);
}

TEST_CASE("DiskFs renames over files and links, and removes") {
  const TempDir dir;
  DiskFs fs;
  REQUIRE(fs.write_new_file(dir / "target", "t") == 0);
  REQUIRE(::symlink("target", (dir / "link").c_str()) == 0);
  REQUIRE(fs.write_new_file(dir / "new", "n") == 0);
  CHECK(fs.rename(dir / "new", dir / "link") == 0);
  CHECK(fs.stat(dir / "link").value.kind == FileKind::file);
  CHECK(fs.read_file(dir / "target", 10).value == "t");
  CHECK(fs.rename(dir / "none", dir / "x") == ENOENT);

  REQUIRE(fs.make_directory(dir / "d") == 0);
  CHECK(fs.make_directory(dir / "d") == EEXIST);
  REQUIRE(fs.write_new_file(dir / "d/f", "") == 0);
  CHECK(fs.remove_directory(dir / "d") == ENOTEMPTY);
  CHECK(fs.remove_file(dir / "d") != 0);
  CHECK(fs.remove_file(dir / "d/f") == 0);
  CHECK(fs.remove_file(dir / "d/f") == ENOENT);
  CHECK(fs.remove_directory(dir / "d") == 0);
  CHECK(fs.sync_file_system(dir.path()) == 0);
  CHECK(fs.sync_file_system(dir / "none") == ENOENT);
}

TEST_CASE("DiskFs writes files that others may read, unless the umask says no") {
  const TempDir dir;
  DiskFs fs;
  const mode_t before = ::umask(0022);
  REQUIRE(fs.write_new_file(dir / "a", "") == 0);
  ::umask(0077);
  REQUIRE(fs.write_new_file(dir / "b", "") == 0);
  ::umask(before);
  CHECK(fs.stat(dir / "a").value.mode == 0644);
  CHECK(fs.stat(dir / "b").value.mode == 0600);
}

TEST_CASE("DiskFs locks a directory against a second holder until the first lets go") {
  const TempDir dir;
  DiskFs fs;
  {
    const auto first = fs.try_lock(dir.path());
    REQUIRE(first.ok());
    CHECK(first.value != nullptr);
    CHECK(fs.try_lock(dir.path()).error == EWOULDBLOCK);
    CHECK(fs.list_directory(dir.path()).value.empty());  // nothing is left lying about
  }
  CHECK(fs.try_lock(dir.path()).ok());
  CHECK(fs.try_lock(dir / "none").error == ENOENT);
}
