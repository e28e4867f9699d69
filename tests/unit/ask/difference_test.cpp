#include "ask/difference.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ask/render.hpp"
#include "sites.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

const std::string kImporter = std::string(kRemote) + kImported;

using Sites = std::map<std::string, std::string>;

std::string turns(const ask::Difference& difference) {
  std::string text = std::to_string(difference.asked);
  for (const ask::Change& change : difference.changes)
    text += fmt::format(" {} {}", ask::word(change.turn), ask::name_of(change.question().client));
  return text;
}

struct Side {
  std::string east = kImporter;
  std::string west = kExported;
  interpret::Facts facts = two_clusters();

  std::unique_ptr<interpret::World> make() const { return world(facts, {{"east", east}, {"west", west}}); }
};

ask::Difference differ(const Side& before, const Side& now, const ask::Range& range = {}) {
  return ask::difference(*before.make(), *now.make(), range, 2);
}

}  // namespace

TEST_CASE("what becomes of an answer has a word") {
  const Side whole;
  Side dead, other_identity, split, by_egress, sidecar, denied;
  dead.west = edited(kExported, "hosts: [pay.mesh.global], tls", "hosts: [x.mesh.global], tls");
  other_identity.east = edited(kImporter, "sa/pay", "sa/other");
  split.facts.clusters[0].workloads.push_back(pods("pay-2", {{"app", "pay"}}));
  split.facts.clusters[0].workloads.back().ports = {8080};
  split.facts.clusters[0].workloads.back().account = "pay";
  by_egress.east = std::string(kEgress) + kImported;
  sidecar.east += "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a, namespace: web}\n";

  CHECK(turns(differ(whole, whole)) == "2");
  CHECK(turns(differ(whole, dead)) == "2 unreachable east");
  CHECK(turns(differ(dead, whole)) == "2 reachable east");
  CHECK(turns(differ(dead, other_identity)) == "2 verdict east");
  CHECK(turns(differ(whole, split)) == "2 shares east shares west");
  CHECK(turns(differ(whole, by_egress)) == "2 way east");
  CHECK(turns(differ(whole, sidecar)) == "2 unclear east");
  CHECK(turns(differ(sidecar, sidecar)) == "2");
}

TEST_CASE("hosts, callers and clusters of either side are asked for") {
  const Side whole;
  Side fewer, named, alone;
  fewer.east = "";
  fewer.west = "";
  CHECK(turns(differ(whole, fewer)) == "2 unreachable east unreachable west");
  CHECK(turns(differ(fewer, whole)) == "2 reachable east reachable west");

  named.east = edited(kImporter, "location:", "exportTo: [bank]\n  location:");
  CHECK(turns(differ(whole, named)) == "3 unreachable east");
  CHECK(turns(differ(named, whole)) == "3 reachable east");

  alone.facts.clusters.pop_back();  // east
  CHECK(turns(differ(whole, alone)) == "2 unreachable east");
  CHECK(turns(differ(alone, whole)) == "2 reachable east");
  CHECK(turns(differ(whole, fewer, {.cluster = "west"})) == "1 unreachable west");
}

TEST_CASE("differences are text, Markdown and JSON") {
  Side dead;
  dead.west = edited(kExported, "hosts: [pay.mesh.global], tls", "hosts: [x.mesh.global], tls");
  const ask::Difference difference = differ({}, dead);
  CHECK(ask::render(difference, {}, ask::Format::text) ==
        "unreachable: east calls pay.mesh.global:80\n"
        "  before  reached: 100 % shop/pay of west port 8080\n"
        "  now     unreachable\n"
        "  west: error[MF1109]: gateway `istio-system/ew-istio` of cluster \"west\" does not listen on port 15443\n"
        "\n1 of 2 answers differs: 1 unreachable\n");
  CHECK(ask::render(difference, {}, ask::Format::markdown) ==
        "1 of 2 answers differs: 1 unreachable\n\n"
        "| change | client | host | before | now | because |\n|---|---|---|---|---|---|\n"
        "| unreachable | east | pay.mesh.global:80 | reached: 100 % shop/pay of west port 8080 | unreachable | MF1109 "
        "|\n");
  const nlohmann::json json = nlohmann::json::parse(ask::render(difference, {"so"}, ask::Format::json));
  CHECK(json["version"] == 1);
  CHECK(json["assumptions"][0] == "so");
  CHECK(json["asked"] == 2);
  CHECK(json["changes"][0]["change"] == "unreachable");
  CHECK(json["changes"][0]["host"] == "pay.mesh.global");
  CHECK(json["changes"][0]["before"]["verdict"] == "reached");
  CHECK(json["changes"][0]["now"]["causes"][0]["code"] == "MF1109");
  CHECK(ask::render(differ({}, {}), {}, ask::Format::text) == "no differences in 2 answers\n");
  CHECK(nlohmann::json::parse(ask::render(differ({}, {}), {}, ask::Format::json))["changes"].empty());
}
