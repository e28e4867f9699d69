#include "git/snapshot_fs.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/disk_fs.hpp"
#include "support/temp_dir.hpp"

using namespace meshfed;
using Status = git::OpenedSnapshot::Status;
using Variables = decltype(git::Environment::variables);

namespace {

/// A repository with one commit of `a/one` and `a/b/two`; the index then has `three` too, and `a/one` is changed in it.
/// The working tree has neither.
struct Repository {
  testing::TempDir directory;
  base::DiskFs disk;

  Repository() {
    run("git init -q . && git config user.name t && git config user.email t@example.com && mkdir -p a/b c &&"
        " printf one > a/one && printf two > a/b/two && chmod +x a/b/two && ln -s a/one link &&"
        " git add --all . && git commit -qm first &&"
        " printf changed > a/one && printf three > three && git add --all . && rm -r three a");
  }

  void run(const std::string& commands) const {
    REQUIRE(std::system(("cd '" + directory.path() + "' && " + commands).c_str()) == 0);
  }

  std::string at(const std::string& path) const { return directory / path; }

  std::unique_ptr<git::SnapshotFs> open(const std::string& against, const git::Environment& environment = {}) {
    git::OpenedSnapshot opened = git::open_snapshot(disk, directory.path(), against, environment);
    REQUIRE(opened.status == Status::good);
    return std::move(opened.fs);
  }
};

constexpr std::size_t kLimit = 100;

TEST_CASE("a revision and the index hold what was committed and added, whatever the working tree holds") {
  Repository repository;
  const auto head = repository.open("HEAD");
  const auto index = repository.open("index");
  CHECK(head->read_regular(repository.at("a/one"), kLimit).value == "one");
  CHECK(index->read_regular(repository.at("a/one"), kLimit).value == "changed");
  CHECK(head->read_file(repository.at("three"), kLimit).error == ENOENT);
  CHECK(index->read_file(repository.at("three"), kLimit).value == "three");
  CHECK(index->read_file(repository.at("a/../three"), kLimit).value == "three");
  CHECK(index->read_file(repository.at("three"), 4).error == EFBIG);
  CHECK(index->read_file(repository.at("three"), 5).ok());
}

TEST_CASE("directories are what entries stand in") {
  Repository repository;
  const auto head = repository.open("HEAD");
  using Names = std::vector<std::string>;
  CHECK(head->list_directory(repository.at("")).value == Names{"a", "link"});
  CHECK(head->list_directory(repository.at("a")).value == Names{"b", "one"});
  CHECK(head->list_directory(repository.at("a/b/")).value == Names{"two"});
  CHECK(head->list_directory(repository.at("c")).error == ENOENT);
  CHECK(head->list_directory(repository.at("a/one")).error == ENOTDIR);
  CHECK(head->stat(repository.at("a")).value.kind == base::FileKind::directory);
  CHECK(head->stat(repository.at("c")).value.kind == base::FileKind::missing);
  CHECK(head->read_regular(repository.at("a"), kLimit).error == EISDIR);
}

TEST_CASE("nothing is below a file, and that is another thing than nothing being there") {
  Repository repository;
  for (const char* against : {"HEAD", "index"}) {
    const auto fs = repository.open(against);
    CHECK(fs->list_directory(repository.at("a/one/two/three")).error == ENOTDIR);
    CHECK(fs->list_directory(repository.at("a/x/y")).error == ENOENT);
    CHECK(fs->list_directory(repository.at("link/x")).error == ENOTDIR);
    CHECK(fs->stat(repository.at("a/one/two")).value.kind == base::FileKind::missing);
    CHECK(fs->read_regular(repository.at("a/one/two"), kLimit).error == ENOENT);
  }
  CHECK(repository.open("HEAD")->commit().size() == 40);
  CHECK(repository.open("HEAD^{tree}")->commit().empty());
}

TEST_CASE("files have a size, a mode and an identity; links are not followed") {
  Repository repository;
  const auto head = repository.open("HEAD");
  const base::Stat two = head->stat(repository.at("a/b/two")).value;
  CHECK(two.kind == base::FileKind::file);
  CHECK(two.size == 3);
  CHECK(two.mode == 0755);
  CHECK(two.inode != head->stat(repository.at("a/one")).value.inode);
  CHECK(head->stat(repository.at("link")).value.kind == base::FileKind::symlink);
  CHECK(head->read_file(repository.at("link"), kLimit).error == ELOOP);
  CHECK(head->canonical(repository.at("a/./b/two")).value == repository.at("a/b/two"));
}

TEST_CASE("outside of the repository there is nothing, and nothing can be written") {
  Repository repository;
  const auto head = repository.open("HEAD");
  CHECK(head->stat("/etc/passwd").value.kind == base::FileKind::missing);
  CHECK(head->read_file(repository.at("../x"), kLimit).error == ENOENT);
  CHECK(head->write_new_file(repository.at("new"), "x") == EROFS);
  CHECK(head->remove_file(repository.at("a/one")) == EROFS);
  CHECK(head->rename(repository.at("a/one"), repository.at("x")) == EROFS);
  CHECK(head->make_directory(repository.at("d")) == EROFS);
}

TEST_CASE("what cannot be opened says why") {
  Repository repository;
  const auto open = [&](const std::string& directory, const std::string& against) {
    return git::open_snapshot(repository.disk, directory, against, {});
  };
  CHECK(open(repository.at(""), "no-such-branch").status == Status::no_revision);
  CHECK_FALSE(open(repository.at(""), "no-such-branch").detail.empty());
  CHECK(open(repository.at(""), "HEAD^{blob}").status == Status::no_revision);
  CHECK(open(repository.at("missing"), "HEAD").status == Status::no_repository);
  const testing::TempDir elsewhere;
  CHECK(open(elsewhere.path(), "HEAD").status == Status::no_repository);
  repository.run("git clone -q --bare . bare.git");
  CHECK(open(repository.at("bare.git"), "HEAD").status == Status::no_repository);
}

TEST_CASE("a conflict has no entry; any directory of a worktree is in the repository") {
  Repository repository;
  repository.run(
      "git stash -q && git checkout -q -b other && printf x > a/one && git commit -qam x && git checkout -q - &&"
      " printf y > a/one && git commit -qam y && ! git merge -q other >/dev/null");
  CHECK(repository.open("index")->stat(repository.at("a/one")).value.kind == base::FileKind::missing);
  repository.run("git merge --abort && git worktree add -q beside other");
  const git::OpenedSnapshot beside = git::open_snapshot(repository.disk, repository.at("beside/a/b"), "HEAD", {});
  REQUIRE(beside.status == Status::good);
  CHECK(beside.fs->read_file(repository.at("beside/a/one"), kLimit).value == "x");
}

TEST_CASE("a hook's commit has an index of its own, and the repository is the one that Git names") {
  Repository repository;
  repository.run("cp .git/index .git/next && GIT_INDEX_FILE=.git/next git rm -q --cached three");
  const auto holds_three = [&](const Variables& variables, const std::string& directory) {
    const git::OpenedSnapshot opened =
        git::open_snapshot(repository.disk, repository.at(directory), "index", {.variables = variables});
    REQUIRE(opened.status == Status::good);
    return opened.fs->read_regular(repository.at("three"), kLimit).ok();
  };
  CHECK(holds_three({}, "c"));
  CHECK_FALSE(holds_three({{"GIT_INDEX_FILE", ".git/next"}}, "c"));  // from the top, wherever the process is
  CHECK_FALSE(holds_three({{"GIT_INDEX_FILE", repository.at(".git/next")}}, "c"));
  CHECK(holds_three({{"GIT_DIR", repository.at(".git")}, {"GIT_INDEX_FILE", repository.at(".git/index")}}, "c"));
  CHECK_FALSE(holds_three({{"GIT_INDEX_FILE", ".git/none"}}, ""));  // empty, as for Git

  const testing::TempDir elsewhere;
  const git::Environment named{.variables = {{"GIT_DIR", repository.at(".git")}, {"GIT_WORK_TREE", elsewhere.path()}}};
  const git::OpenedSnapshot opened = git::open_snapshot(repository.disk, elsewhere.path(), "index", named);
  REQUIRE(opened.status == Status::good);
  CHECK(opened.fs->read_regular(elsewhere / "a/one", kLimit).value == "changed");
  CHECK_FALSE(opened.fs->read_regular(repository.at("a/one"), kLimit).ok());
}

TEST_CASE("a repository that Git names wrongly is not replaced by one that is found") {
  Repository repository;
  const auto open = [&](const Variables& variables) {
    return git::open_snapshot(repository.disk, repository.at(""), "index", {.variables = variables});
  };
  CHECK(open({{"GIT_DIR", repository.at("c")}}).status == Status::no_repository);
  CHECK(open({{"GIT_WORK_TREE", repository.at("none")}}).status == Status::no_repository);
  CHECK(open({{"GIT_INDEX_FILE", ".git/HEAD"}}).status == Status::no_revision);
}

TEST_CASE("what is only intended to be added is not in the index yet") {
  Repository repository;
  repository.run("printf four > four && git add -N four");
  CHECK_FALSE(repository.open("index")->read_regular(repository.at("four"), kLimit).ok());
  const auto met = [&](const std::string& listed) {
    const auto index = repository.open("index");
    CHECK(index->met().empty());
    static_cast<void>(index->list_directory(repository.at(listed)));
    return index->met().size();
  };
  repository.run("mkdir -p new/deep && printf x > new/deep/x && git add -N new");
  CHECK(met("") == 1);
  CHECK(met("a") == 0);
  CHECK(met("new") == 1);
  repository.run("git update-index --assume-unchanged three");
  const auto fs = repository.open("index");
  CHECK(fs->read_regular(repository.at("three"), kLimit).value == "three");
  REQUIRE(fs->met().size() == 1);
  CHECK(fs->met()[0].state == git::Staging::State::assume_unchanged);
  repository.run("git add four");
  CHECK(repository.open("index")->read_regular(repository.at("four"), kLimit).value == "four");
}

}  // namespace
