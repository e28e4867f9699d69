#include "base/confined_fs.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "support/memory_fs.hpp"

using meshfed::base::ConfinedFs;
using meshfed::base::FileKind;
using meshfed::testing::MemoryFs;

namespace {

/// /cwd is the working directory of a MemoryFs.
struct Scene {
  MemoryFs disk;
  ConfinedFs fs{disk, "/cwd"};

  Scene() {
    disk.put("a.toml", "a");
    disk.put("teams/pay.toml", "pay");
    disk.put("/secret/token", "hush");
    disk.put("/cwd-beside/b.toml", "b");
    disk.put_link("in.toml", "teams/pay.toml");
    disk.put_link("out.toml", "/secret/token");
    disk.put_link("out", "/secret");
    disk.put_link("dangling", "/secret/nothing");
    disk.put_other("pipe");
    disk.forget();
  }
};

}  // namespace

TEST_CASE("ConfinedFs reads what is below, by any path") {
  Scene scene;
  for (const char* path : {"a.toml", "./a.toml", "/cwd/a.toml", "teams/../a.toml"}) {
    CAPTURE(path);
    CHECK(scene.fs.read_file(path, 9).value == "a");
    CHECK(scene.fs.read_regular(path, 9).value == "a");
    CHECK(scene.fs.stat(path).value.kind == FileKind::file);
  }
  CHECK(scene.fs.read_file("in.toml", 9).value == "pay");
  CHECK(scene.fs.read_regular("in.toml", 9).error == ELOOP);
  CHECK(scene.fs.read_file("a.toml", 0).error == EFBIG);
  CHECK(scene.fs.read_file("none", 9).error == ENOENT);
  CHECK(scene.fs.stat("none").value.kind == FileKind::missing);
  CHECK(scene.fs.stat("none/none").value.kind == FileKind::missing);
  CHECK(scene.fs.stat("teams").value.kind == FileKind::directory);
  CHECK(scene.fs.list_directory("teams").value == std::vector<std::string>{"pay.toml"});
  CHECK(scene.fs.list_directory(".").value.size() == 7);
}

TEST_CASE("ConfinedFs touches nothing elsewhere") {
  Scene scene;
  for (const char* path : {"/secret/token", "../secret/token", "out.toml", "out/token", "../cwd-beside/b.toml"}) {
    CAPTURE(path);
    CHECK(scene.fs.read_file(path, 9).error == EACCES);
    CHECK(scene.fs.read_regular(path, 9).error == EACCES);
  }
  for (const char* path : {"/secret", "/", "..", "out", "out/", "teams/../.."}) {
    CAPTURE(path);
    CHECK(scene.fs.list_directory(path).error == EACCES);
  }
  for (const char* path : {"/secret/token", "/secret", "..", "../cwd-beside", "out/token", "out/", "teams/../.."}) {
    CAPTURE(path);
    CHECK(scene.fs.stat(path).error == EACCES);
  }
  for (const MemoryFs::Event& event : scene.disk.events()) CHECK(event.call == MemoryFs::Call::canonical);
  CHECK(scene.fs.stat("out").value.kind == FileKind::symlink);  // the link itself is below
  CHECK(scene.fs.read_file("dangling", 9).error == ENOENT);
  CHECK(scene.fs.canonical("out.toml").value == "/secret/token");
}

TEST_CASE("ConfinedFs reads files only, and waits for nothing") {
  Scene scene;
  CHECK(scene.fs.read_file("pipe", 9).error == EINVAL);
  CHECK(scene.fs.read_file("teams", 9).error == EISDIR);
}

TEST_CASE("ConfinedFs writes nothing") {
  Scene scene;
  CHECK(scene.fs.make_directory("new") == EROFS);
  CHECK(scene.fs.write_new_file("new", "x") == EROFS);
  CHECK(scene.fs.rename("a.toml", "b.toml") == EROFS);
  CHECK(scene.fs.remove_file("a.toml") == EROFS);
  CHECK(scene.fs.remove_directory("teams") == EROFS);
  CHECK(scene.fs.sync_file_system(".") == EROFS);
  CHECK(scene.fs.try_lock(".").error == EROFS);
  CHECK(scene.disk.events().empty());
}

TEST_CASE("ConfinedFs may be the whole tree") {
  MemoryFs disk;
  disk.put("/secret/token", "hush");
  ConfinedFs fs(disk, "/");
  CHECK(fs.read_file("/secret/token", 9).value == "hush");
  CHECK(fs.holds("/"));
  CHECK(fs.holds("/secret"));
}
