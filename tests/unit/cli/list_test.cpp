// `meshfedc list`, and what commands make of manifests: they are sources like the main file.
#include "cli/command/list.hpp"

#include <doctest/doctest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

std::string service(const std::string& name) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name +
         ", namespace: shop, labels: {shared: \"yes\"}}\nspec: {selector: {app: " + name +
         "}, ports: [{name: http, port: 80}]}\n---\nkind: Deployment\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: {template: {metadata: {labels: {app: " + name +
         "}}, spec: {serviceAccountName: clerk, containers: [{}]}}}\n";
}

/// The starter, and one Service that is found.
struct Found : Shell {
  Found() {
    fs.put("federation.toml",
           *fs.bytes("federation.toml") +
               "[discover.shop]\nmanifests = [\"k8s/**/*.yaml\"]\nselector = { shared = \"yes\" }\nat = "
               "[\"west-mesh\"]\nto = [\"east-mesh\"]\n");
    fs.put("k8s/web.yaml", service("web"));
    environment["HOME"] = "/home";
  }
};

}  // namespace

TEST_CASE("list shows the exports, and where they are declared") {
  Found shell;
  CHECK(shell.run({"list"}) == 0);
  CHECK(shell.out ==
        "EXPORT   HOST                        PORTS      FROM       ACCOUNTS  DECLARED IN\n"
        "httpbin  httpbin.mesh.global         8000/http  west-mesh  httpbin   federation.toml:30\n"
        "web      web.shop.svc.cluster.local  80/http    west-mesh  clerk     k8s/web.yaml:3 (shop)\n");
  CHECK(shell.err.empty());
  CHECK(shell.run({"list", "--discovered"}) == 0);
  CHECK(!contains(shell.out, "httpbin"));
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("list prints JSON with a version") {
  Found shell;
  CHECK(shell.run({"list", "--discovered", "--format", "json"}) == 0);
  const auto json = nlohmann::json::parse(shell.out);
  CHECK(json["version"] == 1);
  REQUIRE(json["exports"].size() == 1);
  CHECK(json["exports"][0]["name"] == "web");
  CHECK(json["exports"][0]["place"] == "k8s/web.yaml:3");
  CHECK(json["exports"][0]["discovered_by"] == "shop");
  CHECK(json["exports"][0]["ports"][0]["number"] == 80);
  CHECK(json["exports"][0]["service_accounts"][0] == "clerk");
}

TEST_CASE("list of what is wrong prints nothing but why") {
  Found shell;
  shell.fs.put("k8s/web.yaml", "a: [\n");
  CHECK(shell.run({"list"}) == 2);
  CHECK(shell.out.empty());
  CHECK(contains(shell.err, "k8s/web.yaml:"));
}

TEST_CASE("a build knows manifests that are as they were, that changed, and that are new") {
  Found shell;
  CHECK(shell.run({"build"}) == 0);
  shell.fs.forget();
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(shell.fs.changes().empty());
  shell.fs.put("k8s/deep/shop.yaml", service("shop"));
  CHECK(shell.run({"check"}) == 1);
  CHECK(shell.run({"build"}) == 0);
  CHECK(shell.fs.exists("out/east-cluster/shop/shop.shop.svc.cluster.local.yaml"));
  std::string moved = service("web");
  moved.replace(moved.find("port: 80"), 8, "port: 81");
  shell.fs.put("k8s/web.yaml", moved);
  CHECK(shell.run({"build", "--exit-code"}) == 1);
  CHECK(contains(*shell.fs.bytes("out/east-cluster/shop/web.shop.svc.cluster.local.yaml"), "port: 81"));
  shell.fs.erase("k8s/deep");
  CHECK(shell.run({"diff"}) == 1);
  CHECK(contains(shell.out, "shop.shop.svc.cluster.local"));
  CHECK(shell.run({"build"}) == 0);
  CHECK(!shell.fs.exists("out/east-cluster/shop/shop.shop.svc.cluster.local.yaml"));
  CHECK(shell.run({"build", "--exit-code"}) == 0);
}

TEST_CASE("the plugin reads manifests below the Application's path, and no others") {
  Found shell;
  CHECK(shell.run({"build", "-o", "-", "--cluster", "east-cluster"}) == 0);
  const std::string built = shell.out;
  CHECK(shell.run({"cmp", "generate", "--cluster", "east-cluster"}) == 0);
  CHECK(shell.out == built);
  shell.fs.put("/elsewhere/shop.yaml", service("shop"));
  shell.fs.put_link("k8s/out.yaml", "/elsewhere/shop.yaml");
  CHECK(shell.run({"cmp", "generate", "--cluster", "east-cluster"}) == 2);
  CHECK(shell.prints == 0);
  CHECK(contains(shell.err, "MF0488"));
}
