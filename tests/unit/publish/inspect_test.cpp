#include "publish/inspect.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "unit/publish/scene.hpp"

using namespace meshfed::publish;
using namespace meshfed::testing;

TEST_CASE("a dry run says what would be made, and makes nothing") {
  MemoryFs fs;
  const Inspection found = look(fs, sample());
  CHECK(found.problems.empty());
  CHECK(found.summary.created == Names{"east/a/a.mesh.global.yaml", "east/a/kustomization.yaml",
                                       "east/b/b.mesh.global.yaml", "east/b/kustomization.yaml",
                                       "east/kustomization.yaml"});
  CHECK(found.summary.lock_changed);
  CHECK(fs.changes().empty());
  CHECK(fs.paths().empty());
}

TEST_CASE("a dry run over a published tree tells created, changed, removed and unchanged") {
  MemoryFs fs;
  publish_first(fs, smaller());
  const Summary more = look(fs, sample()).summary;
  CHECK(more.created == Names{"east/b/b.mesh.global.yaml", "east/b/kustomization.yaml"});
  CHECK(more.changed == Names{"east/kustomization.yaml"});
  CHECK(more.removed.empty());
  CHECK(more.unchanged == 2);
  const Summary none = look(fs, smaller()).summary;
  CHECK(none.empty());
  CHECK(none.unchanged == 3);
  const Summary all_gone = look(fs, meshfed::emit::Tree("east")).summary;
  CHECK(all_gone.removed.size() == 3);
  CHECK(fs.changes().empty());
}

TEST_CASE("every file edited by hand, and every foreign one, is a problem of its own") {
  MemoryFs fs;
  publish_first(fs, smaller());
  fs.put("out/east/a/a.mesh.global.yaml", "edited\n");
  fs.put("out/east/kustomization.yaml", "edited\n");
  fs.put("out/east/b/b.mesh.global.yaml", "somebody's\n");
  fs.put("out/east/b/other.yaml", "nobody asks for this one\n");
  CHECK(words(look(fs, sample()).problems) == Names{"edited out/east/a/a.mesh.global.yaml",
                                                    "foreign out/east/b/b.mesh.global.yaml",
                                                    "edited out/east/kustomization.yaml"});
  const Inspection forced = look(fs, sample(), true);
  CHECK(forced.problems.empty());
  CHECK(forced.summary.forced ==
        Names{"east/a/a.mesh.global.yaml", "east/b/b.mesh.global.yaml", "east/kustomization.yaml"});
  CHECK(!fs.touched("out/east/b/other.yaml"));
}

TEST_CASE("without a lock, what is not planned like that is foreign in another way") {
  MemoryFs fs;
  publish_first(fs, smaller());
  fs.erase("out/east/.meshfedc.lock");
  CHECK(words(look(fs, sample()).problems) == Names{"foreign without a lock out/east/kustomization.yaml"});
}

TEST_CASE("files that a lost lock has left are told by their labels, and left alone") {
  const std::string labelled = "    app.kubernetes.io/managed-by: meshfedc\n    app.kubernetes.io/part-of: demo\n";
  MemoryFs fs;
  publish_first(fs, smaller());
  fs.put("out/east/b/b.mesh.global.yaml", labelled);
  fs.put("out/east/b/other.yaml", "    app.kubernetes.io/managed-by: meshfedc\n    app.kubernetes.io/part-of: stage\n");
  CHECK(look(fs, smaller()).summary.unlisted.empty());
  CHECK(inspect(fs, "out", "demo", smaller(), {.find_unlisted = true}).summary.unlisted ==
        Names{"east/b/b.mesh.global.yaml"});
  fs.erase("out/east/.meshfedc.lock");
  CHECK(look(fs, smaller()).summary.unlisted == Names{"east/b/b.mesh.global.yaml"});
  CHECK(put_out(fs, smaller()).ok());
  CHECK(fs.bytes("out/east/b/b.mesh.global.yaml") == labelled);
}

TEST_CASE("a tree with the line ends of Windows is ours, and written anew") {
  MemoryFs fs;
  publish_first(fs);
  const auto convert = [&](const std::string& path) {
    std::string text = fs.bytes(path).value();
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
    fs.put(path, text);
  };
  for (const char* path : {"out/east/.meshfedc.lock", "out/east/a/a.mesh.global.yaml", "out/east/kustomization.yaml"})
    convert(path);
  const Inspection found = look(fs, sample("host a, changed\n"));
  CHECK(found.problems.empty());
  CHECK(found.summary.converted ==
        Names{"east/.meshfedc.lock", "east/a/a.mesh.global.yaml", "east/kustomization.yaml"});
  CHECK(found.summary.forced.empty());
  CHECK(put_out(fs, sample("host a, changed\n")).ok());
  CHECK(fs.bytes("out/east/.meshfedc.lock").value().find('\r') == std::string::npos);
  CHECK(look(fs, sample("host a, changed\n")).summary.empty());
}

TEST_CASE("a lock of version 1 is read, and written anew") {
  MemoryFs fs;
  publish_first(fs);
  std::string old = "meshfedc-lock 1 demo\n";
  for (const meshfed::emit::OutputFile& file : sample().files) old += file.path + " " + file.content->sha256 + "\n";
  fs.put("out/east/.meshfedc.lock", old);
  fs.put("out/east/a/kustomization.yaml", "edited\n");
  CHECK(words(look(fs, sample()).problems) == Names{"edited out/east/a/kustomization.yaml"});
  fs.put("out/east/a/kustomization.yaml", "list a\n");
  CHECK(put_out(fs, smaller()).summary.removed == Names{"east/b/b.mesh.global.yaml", "east/b/kustomization.yaml"});
  CHECK(fs.bytes("out/east/.meshfedc.lock").value().starts_with("meshfedc-lock 2 demo\n"));
}

TEST_CASE("files that already are what is planned are adopted") {
  MemoryFs fs;
  publish_first(fs);
  fs.erase("out/east/.meshfedc.lock");
  const Inspection found = look(fs, sample());
  CHECK(found.problems.empty());
  CHECK(found.summary.unchanged == 5);
  CHECK(found.summary.lock_changed);
}

TEST_CASE("an edited file that has become what is planned is no problem") {
  MemoryFs fs;
  publish_first(fs, smaller());
  fs.put("out/east/kustomization.yaml", "list all\n");
  CHECK(look(fs, sample()).problems.empty());
}

TEST_CASE("an edited file that is not planned any more is refused, and left alone by force") {
  MemoryFs fs;
  publish_first(fs);
  fs.put("out/east/b/b.mesh.global.yaml", "edited\n");
  CHECK(words(look(fs, smaller()).problems) == Names{"edited out/east/b/b.mesh.global.yaml"});
  const Inspection forced = look(fs, smaller(), true);
  CHECK(forced.summary.kept == Names{"east/b/b.mesh.global.yaml"});
  CHECK(forced.summary.removed == Names{"east/b/kustomization.yaml"});
}

TEST_CASE("what is no file is refused, with and without force") {
  MemoryFs fs;
  fs.put("elsewhere/kustomization.yaml", "list a\n");
  fs.put_directory("out/east/kustomization.yaml");
  fs.put_link("out/east/a/a.mesh.global.yaml", "/cwd/elsewhere/kustomization.yaml");
  fs.put_other("out/east/a/kustomization.yaml");
  fs.put("out/east/b", "a file");
  const Names expected = {"type out/east/a/a.mesh.global.yaml [a link]",
                          "type out/east/a/kustomization.yaml [a fifo, socket or device]", "type out/east/b [a file]",
                          "type out/east/kustomization.yaml [a directory]"};
  CHECK(words(look(fs, sample()).problems) == expected);
  CHECK(words(look(fs, sample(), true).problems) == expected);
  CHECK(!fs.touched("out/east/a/a.mesh.global.yaml/"));
}

TEST_CASE("no link below the output directory is followed") {
  MemoryFs fs;
  fs.put("elsewhere/x", "1");
  fs.put_link("out/east/a", "/cwd/elsewhere");
  for (const bool force : {false, true})
    CHECK(words(look(fs, sample(), force).problems) == Names{"link out/east/a [a link]"});
  fs.forget();
  look(fs, sample());
  for (const MemoryFs::Event& event : fs.events()) CHECK(!event.path.starts_with("out/east/a/"));

  MemoryFs cluster;
  cluster.put_link("out/east", "/cwd/elsewhere");
  cluster.put("elsewhere/.meshfedc.lock", "never read");
  CHECK(words(look(cluster, sample()).problems) == Names{"link out/east [a link]"});
  CHECK(!cluster.touched("out/east/.meshfedc.lock"));
}

TEST_CASE("the output directory itself may be a link") {
  MemoryFs fs;
  fs.put_directory("real");
  fs.put_link("out", "real");
  CHECK(put_out(fs, sample()).ok());
  CHECK(fs.bytes("real/east/kustomization.yaml") == "list all\n");
  CHECK(look(fs, sample()).summary.empty());
}

TEST_CASE("a file where the output directory should be") {
  MemoryFs fs;
  fs.put("out", "");
  CHECK(words(look(fs, sample()).problems) == Names{"type out [not a directory]"});
}

TEST_CASE("names that meet on a case-insensitive file system") {
  MemoryFs fs;
  fs.put("out/east/a/A.mesh.global.yaml", "host a\n");
  fs.put_directory("out/east/B");
  fs.put("out/east/README.md", "meets nothing");
  CHECK(words(look(fs, sample()).problems) ==
        Names{"case out/east/a/a.mesh.global.yaml [A.mesh.global.yaml]", "case out/east/b [B]"});
  MemoryFs cluster;
  cluster.put_directory("out/EAST");
  CHECK(words(look(cluster, sample()).problems) == Names{"case out/east [EAST]"});
}

TEST_CASE("locks that are not ours to go by") {
  const struct {
    std::string text, expected;
  } rows[] = {
      {"meshfedc-lock 1 other\n", "other out/east/.meshfedc.lock [other]"},
      {"meshfedc-lock 3 demo\n",
       "newer out/east/.meshfedc.lock [line 1: format 3, but the newest supported format is 2]"},
      {"", "bad lock out/east/.meshfedc.lock [line 1: the file is empty]"},
      {"meshfedc-lock 1 demo\n../../x " + std::string(64, 'a') + "\n",
       "bad lock out/east/.meshfedc.lock [line 2: not a path that meshfedc writes: `../../x`]"},
      {"version https://git-lfs.github.com/spec/v1\n", "stand-in out/east/.meshfedc.lock [a pointer of Git LFS]"},
  };
  for (const auto& row : rows) {
    for (const bool force : {false, true}) {
      MemoryFs fs;
      publish_first(fs);
      fs.put("out/east/.meshfedc.lock", row.text);
      fs.put("out/east/kustomization.yaml", "edited, but the lock is the one root cause\n");
      CHECK(words(look(fs, sample(), force).problems) == Names{row.expected});
    }
  }
  MemoryFs fs;
  fs.put_link("out/east/.meshfedc.lock", "/cwd/elsewhere");
  CHECK(words(look(fs, sample()).problems) == Names{"type out/east/.meshfedc.lock [a link]"});
}

TEST_CASE("a plan with a path that no plan may hold is refused before the disk is asked") {
  const std::string paths[] = {"../x", "/x", "", ".meshfedc.lock", "a/.git/x", "A", "a/kustomization.yaml/x"};
  for (const std::string& path : paths) {
    MemoryFs fs;
    meshfed::emit::Tree tree = sample();
    tree.files.push_back({path, tree.files.front().content});
    std::ranges::sort(tree.files, {}, &meshfed::emit::OutputFile::path);
    const Inspection found = look(fs, tree, true);
    CHECK(words(found.problems) == Names{"path out/east" + (path.empty() ? "" : " [" + path + "]")});
    CHECK(fs.events().empty());
  }
  MemoryFs fs;
  meshfed::emit::Tree tree = sample();
  tree.files.push_back(tree.files.front());
  CHECK(words(look(fs, tree).problems) == Names{"path out/east [a/a.mesh.global.yaml]"});
  tree = sample();
  tree.cluster = "../east";
  CHECK(look(fs, tree).problems.front().kind == Problem::Kind::bad_path);
}

TEST_CASE("calls that fail are problems with their errno") {
  for (const MemoryFs::Call call : {MemoryFs::Call::stat, MemoryFs::Call::list, MemoryFs::Call::read}) {
    for (std::size_t nth = 1; nth <= 3; ++nth) {
      MemoryFs fs;
      publish_first(fs);
      fs.fail(call, nth, EACCES);
      const Inspection found = look(fs, sample());
      REQUIRE(found.problems.size() == 1);
      CHECK(found.problems.front().kind == Problem::Kind::io);
      CHECK(found.problems.front().error == EACCES);
    }
  }
}
