#include "git/presence.hpp"

#include <cerrno>
#include <set>
#include <utility>

#include "base/disk_fs.hpp"
#include "base/read_only_fs.hpp"
#include "git/repository.hpp"
#include "support/memory_fs.hpp"
#include "unit/git/scene.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using git::may_be_in_repository;

namespace {

/// Directories, and another device at both mounts, which is that of /container/.git too.
class MountedFs final : public base::ReadOnlyFs {
 public:
  explicit MountedFs(std::set<std::string> paths) : paths_(std::move(paths)) {}

  base::Result<base::Stat> stat(const std::string& path) override {
    const bool is_there = paths_.contains(path) || (!path.ends_with("/.git") && !path.ends_with("/HEAD"));
    return {0,
            {.kind = is_there ? base::FileKind::directory : base::FileKind::missing,
             .device = path.starts_with("/repository/mount") || path.starts_with("/container/mount") ||
                               path == "/container/.git"
                           ? 2U
                           : 1U}};
  }
  base::Result<std::string> canonical(const std::string& path) override { return {0, path}; }
  base::Result<std::string> read_file(const std::string&, std::size_t) override { return {ENOENT, {}}; }
  base::Result<std::string> read_regular(const std::string&, std::size_t) override { return {ENOENT, {}}; }
  base::Result<std::vector<std::string>> list_directory(const std::string&) override { return {ENOENT, {}}; }

 private:
  std::set<std::string> paths_;
};

/// Whether libgit2 finds one there.
bool is_found(base::Fs& disk, const std::string& directory, const git::Environment& environment) {
  const git::Library library;
  return git::open(disk, directory, environment).repository != nullptr;
}

}  // namespace

TEST_CASE("wherever libgit2 finds a repository, there may be one") {
  base::DiskFs disk;
  const GitScene scene;
  scene.run(
      "mkdir -p a/b && git commit -q --allow-empty -m c && git worktree add -q tree && git init -q --bare bare.git"
      " && git init -q --separate-git-dir \"$PWD/elsewhere\" separate && mkdir separate/d && ln -s a/b link"
      " && git init -q linked && mv linked/.git moved && ln -s ../moved linked/.git");
  for (const char* directory : {".", "a/b", "tree", "bare.git", "bare.git/objects", "separate/d", "elsewhere", "link",
                                "linked", ".git", ".git/objects"}) {
    CAPTURE(directory);
    CHECK(is_found(disk, scene.at(directory), {}));
    CHECK(may_be_in_repository(disk, scene.at(directory), {}));
  }
}

TEST_CASE("outside of repositories, none may be there, unless the environment names one") {
  base::DiskFs disk;
  const TempDir directory;
  REQUIRE_FALSE(is_found(disk, directory.path(), {}));  // of what runs the test
  CHECK_FALSE(may_be_in_repository(disk, directory.path(), {}));
  CHECK_FALSE(may_be_in_repository(disk, directory / "that/is/not/there", {}));
  const GitScene scene;
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE"})
    CHECK(may_be_in_repository(disk, directory.path(), {.variables = {{name, scene.at(".git")}}}));
  CHECK_FALSE(may_be_in_repository(disk, directory.path(), {.variables = {{"GIT_DIR", ""}}}));
}

TEST_CASE("what cannot be looked at may be a repository") {
  MemoryFs fs;
  fs.put_directory("out");
  CHECK_FALSE(may_be_in_repository(fs, "out", {}));
  fs.fail(MemoryFs::Call::stat, 1, EACCES);
  CHECK(may_be_in_repository(fs, "out", {}));
}

TEST_CASE("a mount point ends the search, as it ends that of libgit2") {
  MountedFs disk({"/repository/.git", "/repository/mount/named/HEAD", "/container/.git"});
  CHECK(may_be_in_repository(disk, "/repository/build", {}));
  CHECK_FALSE(may_be_in_repository(disk, "/repository/mount/a/b", {}));
  CHECK(may_be_in_repository(disk, "/repository/mount/named/a", {}));
  CHECK(may_be_in_repository(disk, "/container/mount", {}));
}
