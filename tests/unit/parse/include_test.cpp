// Which files a federation is made of: nothing outside of its directory, nothing twice, nothing that is not a file.
#include <doctest/doctest.h>

#include "parse/load.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

std::string including(const std::string& patterns) {
  return "version = 1\ninclude = [" + patterns + "]\n[federation]\nname = \"x\"\n[mesh.m]\n";
}

std::string exporting(const std::string& name) {
  return "[export." + name +
         "]\nnamespace = \"n\"\ncanonical_name = \"n\"\nports = [{ name = \"http\", number = 80 }]\nfrom = [\"m\"]\n";
}

Lines exports(const Loaded& loaded) {
  Lines names;
  for (const model::Export& exported : loaded.federation->exports) {
    names.push_back(*exported.name + (exported.fragment ? " of a fragment" : ""));
  }
  return names;
}

Lines paths(const Loaded& loaded) {
  Lines names;
  for (const model::IncludedFile& file : loaded.federation->included) names.push_back(file.path);
  return names;
}

TEST_CASE("fragments are found by path and by pattern, in the order of their paths") {
  Loaded loaded(including("\"z.toml\", \"teams/*.toml\", \"./apps/*/mesh.toml\""),
                {{"z.toml", exporting("z")},
                 {"teams/b.toml", exporting("b")},
                 {"teams/a.toml", exporting("a")},
                 {"teams/.hidden.toml", exporting("hidden")},
                 {"teams/note.txt", "not TOML"},
                 {"apps/shop/mesh.toml", exporting("shop")}});
  CHECK(loaded.reports().empty());
  CHECK(paths(loaded) == Lines{"apps/shop/mesh.toml", "teams/a.toml", "teams/b.toml", "z.toml"});
  CHECK(exports(loaded) == Lines{"a of a fragment", "b of a fragment", "shop of a fragment", "z of a fragment"});
}

TEST_CASE("the main file's own path is what messages begin with") {
  MemoryFs fs;
  fs.put("prod/federation.toml", including("\"t.toml\""));
  fs.put("prod/t.toml", "[export.a]\n");
  source::Manager files;
  diag::Sink sink;
  const auto federation = parse::load(fs, "prod/federation.toml", files, sink);
  REQUIRE(federation.has_value());
  CHECK(federation->included[0].path == "t.toml");
  CHECK(files.path(federation->included[0].file) == "prod/t.toml");
}

TEST_CASE("includes do not climb") {
  CHECK(Loaded(including("\"../x.toml\"")).reports() == Lines{"MF0006 \"../x.toml\""});
  CHECK(Loaded(including("\"a/../../x.toml\"")).reports() == Lines{"MF0006 \"a/../../x.toml\""});
  CHECK(Loaded(including("\"/etc/x.toml\"")).reports() == Lines{"MF0006 \"/etc/x.toml\""});
}

TEST_CASE("links may stay inside, and never lead out") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"in.toml\", \"out.toml\", \"dir/*.toml\""));
  loaded.fs.put("real.toml", exporting("a"));
  loaded.fs.put_link("in.toml", "real.toml");
  loaded.fs.put("/elsewhere/x.toml", exporting("b"));
  loaded.fs.put_link("out.toml", "/elsewhere/x.toml");
  loaded.fs.put_link("dir", "/elsewhere");
  loaded.fs.forget();
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0006 \"out.toml\"", "MF0006 \"dir/*.toml\""});
  CHECK(exports(loaded) == Lines{"a of a fragment"});
  for (const MemoryFs::Event& event : loaded.fs.events()) {
    if (event.call == MemoryFs::Call::read) CHECK_FALSE(event.path.starts_with("/elsewhere"));
  }
}

TEST_CASE("nobody looks into a directory that a link names elsewhere") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"dir/*.yaml\", \"dir/none.toml\", \"dir/sub/*/x.toml\""));
  loaded.fs.put("/elsewhere/sub/a/x.toml", "");
  loaded.fs.put_link("dir", "/elsewhere");
  loaded.fs.forget();
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0006 \"dir/*.yaml\"", "MF0006 \"dir/none.toml\"", "MF0006 \"dir/sub/*/x.toml\""});
  for (const MemoryFs::Event& event : loaded.fs.events()) CHECK(event.path.find("dir/") == std::string::npos);
}

TEST_CASE("a link may lead to the main file's own directory") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"here/t.toml\""));
  loaded.fs.put("t.toml", exporting("a"));
  loaded.fs.put_link("here", ".");
  loaded.load();
  CHECK(loaded.reports().empty());
  CHECK(exports(loaded) == Lines{"a of a fragment"});
}

TEST_CASE("links in a circle are an error, not a loop") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"a.toml\""));
  loaded.fs.put_link("a.toml", "b.toml");
  loaded.fs.put_link("b.toml", "a.toml");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0001 \"a.toml\""});
}

TEST_CASE("a file is included once") {
  CHECK(Loaded(including("\"t.toml\", \"t.toml\""), {{"t.toml", ""}}).reports() == Lines{"MF0209 \"t.toml\""});
  CHECK(Loaded(including("\"t.toml\", \"*.toml\""), {{"t.toml", ""}}).reports() ==
        Lines{"MF0008 \"*.toml\"", "MF0012 \"*.toml\""});
  CHECK(Loaded(including("\"federation.toml\"")).reports() == Lines{"MF0008 \"federation.toml\""});
}

TEST_CASE("patterns that find nothing, and patterns that are not understood") {
  CHECK(Loaded(including("\"*.yaml\"")).reports() == Lines{"MF0007 \"*.yaml\""});
  CHECK(Loaded(including("\"none/*.toml\"")).reports() == Lines{"MF0007 \"none/*.toml\""});
  CHECK(Loaded(including("\"a/**/b.toml\"")).reports() == Lines{"MF0014 \"a/**/b.toml\""});
  CHECK(Loaded(including("\"a?.toml\"")).reports() == Lines{"MF0014 \"a?.toml\""});
}

TEST_CASE("only files are included") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"dir\", \"pipe\""));
  loaded.fs.put_directory("dir");
  loaded.fs.put_other("pipe");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0013 \"dir\"", "MF0013 \"pipe\""});
}

TEST_CASE("a fragment says exports and nothing else") {
  Loaded loaded(including("\"t.toml\""),
                {{"t.toml", "version = 1\n[mesh.evil]\n" + exporting("a") + "host = \"www.example.com\"\n"}});
  CHECK(loaded.reports() == Lines{"MF0222 version", "MF0221 mesh", "MF0222 host"});
  CHECK(exports(loaded) == Lines{"a of a fragment"});
  CHECK(loaded.federation->meshes.size() == 1);
  CHECK(loaded.federation->exports[0].host.state == model::State::absent);
}

TEST_CASE("a fragment with a mistake does not hide the others") {
  Loaded loaded(including("\"t/*.toml\""), {{"t/a.toml", "[export.a\n"}, {"t/b.toml", exporting("b")}});
  CHECK(loaded.reports().size() == 1);
  CHECK(exports(loaded) == Lines{"a of a fragment", "b of a fragment"});
  CHECK(paths(loaded) == Lines{"t/a.toml", "t/b.toml"});
}

TEST_CASE("two files declare one export") {
  Loaded loaded(including("\"t.toml\"") + exporting("a"), {{"t.toml", exporting("a")}});
  CHECK(loaded.reports() == Lines{"MF0315 a"});
  CHECK(exports(loaded) == Lines{"a"});
  REQUIRE(loaded.sink.reports().front().notes.size() == 1);
  CHECK(loaded.sink.reports().front().notes[0].span.file == 1);
}

TEST_CASE("10,000 fragments are read, one more is refused") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", including("\"t/*.toml\""));
  for (std::size_t i = 0; i < parse::kMaxFragments; ++i) loaded.fs.put(fmt::format("t/{}.toml", i), "");
  loaded.load();
  CHECK(loaded.reports().empty());
  CHECK(loaded.federation->included.size() == parse::kMaxFragments);
  loaded.fs.put("t/more.toml", "");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0009 \"t/*.toml\""});
  CHECK(loaded.federation->included.size() == parse::kMaxFragments);
}

TEST_CASE("64 MiB are read, one byte more is refused, and nothing of them is looked at") {
  Loaded loaded("");
  loaded.sink = {};
  const std::string main = including("\"t/*.toml\"");
  loaded.fs.put("federation.toml", main);
  const std::string large(parse::kMaxFileBytes, '#');
  const std::size_t whole = parse::kMaxSourceBytes / parse::kMaxFileBytes - 1;
  for (std::size_t i = 0; i < whole; ++i) loaded.fs.put(fmt::format("t/{}.toml", i), large);
  loaded.fs.put("t/last.toml", large.substr(main.size()));
  loaded.load();
  CHECK(loaded.reports().empty());
  CHECK(loaded.federation->included.size() == whole + 1);
  loaded.fs.put("t/last.toml", large.substr(main.size() - 1));
  loaded.fs.put("t/next.toml", "");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0018 \"t/*.toml\""});
  CHECK_FALSE(loaded.federation.has_value());
}

TEST_CASE("nothing is read but the main file and its fragments") {
  Loaded loaded(including("\"t.toml\""), {{"t.toml", ""}, {"other.toml", ""}});
  CHECK_FALSE(loaded.fs.touched("other.toml"));
  CHECK(loaded.fs.changes().empty());
}

}  // namespace
}  // namespace meshfed::testing
