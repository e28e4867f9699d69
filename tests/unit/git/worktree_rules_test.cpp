#include "git/worktree_rules.hpp"

#include "base/disk_fs.hpp"
#include "git/merge.hpp"
#include "unit/git/scene.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

struct Scene : GitScene {
  base::DiskFs disk;

  std::vector<git::IgnoredFile> ignored(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(at(name));
    return git::ignored_files(disk, at("."), {}, paths);
  }
};

const std::vector<std::string> kPaths = {"out/east/.meshfedc.lock", "out/east/a/x.yaml", "out/west/.meshfedc.lock"};

}  // namespace

TEST_CASE("an ignored file is named once for each rule, with a line that undoes it") {
  const struct {
    const char* file;
    const char* rule;
    const char* undo_file;
  } rows[] = {{".gitignore", "*.lock", ".gitignore"},    {".gitignore", "out/", ".gitignore"},
              {".gitignore", "out/**", ".gitignore"},    {"out/.gitignore", "a/", "out/.gitignore"},
              {"out/.gitignore", "*", "out/.gitignore"}, {".git/info/exclude", "east", ".gitignore"}};
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    Scene scene;
    scene.run(
        "mkdir -p out/east/a out/west && touch out/east/.meshfedc.lock out/east/a/x.yaml out/west/.meshfedc.lock");
    scene.run(std::string("mkdir -p .git/info && echo '") + row.rule + "' >> " + row.file);
    const std::vector<git::IgnoredFile> found = scene.ignored(kPaths);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == row.rule);
    CHECK(found[0].place.starts_with(std::string("`") + row.file + "`, line "));
    CHECK(found[0].file == row.undo_file);
    std::string lines = found[0].undo;  // "`a` and `b`"
    for (std::size_t at = 0; (at = lines.find("` and `")) != std::string::npos;) lines.replace(at, 7, "\n");
    scene.run("echo '" + lines.substr(1, lines.size() - 2) + "' >> " + found[0].file);
    CHECK(scene.ignored(kPaths).empty());
    CHECK(scene.output("git add --all --dry-run . | grep -c 'out/.*/'") == "3");
  }
}

TEST_CASE("what is tracked, or in no repository, is not ignored") {
  Scene scene;
  scene.run("mkdir -p out/east && touch out/east/.meshfedc.lock && echo '*.lock' > .gitignore");
  scene.run("git add --force out");
  CHECK(scene.ignored({kPaths[0]}).empty());
  scene.run("git rm -q --cached -r out");
  CHECK(scene.ignored({kPaths[0]}).size() == 1);
  scene.run("rm -rf .git");
  CHECK(scene.ignored(kPaths).empty());
}

TEST_CASE("attributes that make Git store other bytes are found, if they do") {
  Scene scene;
  scene.run("mkdir -p out && touch out/a.yaml && echo 'out/** filter=upper' > .gitattributes");
  const auto found = [&] { return git::conversions(scene.disk, scene.at("."), {}, {scene.at("out/a.yaml")}); };
  CHECK(found().empty());  // no such filter is configured: Git passes it over
  scene.run("git config filter.upper.clean 'tr a-z A-Z'");
  REQUIRE(found().size() == 1);
  CHECK(found()[0].attribute == "filter=upper");
  CHECK(found()[0].undo == "-filter");
  scene.run("echo '/out/** -filter' >> .gitattributes");
  CHECK(found().empty());
  scene.run("echo '*.yaml working-tree-encoding=UTF-16' >> .gitattributes");
  CHECK(found()[0].attribute == "working-tree-encoding=UTF-16");
  scene.run("echo '*.yaml !working-tree-encoding text=auto eol=crlf' >> .gitattributes");
  CHECK(found().empty());
}

TEST_CASE("a merge is known by what it was made of, until something else is committed") {
  Scene scene;
  const auto merge = [&] { return git::find_merge(scene.disk, scene.at("out"), {}); };
  const auto write = [&](const std::string& text) {
    scene.run("mkdir -p out/east && echo " + text + " > out/east/lock && git add . && git commit -qm " + text);
  };
  write("base");
  CHECK(merge() == nullptr);
  scene.run("git checkout -q -b side");
  write("theirs");
  scene.run("git checkout -q main");
  write("ours");
  CHECK(merge() == nullptr);
  CHECK(scene.status("git merge -q side >/dev/null 2>&1") != 0);
  const auto found = merge();
  REQUIRE(found != nullptr);
  std::string all;
  for (const git::Merge::File& file : found->files("lock")) all += file.directory + " " + file.bytes;
  for (const char* text : {"east base\n", "east ours\n", "east theirs\n"})
    CHECK_MESSAGE(all.find(text) != std::string::npos, text);
  CHECK(found->is_staged(scene.at("out/east/lock"), "theirs\n"));
  CHECK(!found->is_staged(scene.at("out/east/lock"), "mine\n"));
  scene.run("echo both > out/east/lock && git add . && git commit -qm merged");
  CHECK(merge() != nullptr);
  write("later");
  CHECK(merge() == nullptr);
}
