// Publishing on the real file system. The conditions hold for root too.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "base/disk_fs.hpp"
#include "publish/output.hpp"
#include "support/temp_dir.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed::publish;
using namespace meshfed::testing;
using meshfed::base::DiskFs;
using meshfed::base::FileKind;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void overwrite(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

struct ::stat times_of(const std::string& path) {
  struct ::stat info = {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info;
}

}  // namespace

TEST_CASE("on disk: build, build again, shrink, retire") {
  const TempDir dir;
  DiskFs fs;
  const std::string out = dir / "deep/out";
  const OutputLock lock = lock_output(fs, out);
  REQUIRE(lock.held != nullptr);
  CHECK(lock_output(fs, out).problem->kind == Problem::Kind::locked);
  REQUIRE(put_out(fs, sample(), false, out).ok());
  CHECK(slurp(out + "/east/a/a.mesh.global.yaml") == "host a\n");
  CHECK(fs.list_directory(out + "/east").value == Names{".meshfedc.lock", "a", "b", "kustomization.yaml"});

  const struct ::stat before = times_of(out + "/east/kustomization.yaml");
  CHECK(put_out(fs, sample(), false, out).summary.empty());
  const struct ::stat after = times_of(out + "/east/kustomization.yaml");
  CHECK(before.st_ino == after.st_ino);
  CHECK(before.st_ctim.tv_nsec == after.st_ctim.tv_nsec);

  CHECK(put_out(fs, smaller(), false, out).ok());
  CHECK(fs.list_directory(out + "/east").value == Names{".meshfedc.lock", "a", "kustomization.yaml"});

  const Inspection found = inspect_retired(fs, out, "demo", "east", {});
  CHECK(put_out(fs, meshfed::emit::Tree("east"), found, out).ok());
  CHECK(fs.list_directory(out).value.empty());
}

TEST_CASE("on disk: edited, foreign, another federation's") {
  const TempDir dir;
  DiskFs fs;
  REQUIRE(put_out(fs, smaller(), false, dir.path()).ok());
  overwrite(dir / "east/a/a.mesh.global.yaml", "edited\n");
  REQUIRE(fs.make_directory(dir / "east/b") == 0);
  overwrite(dir / "east/b/b.mesh.global.yaml", "foreign\n");
  CHECK(words(look(fs, sample(), false, dir.path()).problems) ==
        Names{"edited " + dir.path() + "/east/a/a.mesh.global.yaml",
              "foreign " + dir.path() + "/east/b/b.mesh.global.yaml"});
  CHECK(!put_out(fs, sample(), false, dir.path()).ok());
  CHECK(slurp(dir / "east/a/a.mesh.global.yaml") == "edited\n");
  CHECK(put_out(fs, sample(), true, dir.path()).ok());
  CHECK(slurp(dir / "east/a/a.mesh.global.yaml") == "host a\n");
  CHECK(slurp(dir / "east/b/b.mesh.global.yaml") == "host b\n");

  const Inspection other = inspect(fs, dir.path(), "other", sample(), {.force = true});
  CHECK(words(other.problems) == Names{"other " + dir.path() + "/east/.meshfedc.lock [demo]"});
}

TEST_CASE("on disk: links and fifos in the way are neither followed nor waited for") {
  const TempDir dir;
  DiskFs fs;
  REQUIRE(fs.make_directory(dir / "outside") == 0);
  overwrite(dir / "outside/kustomization.yaml", "precious\n");
  REQUIRE(fs.make_directory(dir / "out") == 0);
  REQUIRE(fs.make_directory(dir / "out/east") == 0);
  REQUIRE(::symlink((dir / "outside").c_str(), (dir / "out/east/a").c_str()) == 0);
  REQUIRE(::symlink((dir / "outside/kustomization.yaml").c_str(), (dir / "out/east/kustomization.yaml").c_str()) == 0);
  REQUIRE(fs.make_directory(dir / "out/east/b") == 0);
  REQUIRE(::mkfifo((dir / "out/east/b/kustomization.yaml").c_str(), 0644) == 0);
  const std::string east = dir / "out/east";
  for (const bool force : {false, true}) {
    CHECK(words(put_out(fs, sample(), force, dir / "out").problems) ==
          Names{"link " + east + "/a [a link]", "type " + east + "/b/kustomization.yaml [a fifo, socket or device]",
                "type " + east + "/kustomization.yaml [a link]"});
  }
  CHECK(slurp(dir / "outside/kustomization.yaml") == "precious\n");
  CHECK(fs.list_directory(dir / "outside").value == Names{"kustomization.yaml"});
  CHECK(fs.list_directory(dir / "out/east").value == Names{"a", "b", "kustomization.yaml"});
}

TEST_CASE("on disk: a directory that takes no files is an error with its reason") {
  DiskFs fs;
  const OutputLock lock = lock_output(fs, "/proc/meshfedc-out");  // refuses root as well
  REQUIRE(lock.problem.has_value());
  CHECK(lock.problem->kind == Problem::Kind::io);
  CHECK(lock.problem->error != 0);
  const Outcome outcome = put_out(fs, sample(), false, "/proc");
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems.front().kind == Problem::Kind::io);
  CHECK(outcome.problems.front().path == "/proc/east");
}
