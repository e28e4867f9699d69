#include "ask/facts_file.hpp"

#include <doctest/doctest.h>

#include "sites.hpp"
#include "yaml/literal.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

std::string problem_in(const std::string& text) {
  const yaml::Reading reading = yaml::read(text);
  REQUIRE(reading.problem.empty());
  interpret::Facts facts;
  return ask::read_facts(reading.documents.front(), facts);
}

}  // namespace

TEST_CASE("facts that were written are read again") {
  interpret::Facts facts = two_clusters();
  facts.assumptions = {"all is well"};
  facts.clusters[0].gateways = {{.ns = "gates", .name = "old", .labels = {{"istio", "ew"}}, .view = true}};
  facts.clusters[0].objects = {yaml::Map{{"kind", "Service"}, {"spec", yaml::Map{{"ports", yaml::List{80}}}}}};
  const std::string text = ask::to_json(facts);
  const yaml::Reading reading = yaml::read(text);
  REQUIRE_MESSAGE(reading.problem.empty(), reading.problem);
  interpret::Facts again;
  CHECK(ask::read_facts(reading.documents.front(), again) == "");
  CHECK(ask::to_json(again) == text);
}

TEST_CASE("what is not understood of facts is said") {
  const struct {
    const char* text;
    const char* problem;
  } kCases[] = {
      {"{version: 2}", "their version is 2, not 1"},
      {"{version: 1, cluster: []}", "these keys are unknown, missing or of another type: cluster"},
      {"{version: 1, clusters: [{name: a, network: b, istio: '1.30', dns_captured: true}]}",
       "these keys are unknown, missing or of another type: clusters.dns_captured"},
      {"{version: 1, clusters: [{name: a, istio: '1.30.2'}]}",
       "these keys are unknown, missing or of another type: clusters.network"},
      {"{version: 1, clusters: [{name: a, network: b, istio: '2.0'}]}",
       "these keys are unknown, missing or of another type: clusters.istio"},
      {"{version: 1, clusters: [{name: a, network: b, istio: '1.30', dns_capture: often}]}",
       "these keys are unknown, missing or of another type: clusters.dns_capture"},
      {"{version: 1, clusters: [{name: a, network: b, istio: '1.30'}, {name: a, network: b, istio: '1.30'}]}",
       "cluster `a` is there twice"},
      {"{version: 1, clusters: [{name: a, network: b, istio: '1.30'}]}", ""},
  };
  for (const auto& [text, problem] : kCases) CHECK(problem_in(text) == problem);
}
