// `meshfedc show`, and the kinds of `meshfedc list`.
#include "cli/command/show.hpp"

#include <doctest/doctest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

nlohmann::json json_of(Shell& shell, std::vector<std::string> line) {
  line.insert(line.end(), {"--format", "json"});
  CHECK(shell.run(line) == 0);
  return nlohmann::json::parse(shell.out);
}

}  // namespace

TEST_CASE("show tells everything about a cluster") {
  Shell shell;
  CHECK(shell.run({"show", "east-cluster"}) == 0);
  CHECK(shell.out == R"(Cluster:      east-cluster
Mesh:         east-mesh
Network:      east-network
Istio:        1.31
Gateway:      none
Declared in:  federation.toml:21

Consumes:
  HOST                 PORTS      SOURCE             WAY     WEIGHT
  httpbin.mesh.global  8000/http  its own workloads  local   -
                                  west-network       direct  -

Files:
  PATH
  httpbin/httpbin.mesh.global.yaml
  httpbin/kustomization.yaml
  istio-system/kustomization.yaml
  istio-system/mesh.yaml
  istio-system/network-west-network.yaml
  kustomization.yaml
)");
  CHECK(shell.err.empty());
  CHECK(shell.fs.changes().empty());
  CHECK(shell.run({"show", "west-cluster"}) == 0);
  CHECK(contains(shell.out, "Gateway:      istio-system/eastwest-gateway\nAddresses:    203.0.113.1:15443\n"));
  CHECK(contains(shell.out,
                 "\nServes:\n  HOST                 PORTS      CONSUMED BY\n"
                 "  httpbin.mesh.global  8000/http  east-cluster\n"));
}

TEST_CASE("show tells everything about a host, by its name, its export's and its aliases'") {
  Shell shell;
  shell.replace("namespace = \"httpbin\" ", "alias = [\"bin.example\"]\nnamespace = \"httpbin\" ");
  CHECK(shell.run({"show", "httpbin.mesh.global"}) == 0);
  const std::string shown = shell.out;
  CHECK(contains(shown, "Host:         httpbin.mesh.global\nAliases:      bin.example\nExport:       httpbin\n"));
  CHECK(contains(
      shown,
      "\nServed by:\n"
      "  CLUSTER       NETWORK       FOR            NAMESPACE  PODS                    ACCOUNTS  GATEWAY\n"
      "  west-cluster  west-network  all consumers  httpbin    canonical-name=httpbin  httpbin   203.0.113.1:15443\n"
      "  east-cluster  east-network  itself         httpbin    canonical-name=httpbin  httpbin   -\n"));
  CHECK(contains(shown,
                 "\nConsumed by:\n"
                 "  CLUSTER       MESH       NAMESPACE  SOURCE             WAY     WEIGHT\n"
                 "  east-cluster  east-mesh  httpbin    its own workloads  local   -\n"
                 "                                      west-network       direct  -\n"));
  for (const char* name : {"httpbin", "bin.example", "export:httpbin", "host:bin.example"}) {
    CHECK(shell.run({"show", name}) == 0);
    CHECK(shell.out == shown);
  }
}

TEST_CASE("show tells the clusters of a mesh and of a network, and what goes in and out") {
  Shell shell;
  CHECK(shell.run({"show", "east-mesh"}) == 0);
  CHECK(contains(shell.out, "Trust domain:    cluster.local\n"));
  CHECK(contains(shell.out,
                 "\nConsumes:\n  HOST                 PORTS      IN            SERVED BY\n"
                 "  httpbin.mesh.global  8000/http  east-cluster  west-cluster\n"));
  CHECK(shell.run({"show", "west-network", "federation.toml"}) == 0);
  CHECK(contains(shell.out, "Egress port:  15443\n"));
  CHECK(contains(shell.out, "\nServes:\n"));
}

TEST_CASE("show prints ways, weights and shares") {
  Shell shell;
  shell.replace("[export.httpbin]", "[export.httpbin]\nweight = 3");
  shell.replace("dns_capture = true", "egress = \"gateway\"\ndns_capture = true");
  CHECK(shell.run({"show", "east-cluster"}) == 0);
  CHECK(contains(shell.out, "its own workloads  local           1 each\n"));
  CHECK(contains(shell.out, "west-network       egress gateway  3\n"));
  CHECK(contains(shell.out, "Egress gateway:  istio-system/egress-gateway\n"));
  const auto json = json_of(shell, {"show", "east-cluster"});
  CHECK(json["version"] == 1);
  const auto sources = json["cluster"]["consumes"][0]["sources"];
  CHECK(sources[0] == nlohmann::json{{"way", "local"}, {"weight", 1}});
  CHECK(sources[1] == nlohmann::json{{"way", "egress"},
                                     {"network", "west-network"},
                                     {"clusters", {"west-cluster"}},
                                     {"addresses", {"203.0.113.1:15443"}},
                                     {"weight", 3}});
}

TEST_CASE("show of a name that nothing has is one report, and prints nothing") {
  Shell shell;
  CHECK(shell.run({"show", "wset-cluster"}) == 2);
  CHECK(shell.out.empty());
  CHECK(shell.err ==
        "meshfedc: error[MF1130]: no mesh, network, cluster, export or host is called `wset-cluster`\n"
        "  = help: did you mean `west-cluster`?\n  = see `meshfedc explain MF1130`\n\n1 error\n");
  CHECK(shell.run({"show"}) == 64);
  CHECK(shell.run({"show", "east-cluster", "west-cluster"}) == 64);
}

TEST_CASE("show prints Markdown") {
  Shell shell;
  CHECK(shell.run({"show", "mesh:west-mesh", "--format", "markdown"}) == 0);
  CHECK(shell.out.starts_with("## Mesh west-mesh\n\n| field | value |\n|---|---|\n| mesh | west-mesh |\n"));
  CHECK(contains(shell.out, "\n### Serves\n\n| HOST | PORTS | IN | CONSUMED BY |\n"));
}

TEST_CASE("list prints what it is asked for, one line each") {
  Shell shell;
  CHECK(shell.run({"list", "clusters"}) == 0);
  CHECK(shell.out ==
        "CLUSTER       MESH       NETWORK       ISTIO  GATEWAY            SERVES  CONSUMES\n"
        "east-cluster  east-mesh  east-network  1.31   -                  0       1\n"
        "west-cluster  west-mesh  west-network  1.31   203.0.113.1:15443  1       0\n");
  CHECK(shell.run({"list", "hosts", "federation.toml"}) == 0);
  CHECK(shell.out ==
        "HOST                 EXPORT   PORTS      SERVED BY     CONSUMED BY\n"
        "httpbin.mesh.global  httpbin  8000/http  west-cluster  east-cluster\n");
  CHECK(shell.run({"list", "meshes"}) == 0);
  CHECK(shell.out ==
        "MESH       CLUSTERS      NETWORKS      TRUST DOMAIN   SERVES  CONSUMES\n"
        "east-mesh  east-cluster  east-network  cluster.local  0       1\n"
        "west-mesh  west-cluster  west-network  cluster.local  1       0\n");
  CHECK(shell.run({"list", "network"}) == 0);
  CHECK(contains(shell.out, "\nwest-network  west-mesh  west-cluster  203.0.113.1:15443  1       0\n"));
  CHECK(shell.run({"list", "exports"}) == 0);
  const std::string exports = shell.out;
  CHECK(shell.run({"list"}) == 0);
  CHECK(shell.out == exports);
  CHECK(shell.run({"list", "hosts", "--format", "markdown"}) == 0);
  CHECK(shell.out.starts_with("| HOST | EXPORT | PORTS | SERVED BY | CONSUMED BY |\n|---|---|---|---|---|\n"));
}

TEST_CASE("list can be narrowed to clusters and to a mesh") {
  Shell shell;
  CHECK(json_of(shell, {"list", "clusters", "--mesh", "east-mesh"})["clusters"].size() == 1);
  CHECK(json_of(shell, {"list", "meshes", "--cluster", "west-cluster"})["meshes"][0]["name"] == "west-mesh");
  CHECK(json_of(shell, {"list", "networks", "--cluster", "west-cluster"})["networks"].size() == 1);
  CHECK(json_of(shell, {"list", "hosts", "--cluster", "east-cluster"})["hosts"].size() == 1);
  CHECK(shell.run({"list", "--cluster", "wset-cluster", "--mesh", "wset-mesh"}) == 2);
  CHECK(contains(shell.err, "error[MF0010]"));
  CHECK(contains(shell.err, "error[MF1130]: no mesh is called `wset-mesh`\n  = help: did you mean `west-mesh`?"));
  CHECK(shell.out.empty());
}

TEST_CASE("list of an unknown kind says which there are") {
  Shell shell;
  CHECK(shell.run({"list", "clutsers"}) == 64);
  CHECK(contains(shell.err, "`clutsers` is not a kind of things; did you mean `clusters`?"));
  CHECK(shell.run({"list", "a.toml", "b.toml"}) == 64);
}

TEST_CASE("schema prints the schemas of list and show") {
  Shell shell;
  for (const char* of : {"list", "show"}) {
    CHECK(shell.run({"schema", of}) == 0);
    CHECK(nlohmann::json::parse(shell.out)["properties"]["version"]["const"] == 1);
    CHECK(shell.run({"schema", of, "--format", "markdown"}) == 64);
  }
}
