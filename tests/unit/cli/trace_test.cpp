#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

using Words = std::vector<std::string>;

constexpr const char* kHost = "httpbin.mesh.global";
constexpr const char* kGatewayFile = "out/west-cluster/istio-system/eastwest-gateway.yaml";

int traced(Shell& shell, Words arguments) {
  arguments.insert(arguments.begin(), "trace");
  shell.fs.forget();
  const int exit = shell.run(arguments);
  CHECK(shell.fs.changes().empty());
  return exit;
}

}  // namespace

TEST_CASE("trace follows a call through what the source compiles to") {
  Shell shell;
  CHECK(traced(shell, {"east-cluster", kHost}) == 0);
  CHECK(shell.out.starts_with("reached: east-cluster calls httpbin.mesh.global:8000\n"));
  CHECK(contains(shell.out, "   50 %  answered by httpbin/httpbin of cluster east-cluster, port 80\n"));
  CHECK(contains(shell.out, "   50 %  answered by httpbin/httpbin of cluster west-cluster, port 80\n"));
  CHECK(contains(shell.out, "by Gateway.networking.istio.io/istio-system/eastwest-gateway, spec.servers\n"));
  CHECK(contains(shell.out, "\nTaken for granted:\n"));
}

TEST_CASE("trace says why a call ends, and 1") {
  Shell shell;
  CHECK(traced(shell, {"west-cluster", "other.mesh.global"}) == 1);
  CHECK(shell.out.starts_with("unresolved: west-cluster calls other.mesh.global\n"));
  CHECK(
      contains(shell.out, "west-cluster: error[MF1101]: cluster \"west-cluster\" has no Service or ServiceEntry for "));
}

TEST_CASE("trace reads a directory as it stands") {
  Shell shell;
  shell.run({"build"});
  CHECK(traced(shell, {"east-cluster", kHost, "-o", "out"}) == 0);
  std::string gateway = *shell.fs.bytes(kGatewayFile);
  gateway.replace(gateway.find("number: 15443"), 13, "number: 15444");
  shell.fs.put(kGatewayFile, gateway);
  CHECK(traced(shell, {"east-cluster", kHost, "-o", "out"}) == 1);
  CHECK(shell.out.starts_with("partly: "));
  CHECK(contains(shell.out, "error[MF1109]"));
  CHECK(traced(shell, {"east-cluster", kHost}) == 0);

  shell.fs.put(kGatewayFile, "a: [");
  CHECK(traced(shell, {"east-cluster", kHost, "-o", "out"}) == 2);
  CHECK(shell.out.empty());
  CHECK(contains(shell.err, "MF1126"));
}

TEST_CASE("facts are printed, and read instead of the source") {
  Shell shell;
  CHECK(shell.run({"facts"}) == 0);
  const nlohmann::json facts = nlohmann::json::parse(shell.out);
  CHECK(facts["version"] == 1);
  CHECK(facts["clusters"].size() == 2);
  CHECK(facts["doors"][0]["address"] == "203.0.113.1");
  shell.fs.put("facts.json", shell.out);
  CHECK(traced(shell, {"east-cluster", kHost, "--facts", "facts.json"}) == 0);
  shell.fs.put("facts.json", "{version: 1, future: 2}");
  CHECK(traced(shell, {"east-cluster", kHost, "--facts", "facts.json"}) == 2);
  CHECK(contains(shell.err, "MF1124"));
  CHECK(traced(shell, {"east-cluster", kHost, "--facts", "nowhere.json"}) == 4);
}

TEST_CASE("facts say how a mesh is told of its callers' trust domains") {
  Shell shell;
  shell.replace("[mesh.west-mesh]", "[mesh.west-mesh]\ntrust_domain = \"west.example\"");
  const auto west = [&] {
    CHECK(shell.run({"facts"}) == 0);
    return nlohmann::json::parse(shell.out)["clusters"][1];
  };
  CHECK(west()["accepted_domains"] == nlohmann::json{"cluster.local"});
  CHECK(west()["domain_aliases"].empty());
  shell.replace("[mesh.west-mesh]", "[trust]\ndomains = \"aliases\"\n[mesh.west-mesh]");
  CHECK(west()["accepted_domains"].empty());
  CHECK(west()["domain_aliases"] == nlohmann::json{"cluster.local"});
}

TEST_CASE("facts have the Service of an egress gateway that is there already") {
  Shell shell;
  shell.replace(
      "network = \"east-network\"",
      "network = \"east-network\"\negress = \"gateway\"\negress_gateway = { deploy = false, service = \"out\", "
      "selector = { app = \"out\" }, ports = [80, 15443] }");
  CHECK(shell.run({"facts"}) == 0);
  const nlohmann::json objects = nlohmann::json::parse(shell.out)["clusters"][0]["objects"];
  REQUIRE(objects.size() == 1);
  CHECK(objects[0]["metadata"]["name"] == "out");
  CHECK(objects[0]["spec"]["ports"][1]["port"] == 15443);
  CHECK(traced(shell, {"east-cluster", kHost}) == 0);
  CHECK(contains(shell.out, "   50 %  answered by httpbin/httpbin of cluster west-cluster, port 80\n"));
}

TEST_CASE("tables are JSON with a version") {
  Shell shell;
  CHECK(traced(shell, {"--all", "--format", "json"}) == 0);
  const nlohmann::json table = nlohmann::json::parse(shell.out);
  CHECK(table["version"] == 1);
  REQUIRE(table["answers"].size() == 2);
  CHECK(table["answers"][0]["verdict"] == "reached");
  CHECK(table["answers"][0]["endpoints"].size() == 2);
  CHECK(traced(shell, {"--to", kHost}) == 0);
  CHECK(traced(shell, {"east-cluster", "--format", "markdown"}) == 0);
  CHECK(contains(shell.out, "| east-cluster | httpbin.mesh.global:8000 | reached |"));
}

TEST_CASE("what is asked must make sense") {
  Shell shell;
  for (const Words& words : {Words{}, Words{"a", "b", "--all"}, Words{"--to", "a", "--all"}, Words{"a/b"},
                             Words{"a/b/c/d", "h"}, Words{"a", "h:x"}, Words{"a", "h:70000"}})
    CHECK(traced(shell, words) == 64);
  CHECK(traced(shell, {"east-clutser", kHost}) == 2);
  CHECK(contains(shell.err, "did you mean `east-cluster`?"));
}

TEST_CASE("exposure lists what gateways pass") {
  Shell shell;
  CHECK(shell.run({"exposure"}) == 0);
  CHECK(shell.out ==
        "west-cluster  istio-system/eastwest-gateway-istio port 15443  outbound_.8000_._.httpbin.mesh.global  for "
        "east-cluster\n");
  CHECK(shell.run({"exposure", "east-cluster"}) == 0);
  CHECK(shell.out.empty());
  CHECK(shell.run({"exposure", "nowhere"}) == 2);
}
