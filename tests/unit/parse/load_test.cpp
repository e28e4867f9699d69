// The main file: what cannot be read at all, secrets, TOML mistakes, inheritance.
#include <algorithm>
#include <cerrno>

#include <doctest/doctest.h>

#include "parse/load.hpp"
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
  CHECK(of(with("x = " + std::string(100000, '[') + std::string(100000, ']') + "\n")).size() == 1);
  // A dot in a string or comment nests nothing.
  CHECK(of("# " + dots + "\nversion = 1\n[federation]\nname = \"x\"\n").empty());
}

TEST_CASE("syntax errors point at what is wrong, and at nothing else") {
  CHECK(of("a = \"unfinished").size() == 3);  // and no version, and no federation
  CHECK(of(with("mtls = \n")) == Lines{"MF0101 mtls = "});
  CHECK(of(with("[network.x\negress_port = 1\n")) == Lines{"MF0101 [network.x"});
  CHECK(of(with("mtls = [west, 1]\n")) == Lines{"MF0101 west"});
  CHECK(of(with("mtls = \u201Cx\u201D\n")) == Lines{"MF0101 \u201Cx\u201D"});
  CHECK(of(with("mtls = \"open\nlocality = \"eu\"\n")) == Lines{"MF0101 \"open"});
  CHECK(of(with("<<<<<<< HEAD\n")) == Lines{"MF0101 <<<<<<<"});
  CHECK(of(with("[fragment.*.toml]\n")) == Lines{"MF0101 *"});
}

TEST_CASE("a mistake of syntax hides no other, and nothing follows from it") {
  const std::string good = "[network.x]\negress_port = 1\n";
  CHECK(of(with("mtls: strict\n[network.x]\negress_port = 0\n")) == Lines{"MF0101 : strict", "MF0207 0"});
  CHECK(of(with("mtls = yes\nfiles = no\n" + good)) == Lines{"MF0101 yes", "MF0101 no"});
  Loaded key("version = 1\n[federation]\nname: demo\n[mesh.m]\n");
  CHECK(key.reports() == Lines{"MF0101 : demo"});
  REQUIRE(key.federation.has_value());
  CHECK(key.federation->name.bad());
  Loaded header(with("[mesh.o\ntrust_domain = \"x\"\n"));
  CHECK(header.reports() == Lines{"MF0101 [mesh.o"});
  REQUIRE(header.federation.has_value());
  CHECK(header.federation->meshes.size() == 2);
  // Of a header without a name nobody knows what it would have declared: no rule may look at the rest.
  CHECK_FALSE(Loaded(with("[]\nx = 1\n")).federation.has_value());
}

TEST_CASE("a file of another language is one mistake") {
  CHECK(of("version: 1\nfederation:\n  name: x\nmesh:\n  - m\n") == Lines{"MF0101 v"});
  CHECK(of("{\n  \"version\": 1\n}\n") == Lines{"MF0101 {"});
}

TEST_CASE("however much is no TOML, reading ends") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "x" + std::to_string(i) + ": 1\n[a." + std::to_string(i) + "\ny = ]\n";
  CHECK(of(with(text)).size() <= 1001);
  std::string twice;
  for (int i = 0; i < 100; ++i) twice += "[network.n]\n";
  CHECK(of(with(twice)).size() == 20);
}

/// The reports of one code.
Lines only(std::string_view code, const std::string& text) {
  Lines lines = of(text);
  std::erase_if(lines, [&](const std::string& line) { return !line.starts_with(code); });
  return lines;
}

TEST_CASE("a second definition names the first") {
  Loaded keys(with("[network.x]\negress_port = 1\n[network.y]\negress_port = 2\n\negress_port = 4\n"));
  REQUIRE(keys.sink.reports().size() == 1);
  const diag::Report& key = keys.sink.reports().front();
  CHECK(diag::code_text(key.row->code) == "MF0102");
  CHECK(keys.files.begin(key.span).line == 14);
  REQUIRE(key.notes.size() == 1);
  CHECK(keys.files.begin(key.notes[0].span).line == 12);
  CHECK_FALSE(key.fix.has_value());

  Loaded tables(with("[network.b]\n[network.c]\n[network . \"b\"] # again\n"));
  REQUIRE(tables.sink.reports().size() == 1);
  CHECK(tables.files.text(tables.sink.reports().front().span) == "[network . \"b\"]");
  REQUIRE(tables.sink.reports().front().notes.size() == 1);
  CHECK(tables.sink.reports().front().fix->replacement.empty());
}

TEST_CASE("a table that is complete is not extended") {
  CHECK(only("MF0103", "a = { b = 1 }\na.c = 2\n") == Lines{"MF0103 a.c"});
  CHECK(only("MF0103", "a = 1\na.c = 2\n") == Lines{"MF0103 a.c"});
  CHECK(only("MF0103", "[a]\nb = {}\n[a.b.c]\n\n# more\n") == Lines{"MF0103 [a.b.c]"});
  CHECK(only("MF0103", "[a.b]\n[a]\nb.c = 1\n") == Lines{"MF0103 b.c"});
  CHECK(only("MF0103", "[a.b.c]\n[a.b]\n\"c\".d = 1\n") == Lines{"MF0103 \"c\".d"});
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
