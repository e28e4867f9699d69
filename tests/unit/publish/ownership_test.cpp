#include "publish/ownership.hpp"

#include <doctest/doctest.h>

#include "base/lines.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed;
using namespace meshfed::publish;

namespace {

const std::string kBase = "one\ntwo\nthree\nfour\n";
const std::string kOurs = "one\nours\ntwo\nthree\nfour\n";
const std::string kTheirs = "one\ntwo\nthree\ntheirs\nfour\n";

InventoryEntry entry(const std::string& text, const std::string& path = "kustomization.yaml") {
  return {path, "", {}, base::line_codes(text)};
}

Owner owner(const std::string& bytes, const std::vector<InventoryEntry>& entries,
            const std::string& planned = "plan\n") {
  const emit::Content content = emit::content_of(planned, {});
  return owner_of(bytes, entries, {"demo", entries}, &content);
}

}  // namespace

TEST_CASE("what a lock knows is ours, by its digest or by its lines") {
  CHECK(owner(kBase, {entry(kBase)}) == Owner::us);
  CHECK(owner(kBase, {{"a", emit::content_of(kBase, {}).sha256, {}, ""}}) == Owner::us);
  CHECK(owner(kOurs, {entry(kBase)}) == Owner::other);
  CHECK(owner("", {entry("")}) == Owner::other);  // a path alone tells nothing
}

TEST_CASE("line ends that Git has converted do not make a file somebody else's") {
  const std::string converted = "one\r\ntwo\r\nthree\r\nfour\r\n";
  CHECK(owner(converted, {entry(kBase)}) == Owner::converted);
  CHECK(owner("plan\r\n", {}) == Owner::converted);
  CHECK(owner("one\r\ntwo\r\nthree\r\nfive\r\n", {entry(kBase)}) == Owner::other);
}

TEST_CASE("a file that Git has merged is made of the lines of both sides") {
  const std::string merged = "one\nours\ntwo\nthree\ntheirs\nfour\n";
  CHECK(owner(merged, {entry(kOurs), entry(kTheirs)}) == Owner::merged);
  CHECK(owner(merged, {entry(kOurs)}) == Owner::other);
  CHECK(owner(merged, {entry(kOurs)}, merged + "more\n") == Owner::other);  // by hand, or by Git: ask that
  CHECK(owner(merged + "mine\n", {entry(kOurs), entry(kTheirs)}, merged) == Owner::other);
  CHECK(owner("one\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> b\nfour\n", {entry(kOurs), entry(kTheirs)}) ==
        Owner::merged);
  CHECK(owner("one\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> b\nfour\n", {entry(kOurs), entry(kTheirs)}) ==
        Owner::other);
}

TEST_CASE("an edit that only takes lines away or moves them is an edit") {
  CHECK(owner("one\ntwo\nfour\n", {entry(kBase)}) == Owner::other);
  CHECK(owner("two\none\nthree\nfour\n", {entry(kBase)}) == Owner::other);
  CHECK(owner("one\none\ntwo\nthree\nfour\n", {entry(kBase)}) == Owner::other);
}

TEST_CASE("an edit by hand that anticipates a change is still an edit") {
  CHECK(owner("one\nnew\n", {entry("one\ntwo\nold\n")}, "one\ntwo\nnew\n") == Owner::other);
}

TEST_CASE("a file that no lock lists is somebody's, whatever its lines") {
  CHECK(owner("one\n", {}, "one\ntwo\n") == Owner::other);
  CHECK(owner("", {}, "one\ntwo\n") == Owner::other);
}

TEST_CASE("a merged tree is inspected without a problem, and written anew") {
  using namespace meshfed::testing;
  MemoryFs fs;
  publish_first(fs, smaller());
  const std::string lock = fs.bytes("out/east/.meshfedc.lock").value();
  const std::string mine = print_inventory("demo", sample());
  fs.put("out/east/.meshfedc.lock", "<<<<<<< HEAD\n" + lock + "=======\n" + mine + ">>>>>>> branch\n");
  fs.put("out/east/kustomization.yaml", "<<<<<<< HEAD\nlist only a\n=======\nlist all\n>>>>>>> branch\n");
  const Outcome done = put_out(fs, sample());
  CHECK(words(done.problems).empty());
  CHECK(done.summary.merged == Names{"east/kustomization.yaml"});
  CHECK(fs.bytes("out/east/kustomization.yaml") == "list all\n");
  CHECK(fs.bytes("out/east/.meshfedc.lock") == mine);
}
