#include <doctest/doctest.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

#include <zlib.h>

#include "base/disk_fs.hpp"
#include "git/date.hpp"
#include "git/deflate.hpp"
#include "git/pack.hpp"
#include "git/pack_index.hpp"
#include "git/tree.hpp"
#include "support/memory_fs.hpp"
#include "unit/git/scene.hpp"

using namespace meshfed;
using namespace meshfed::git;
using meshfed::testing::GitScene;
using meshfed::testing::MemoryFs;

namespace {

constexpr const char* kPackDirectory = ".git/objects/pack";

/// What Git lists of a tree that the edit made, out of a pack.
std::string listing(const GitScene& scene, const TreeEdit& edit, const git_oid* before = nullptr) {
  base::DiskFs disk;
  const Opened opened = open(disk, scene.directory.path(), {});
  REQUIRE(opened.repository);
  Pack pack;
  const git_oid blob = id_of(GIT_OBJECT_BLOB, "x");
  pack.add(blob, GIT_OBJECT_BLOB, "x");
  const TreeEdit::Result made =
      edit.apply(*opened.repository, before,
                 [&](const git_oid& id, const std::string& bytes) { pack.add(id, GIT_OBJECT_TREE, bytes); });
  REQUIRE(made.ok);
  REQUIRE(pack.write(disk, scene.at(kPackDirectory)) == 0);
  return made.id ? scene.output("git ls-tree -r --name-only " + hex(*made.id)) : "none";
}

TEST_CASE("trees are sorted as Git sorts them, and come and go with their files") {
  const Library library;
  const GitScene scene;
  const TreeEntry x{kFileMode, id_of(GIT_OBJECT_BLOB, "x")};
  TreeEdit edit;
  for (const char* path : {"a/b/c", "a.b", "a-b", "ab", "a0/x", "b"}) edit.put(path, x);
  CHECK(listing(scene, edit) == "a-b\na.b\na/b/c\na0/x\nab\nb");
  const git_oid first = *edit.apply(*open(*std::make_unique<base::DiskFs>(), scene.directory.path(), {}).repository,
                                    nullptr, [](const git_oid&, const std::string&) {})
                             .id;
  scene.check_soundness();

  TreeEdit second;
  second.remove("a/b/c");
  second.remove("nowhere/at/all");
  second.put("a.b/now/a/directory", x);
  second.put("a0", x);
  CHECK(listing(scene, second, &first) == "a-b\na.b/now/a/directory\na0\nab\nb");

  TreeEdit third;
  for (const char* path : {"a/b/c", "a.b", "a-b", "ab", "a0/x", "b"}) third.remove(path);
  CHECK(listing(scene, third, &first) == "none");
  CHECK(listing(scene, {}, &first) == listing(scene, edit));
}

TEST_CASE("a pack holds objects of any size once, and is the same in any order") {
  const Library library;
  std::vector<std::string> texts;
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 2047U, 2048U, 300'000U, 9'000'000U}) {
    std::string text;
    while (text.size() < size) text += std::to_string(text.size() * 2'654'435'761U) + "\n";
    text.resize(size);
    texts.push_back(text);
  }
  base::DiskFs disk;
  const GitScene scene;
  scene.run("mkdir one two");
  Pack forwards, backwards;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& a = texts[i];
    const std::string& b = texts[texts.size() - 1 - i];
    for (int twice = 0; twice < 2; ++twice) forwards.add(id_of(GIT_OBJECT_BLOB, a), GIT_OBJECT_BLOB, a);
    backwards.add(id_of(GIT_OBJECT_BLOB, b), GIT_OBJECT_BLOB, b);
  }
  REQUIRE(forwards.write(disk, scene.at("one")) == 0);
  REQUIRE(backwards.write(disk, scene.at("two")) == 0);
  scene.run("diff -r one two && cp one/* .git/objects/pack && git verify-pack one/*.idx");
  CHECK(scene.output("git count-objects -v | grep in-pack") == "in-pack: " + std::to_string(texts.size()));
  for (const std::string& text : texts) {
    const std::string id = hex(id_of(GIT_OBJECT_BLOB, text));
    CHECK(scene.output("git cat-file -s " + id) == std::to_string(text.size()));
    CHECK(scene.output("git cat-file blob " + id + " | git hash-object --stdin") == id);
  }

  REQUIRE(forwards.write(disk, scene.at("one")) == 0);  // nothing new
  CHECK(scene.output("ls one | wc -l") == "2");
}

TEST_CASE("a pack that cannot be written leaves nothing behind, and says why") {
  using Call = MemoryFs::Call;
  const struct {
    Call call;
    std::size_t nth;
  } rows[] = {
      {Call::write, 2}, {Call::write, 3}, {Call::sync, 1}, {Call::rename, 1}};  // the first write finds one there
  for (const auto& row : rows) {
    CAPTURE(row.nth);
    MemoryFs fs;
    fs.put("pack/tmp_pack_meshfedc_0", "somebody's");
    fs.fail(row.call, row.nth, ENOSPC);
    Pack pack;
    pack.add(id_of(GIT_OBJECT_BLOB, "x"), GIT_OBJECT_BLOB, "x");
    CHECK(pack.write(fs, "pack") == ENOSPC);
    CHECK(fs.paths() == std::vector<std::string>{"pack/", "pack/tmp_pack_meshfedc_0"});
  }
  MemoryFs fs;
  Pack pack;
  pack.add(id_of(GIT_OBJECT_BLOB, "x"), GIT_OBJECT_BLOB, "x");
  CHECK(pack.write(fs, "not/there") == ENOENT);
}

TEST_CASE("the index of a pack has offsets beyond four bytes") {
  const GitScene scene;
  const PackedObject near{id_of(GIT_OBJECT_BLOB, "b"), 0x12345678, (std::uint64_t{1} << 31U) - 1};
  const PackedObject far{id_of(GIT_OBJECT_BLOB, "a"), 7, std::uint64_t{3} << 33U};
  std::ofstream(scene.at("x.idx"), std::ios::binary) << pack_index({near, far}, std::string(20, '\x5A'));
  CHECK(scene.output("git show-index <x.idx | sort -n") ==
        "2147483647 " + hex(near.id) + " (12345678)\n25769803776 " + hex(far.id) + " (00000007)");
}

TEST_CASE("an id is the one that Git computes") {
  const GitScene scene;
  for (const std::string text : {"", "x", "a line\n"}) {
    std::ofstream(scene.at("file"), std::ios::binary) << text;
    CHECK(hex(id_of(GIT_OBJECT_BLOB, text)) == scene.output("git hash-object file"));
  }
  CHECK(hex(id_of(GIT_OBJECT_TREE, "")) == scene.output("git hash-object -t tree /dev/null"));
}

TEST_CASE("an object is compressed with a window that its size needs, and any inflates to it again") {
  for (const std::size_t size : {0U, 1U, 249U, 250U, 251U, 4096U, 32'505U, 32'506U, 32'507U, 1'000'000U}) {
    CAPTURE(size);
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * 2'654'435'761U % 997) + "\n";
    text.resize(size);
    const std::string packed = deflated(text);
    std::string again(size, '\0');
    uLongf length = size;
    CHECK(uncompress(reinterpret_cast<Bytef*>(again.data()), &length, reinterpret_cast<const Bytef*>(packed.data()),
                     packed.size()) == Z_OK);
    CHECK(again == text);
    CHECK(packed.size() <= compressBound(size));
  }
  const auto window = [](std::size_t size) { return 8 + (deflated(std::string(size, 'x')).front() >> 4 & 0xF); };
  CHECK(window(1) == 9);
  CHECK(window(1000) == 11);
  CHECK(window(1'000'000) == 15);
}

TEST_CASE("dates are seconds and an offset, or of the calendar with a time") {
  const auto is = [](const char* text, std::int64_t seconds, int offset) {
    return parse_date(text, 120) == Date{seconds, offset};
  };
  CHECK(is("1700000000 +0100", 1'700'000'000, 60));
  CHECK(is("@1700000000 -0330", 1'700'000'000, -210));
  CHECK(is("1700000000", 1'700'000'000, 0));
  CHECK(is("0", 0, 0));
  CHECK(is("2023-11-14T22:13:20Z", 1'700'000'000, 0));
  CHECK(is("2023-11-14T23:13:20+01:00", 1'700'000'000, 60));
  CHECK(is("2023-11-14 23:13:20 +0100", 1'700'000'000, 60));
  CHECK(is("2023-11-15T00:13:20", 1'700'000'000, 120));
  CHECK(is("2024-02-29T00:00:00Z", 1'709'164'800, 0));
  CHECK(is("2023-11-14T22:13Z", 1'699'999'980, 0));
  CHECK(is("2023-11-14T22:13:20.987+00:00", 1'700'000'000, 0));
  CHECK(is("Tue, 14 Nov 2023 23:13:20 +0100", 1'700'000'000, 60));
  CHECK(is("Tue, 7 Nov 2023 22:13:20 -0000", 1'699'395'200, 0));
  CHECK(is("07 Nov 2023 22:13:20 GMT", 1'699'395'200, 0));
  CHECK(is("Tue Nov 14 22:13:20 2023 +0000", 1'700'000'000, 0));
  CHECK(is("Tue Nov  7 22:13:20 2023 +0000", 1'699'395'200, 0));
  CHECK(is("Wed Nov 15 00:13:20 2023", 1'700'000'000, 120));
  for (const char* text : {"",
                           "x",
                           "yesterday",
                           "-1",
                           "1700000000 0100",
                           "1700000000 +01",
                           "1700000000x",
                           "2023-11-14",
                           "2023-02-29T00:00:00Z",
                           "2023-11-14T24:13:20Z",
                           "2023-11-14T22:13:20 CET",
                           "99999999999999999999 +0000",
                           "1700000000 +9900",
                           "2023-11-14T22:13:20+0100 ",
                           "Tue 14 Nov 2023 22:13:20 +0000",
                           "Tue, 14 Nov 23 22:13:20 +0000",
                           "Tue, 14 Nox 2023 22:13:20 +0000",
                           "Tue, 31 Nov 2023 22:13:20 +0000",
                           "Tue Nov 14 2023",
                           "Tue Nov 14 22:13:20 2023 CET",
                           "Tue,"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text, 120));
  }
}

TEST_CASE("an author is a name and a mail, and may have a date") {
  const auto is = [](const char* text, const char* name, const char* mail, std::optional<Date> date) {
    const std::optional<Author> author = parse_author(text, 0);
    return author && author->name == name && author->mail == mail && author->date == date;
  };
  CHECK(is("A B <a@example.com>", "A B", "a@example.com", std::nullopt));
  CHECK(is("A <a@example.com> 1700000000 +0100", "A", "a@example.com", Date{1'700'000'000, 60}));
  CHECK(is("A <a@example.com> Tue, 14 Nov 2023 22:13:20 +0000", "A", "a@example.com", Date{1'700'000'000, 0}));
  for (const char* text :
       {"", "A", "<a@example.com>", "A <>", "A <a", "A <a<b>", "A <a>x", "A <a> ", "A <a> yesterday"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_author(text, 0));
  }
}

}  // namespace
