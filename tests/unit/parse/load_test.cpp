// The main file: what cannot be read at all, secrets, TOML mistakes, inheritance.
#include <algorithm>
#include <cerrno>

#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

Lines of(const std::string& text) { return Loaded(text).reports(); }

TEST_CASE("files that are no text") {
  CHECK(of("version = 1 # \xE4\n") == Lines{"MF0002 \xE4"});
  CHECK(of(std::string("version = 1\0", 12)) == Lines{std::string("MF0003 \0", 8)});
  CHECK(of("\xFF\xFEv\x01") == Lines{"MF0004 "});
  CHECK(of("\xED\xA0\x80") == Lines{"MF0002 \xED"});
}

TEST_CASE("files that cannot be read") {
  Loaded loaded("");
  loaded.fs.fail(MemoryFs::Call::read, 1, EACCES);
  loaded.load();
  CHECK_FALSE(loaded.federation.has_value());
  CHECK(loaded.sink.reports().back().message == "cannot read `federation.toml`: Permission denied");
}

TEST_CASE("files that are too large") {
  const std::string head = "version = 1\n[federation]\nname = \"x\"\n#";
  Loaded fits(head + std::string(parse::kMaxFileBytes - head.size(), '#'));
  CHECK(fits.reports().empty());
  Loaded large(head + std::string(parse::kMaxFileBytes - head.size() + 1, '#'));
  CHECK(large.reports() == Lines{"MF0005 federation.toml"});
}

TEST_CASE("an empty file misses what it needs") { CHECK(of("") == Lines{"MF0204 ", "MF0204 "}); }

TEST_CASE("deep nesting is refused before it hurts") {
  std::string dots = "a";
  for (int i = 0; i < 200000; ++i) dots += ".a";
  CHECK(of(dots + " = 1\n") == Lines{"MF0104 ."});
  CHECK(of("x = " + std::string(100000, '[') + std::string(100000, ']') + "\n").size() == 1);
  // A dot in a string or comment nests nothing.
  CHECK(of("# " + dots + "\nversion = 1\n[federation]\nname = \"x\"\n").empty());
}

TEST_CASE("syntax errors point at a byte") {
  CHECK(of("version = \n").size() == 1);
  CHECK(of("version = 1\n[federation\nname = \"x\"\n").size() == 1);
  CHECK(of("a = \"unfinished").size() == 1);
  CHECK(of("a = [west, 1]\n") == Lines{"MF0101 west"});
  CHECK(of("a = \u201Cx\u201D\n") == Lines{"MF0101 \u201Cx\u201D"});
  CHECK(of("a = \"open\nb = 1\n") == Lines{"MF0101 "});
  CHECK(of("a = 1\n<<<<<<< HEAD\n") == Lines{"MF0101 <<<<<<<"});
  CHECK(of("[fragment.*.toml]\n") == Lines{"MF0101 *"});
}

TEST_CASE("a second definition names the first") {
  Loaded keys("[a]\nx = 1\n[b]\nx = 2\ny = 3\nx = 4\n");
  REQUIRE(keys.sink.reports().size() == 1);
  const diag::Report& key = keys.sink.reports().front();
  CHECK(diag::code_text(key.row->code) == "MF0102");
  CHECK(keys.files.begin(key.span).line == 6);
  REQUIRE(key.notes.size() == 1);
  CHECK(keys.files.begin(key.notes[0].span).line == 4);

  Loaded tables("[a.b]\n[c]\n[a.b]\n");
  REQUIRE(tables.sink.reports().size() == 1);
  CHECK(tables.files.text(tables.sink.reports().front().span) == "[a.b]");
  REQUIRE(tables.sink.reports().front().notes.size() == 1);
}

TEST_CASE("a table that is complete is not extended") {
  CHECK(of("a = { b = 1 }\na.c = 2\n") == Lines{"MF0103 a.c"});
  CHECK(of("a = 1\na.c = 2\n") == Lines{"MF0103 a.c"});
  CHECK(of("[a]\nb = {}\n[a.b.c]\n\n# more\n") == Lines{"MF0103 [a.b.c]"});
  CHECK(Loaded("a = { b = {} }\na.b.c = 2\n").sink.reports().front().message.starts_with("`a` is complete"));
}

TEST_CASE("secrets are found under any key, once, and masked") {
  const std::string key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
  Loaded pem(with("[anything]\nx = \"\"\"\n" + key + "\n\"\"\"\n"));
  const Lines lines = pem.reports();
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].starts_with("MF0217 ***"));
  CHECK(pem.files.text(1).find("c2VjcmV0") == std::string_view::npos);

  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZXNoIn0.c2lnbmF0dXJlc2lnbmF0dXJl";
  for (const std::string& secret : {jwt, "ghp_" + std::string(36, 'x'), "AKIA" + std::string(16, 'X')}) {
    Loaded loaded(with("# " + secret + "\n"));
    CHECK(loaded.reports().size() == 1);
    CHECK(loaded.files.text(1).find(secret) == std::string_view::npos);
  }
  CHECK(of(with("# eyJ is how a token begins\n")).empty());
  CHECK(of(with("# -----BEGIN CERTIFICATE-----\n")).empty());
}

TEST_CASE("tables are sorted by name, whatever their order in the file") {
  Loaded loaded(with("[network.z]\n[network.a]\n"));
  Lines names;
  for (const model::Network& network : loaded.federation->networks) names.push_back(*network.name);
  CHECK(names == Lines{"a", "n", "z"});
}

model::Settings inherited(const std::string& parent, const std::string& child) {
  Loaded loaded(with("[defaults]\n" + parent + "\n[mesh.x]\n" + child + "\n"));
  REQUIRE(loaded.federation.has_value());
  for (const model::Mesh& mesh : loaded.federation->meshes) {
    if (*mesh.name == "x") return model::inherit(loaded.federation->defaults, mesh.settings);
  }
  return {};
}

TEST_CASE("a lower table replaces plain values and keeps the others") {
  const model::Settings settings = inherited("istio = \"1.26\"\nmtls = \"strict\"", "istio = \"1.30\"");
  CHECK(*settings.istio == model::Istio::v1_30);
  CHECK(*settings.mtls == model::Mtls::strict);
  CHECK(settings.mtls.given());
  CHECK(settings.files.state == model::State::absent);
}

TEST_CASE("egress tables merge by network, a word replaces") {
  using model::EgressMode;
  const std::string parent = "egress = { default = \"gateway\", a = \"direct\", b = \"direct\" }";
  const auto towards = [&](const std::string& upper, const std::string& lower, const char* network) {
    Loaded loaded(with("[defaults]\n" + upper + "\n[mesh.x]\n" + lower + "\n"));
    REQUIRE(loaded.federation.has_value());
    const auto mesh = std::ranges::find(loaded.federation->meshes, "x", [](const auto& m) { return *m.name; });
    return model::egress_towards({&mesh->settings, &loaded.federation->defaults}, network);
  };
  const std::string lower = "egress = { b = \"gateway\", c = \"direct\" }";
  CHECK(towards(parent, lower, "a") == EgressMode::direct);
  CHECK(towards(parent, lower, "b") == EgressMode::gateway);
  CHECK(towards(parent, lower, "c") == EgressMode::direct);
  CHECK(towards(parent, lower, "d") == EgressMode::gateway);
  CHECK(towards(parent, "egress = \"gateway\"", "a") == EgressMode::gateway);
  CHECK(towards("egress = \"gateway\"", "egress = { a = \"direct\" }", "a") == EgressMode::direct);
  CHECK(towards("egress = \"gateway\"", "egress = { a = \"direct\" }", "b") == EgressMode::gateway);
  CHECK(towards("", "", "a") == EgressMode::direct);
}

TEST_CASE("a value that was reported is not replaced by what is inherited") {
  CHECK(inherited("mtls = \"strict\"", "mtls = \"stict\"").mtls.bad());
}

}  // namespace
}  // namespace meshfed::testing
