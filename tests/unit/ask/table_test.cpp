#include "ask/table.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "ask/trace.hpp"
#include "sites.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

constexpr const char* kHost = "pay.mesh.global";

std::string rows(const interpret::World& world, const ask::Range& range) {
  std::string text;
  const ask::Table table(world, range);
  for (std::size_t i = 0; i < table.parts(); ++i) {
    for (const ask::Question& question : table.part(i))
      text += fmt::format("{} {}:{}\n", ask::name_of(question.client), question.host, question.port);
  }
  return text;
}

std::string printed(const ask::Table& table, ask::Format format, unsigned jobs) {
  std::string all;
  ask::print(table, format, jobs, [&](std::string_view rows) { all += rows; });
  return all;
}

}  // namespace

TEST_CASE("everybody who can be told from others is asked for") {
  const std::string denied =
      std::string(kExported) +
      "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: "
      "{action: DENY, rules: [{from: [{source: {notPrincipals: [east.example/ns/bank/sa/web, "
      "north.example/ns/x/sa/y]}}]}]}\n";
  const std::string east = std::string(kRemote) + edited(kImported, "location:", "exportTo: [cafe, bank]\n  location:");
  const auto both = world(two_clusters(), {{"east", east}, {"west", denied}});
  CHECK(rows(*both, {}) ==
        "east pay.mesh.global:80\neast/bank pay.mesh.global:80\neast/bank/web pay.mesh.global:80\n"
        "east/cafe pay.mesh.global:80\nwest pay.mesh.global:80\n");
  CHECK(rows(*both, {.cluster = "west", .host = {}}) == "west pay.mesh.global:80\n");
  CHECK(rows(*both, {.cluster = {}, .host = "other"}) == "");
}

TEST_CASE("who finds another rule or another Service for a host is asked for") {
  const auto rule = [](const std::string& ns, const std::string& host, const std::string& export_to) {
    return fmt::format(
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{name: r, namespace: {}}}\nspec: "
        "{{host: \"{}\", exportTo: [{}], trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL, sni: x}}}}}}\n---\n",
        ns, host, export_to);
  };
  const std::string import = std::string(kRemote) + kImported;
  const struct {
    std::string what;
    std::string more;
    std::string apart;
  } kCases[] = {
      {"a rule for its own namespace", rule("shop", kHost, "\".\""), "east/shop"},
      {"a rule for all", rule("shop", kHost, "\"*\""), ""},
      {"a rule for one", rule("shop", kHost, "bank"), "east/bank"},
      {"a rule of another namespace", rule("bank", kHost, "\"*\""), "east/bank"},
      {"a wildcard", rule("bank", "*.mesh.global", "\".\""), "east/bank"},
      {"a rule for another host", rule("bank", "*.example.com", "\".\""), ""},
      {"a ServiceEntry of its own", edited(kImported, "namespace: shop", "namespace: bank"), "east/shop"},
  };
  for (const auto& [what, more, apart] : kCases) {
    CAPTURE(what);
    const auto both = world(two_clusters(), {{"east", import + more}, {"west", kExported}});
    const std::string row = " pay.mesh.global:80\n";
    CHECK(rows(*both, {.cluster = "east", .host = {}}) == "east" + row + (apart.empty() ? "" : apart + row));
  }
}

TEST_CASE("a host that stands for remote gateways is asked for by its name only") {
  const std::string east = std::string(kEgress) + kImported;
  const auto both = world(two_clusters(), {{"east", east}, {"west", kExported}});
  CHECK(rows(*both, {.cluster = "east"}) == "east pay.mesh.global:80\n");
  CHECK(rows(*both, {.cluster = "east", .host = "west.gateway"}).starts_with("east west.gateway:15443\n"));
}

TEST_CASE("a host that lost its location is asked for") {
  const auto lost = [](const char* entry) { return edited(entry, "  location: MESH_INTERNAL\n", ""); };
  const auto both = world(two_clusters(), {{"east", kRemote + lost(kImported)}, {"west", lost(kExported)}});
  CHECK(rows(*both, {}) == "east pay.mesh.global:80\nwest pay.mesh.global:80\n");
  const auto imported = world(two_clusters(), {{"east", kRemote + lost(kImported)}, {"west", ""}});
  CHECK(rows(*imported, {.cluster = "east"}) == "east pay.mesh.global:80\n");
}

TEST_CASE("all answers are the same in any number of threads") {
  const std::string east = std::string(kRemote) + kImported;
  const auto both = world(two_clusters(), {{"east", east}, {"west", kExported}});
  const ask::Table table(*both, {});
  CHECK(printed(table, ask::Format::json, 1) == printed(table, ask::Format::json, 4));
  CHECK(printed(table, ask::Format::text, 1) ==
        "reached      east  pay.mesh.global:80  100 % west\nreached      west  pay.mesh.global:80  100 % west\n");
}

TEST_CASE("a table is JSON and Markdown as well") {
  const std::string east = std::string(kRemote) + kImported;
  interpret::Facts facts = two_clusters();
  facts.assumptions = {"all is \"well\""};
  const auto both = world(facts, {{"east", east}, {"west", kExported}});
  const ask::Table table(*both, {.cluster = "east"});
  CHECK(printed(table, ask::Format::json, 1) ==
        R"({
  "version":1,
  "assumptions":["all is \"well\""],
  "answers": [
    {"client":{"cluster":"east","namespace":"","account":""},"host":"pay.mesh.global","port":80,"verdict":"reached","identity":"spiffe://east.example/ns/-/sa/-","accepted":["spiffe://west.example/ns/shop/sa/pay"],"endpoints":[{"address":"1.1.1.1","port":15443,"network":"west","share":1}],"ends":[{"cluster":"west","workload":"shop/pay","identity":"spiffe://west.example/ns/shop/sa/pay","port":8080,"share":1}],"causes":[]}
  ]
}
)");
  CHECK(printed(table, ask::Format::markdown, 1) ==
        "| client | host | answer | answered by | because |\n|---|---|---|---|---|\n"
        "| east | pay.mesh.global:80 | reached | 100 % west |  |\n\nTaken for granted:\n\n- all is \"well\"\n");
}

TEST_CASE("what is remembered of gateways changes no answer") {
  const std::string east = std::string(kRemote) + kImported;
  const std::string cases[] = {
      kExported,
      edited(kExported, "number: 15443", "number: 15444"),
      edited(kExported, "hosts: [pay.mesh.global], tls", "hosts: [other], tls"),
      edited(kExported, "workloadSelector: {labels: {app: pay}}", "workloadSelector: {labels: {app: x}}"),
      edited(kExported, "resolution: STATIC", "resolution: NONE"),
  };
  for (const std::string& west : cases) {
    const auto both = world(two_clusters(), {{"east", east}, {"west", west}});
    ask::Memo memo;
    const ask::Question question{{"east"}, "pay.mesh.global", 80};
    const auto told = [&](ask::Memo* known) {
      std::string row;
      ask::add_row(row, ask::trace(*both, question, ask::Detail::verdict, known), ask::Format::json);
      return row;
    };
    const std::string fresh = told(nullptr);
    CHECK(told(&memo) == fresh);
    CHECK(told(&memo) == fresh);
  }
}
