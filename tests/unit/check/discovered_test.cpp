// MF045x, MF049x that are rules: what was found in manifests and may be meant otherwise, once all is resolved.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"

namespace meshfed::testing {
namespace {

const std::string kShop = R"(version = 1
[federation]
name = "shop"
[defaults]
istio = "1.31"
mtls = "strict"
dns_capture = true
[mesh.east]
[mesh.west]
[network.east-vpc]
[network.west-vpc]
[cluster.east-1]
mesh = "east"
network = "east-vpc"
[cluster.west-1]
mesh = "west"
network = "west-vpc"
gateway.addresses = ["203.0.113.1"]
[discover.shop]
manifests = ["k8s.yaml"]
selector = { shared = "yes" }
at = ["west"]
to = ["east"]
)";

std::string service(const std::string& name, const std::string& spec) {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name +
         ", namespace: shop, labels: {shared: \"yes\"}}\nspec: {" + spec + "}\n";
}

const std::string kPorts = "ports: [{name: http, port: 80}]";
const std::string kPods =
    "---\nkind: Deployment\nmetadata: {name: a, namespace: shop}\n"
    "spec: {template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: a, containers: [{}]}}}\n";

Lines checked(const std::string& more, const std::string& manifests) {
  MemoryFs fs;
  fs.put("federation.toml", kShop + more);
  fs.put("k8s.yaml", manifests);
  return found(fs, 0, 999);
}

TEST_CASE("discovered: a Service without a selector is in doubt, unless the table says one") {
  const std::string web = service("web", kPorts);
  CHECK(checked("", web) == Lines{"MF0497 web"});
  CHECK(checked("accept = [\"MF0497\"]\n", web).empty());
  CHECK(checked("[export.web]\nselector = { app = \"web\" }\nservice_accounts = [\"a\"]\n", web).empty());
  CHECK(checked("naming = \"global\"\nservice_accounts = [\"a\"]\n", web) == Lines{"MF0408 web"});
}

TEST_CASE("discovered: headless Services, ports of UDP, several accounts") {
  CHECK(checked("", service("web", "clusterIP: None, selector: {app: web}, " + kPorts) + kPods) ==
        Lines{"MF0498 None"});
  const std::string udp = "selector: {app: web}, ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]";
  CHECK(checked("", service("web", udp) + kPods) == Lines{"MF0496 UDP"});
  std::string other = kPods;
  other.replace(other.find("Name: a"), 7, "Name: b");
  CHECK(checked("", service("web", "selector: {app: web}, " + kPorts) + kPods + other) == Lines{"MF0454 web"});
  CHECK(checked("naming = \"global\"\n", service("web", "selector: {app: web}, " + kPorts) + kPods + other).empty());
}

TEST_CASE("discovered: what one of the exports accepts is useful, and what none does is not") {
  const std::string both = service("web", "clusterIP: None, selector: {app: web}, " + kPorts) +
                           service("web-2", "selector: {app: web}, " + kPorts) + kPods;
  CHECK(checked("accept = [\"MF0498\"]\n", both).empty());
  CHECK(checked("accept = [\"MF0498\", \"MF0496\"]\n", both) == Lines{"MF0311 \"MF0496\""});
}

TEST_CASE("discovered: a mistake that exports share is reported once") {
  const std::string both =
      service("web", "selector: {app: web}, " + kPorts) + service("web-2", "selector: {app: web}, " + kPorts) + kPods;
  CHECK(checked("merge = [\"nowhere\"]\n", both) == Lines{"MF0301 \"nowhere\""});
  CHECK(checked("callers = [\"nobody/*\"]\n", both) == Lines{"MF0302 nobody"});
  CHECK(checked("weight = { nothing = 3 }\n", both) == Lines{"MF0303 nothing"});
}

TEST_CASE("discovered: a naming that nobody said repeats nothing") {
  MemoryFs fs;
  fs.put("federation.toml", replaced(kShop, "name = \"shop\"\n", "name = \"shop\"\nnaming = \"service\"\n"));
  fs.put("k8s.yaml", service("web", "selector: {app: web}, " + kPorts) + kPods);
  CHECK(found(fs, 0, 999).empty());
}

TEST_CASE("discovered: a canonical name for the pods leaves their accounts") {
  CHECK(checked("naming = \"global\"\n[export.web]\ncanonical_name = \"web\"\n",
                service("web", "selector: {app: web}, " + kPorts) + kPods)
            .empty());
}

}  // namespace
}  // namespace meshfed::testing
