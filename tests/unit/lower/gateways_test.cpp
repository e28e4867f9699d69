// Gateways in other namespaces, existing egress gateways, and clusters that read each other.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"
#include "unit/lower/planned.hpp"

namespace meshfed::testing {
namespace {

std::vector<k8s::File> files_of(const std::string& toml, std::string_view cluster) {
  return plan_of(toml, cluster).files;
}

std::vector<std::string> paths(const std::string& toml, std::string_view cluster) {
  std::vector<std::string> paths;
  for (const k8s::File& file : files_of(toml, cluster)) paths.push_back(file.path);
  return paths;
}

template <class Kind>
std::vector<Kind> all(const std::string& toml, std::string_view cluster) {
  std::vector<Kind> found;
  for (const k8s::File& file : files_of(toml, cluster)) {
    for (const k8s::Resource& resource : file.resources) {
      if (const auto* one = std::get_if<Kind>(&resource)) found.push_back(*one);
    }
  }
  return found;
}

using Strings = std::vector<std::string>;

TEST_CASE("a gateway's namespace holds what selects its pods, and no more") {
  const std::string toml =
      replaced(kShop, "gateway.addresses = [\"198.51.100.10\"]",
               "gateway = { addresses = [\"198.51.100.10\"], namespace = \"ingress\" }\nnamespaces = \"create\"") +
      kCart;
  CHECK(paths(toml, "berlin-1") == Strings{"istio-system/mesh.yaml", "ingress/eastwest-gateway.yaml",
                                           "cart/cart.mesh.global.yaml", "namespaces.yaml"});
  for (const k8s::Namespace& ns : all<k8s::Namespace>(toml, "berlin-1"))
    CHECK(ns.meta.labels.contains("istio-injection") == (ns.meta.name == "cart"));
  const std::string shared = replaced(toml, "\"ingress\"", "\"cart\"");
  for (const k8s::Namespace& ns : all<k8s::Namespace>(shared, "berlin-1"))
    CHECK(ns.meta.labels.contains("istio-injection") == (ns.meta.name == "cart"));
}

TEST_CASE("where exports live beside an egress gateway, their workloads are injected") {
  const auto labelled = [](const std::string& ns) {
    const std::string toml = replaced(kShop, "network = \"tokyo-vpc\"\n",
                                      "network = \"tokyo-vpc\"\nnamespaces = \"create\"\negress = \"gateway\"\n"
                                      "egress_gateway.namespace = \"" +
                                          ns + "\"\n") +
                             replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
    Strings names;
    for (const k8s::Namespace& one : all<k8s::Namespace>(toml, "tokyo-1"))
      if (one.meta.labels.contains("istio-injection")) names.push_back(one.meta.name);
    return names;
  };
  CHECK(labelled("cart") == Strings{"cart"});
  CHECK(labelled("egress") == Strings{"cart"});
  CHECK(labelled("istio-system") == Strings{"cart"});
}

TEST_CASE("an existing egress gateway is dialled by its Service and found by its labels") {
  const std::string toml =
      replaced(kShop, "network = \"tokyo-vpc\"\n",
               "network = \"tokyo-vpc\"\negress = \"gateway\"\negress_gateway = { namespace = \"out\", deploy = false, "
               "selector = { a = \"b\" }, service = \"way-out\", ports = [15443] }\n") +
      kCart;
  CHECK(paths(toml, "tokyo-1") == Strings{"istio-system/mesh.yaml", "istio-system/eastwest-gateway.yaml",
                                          "istio-system/network-berlin-vpc.yaml", "out/egress-to-berlin-vpc.yaml",
                                          "cart/cart.mesh.global.yaml"});
  const auto gateways = all<k8s::IstioGateway>(toml, "tokyo-1");
  REQUIRE(gateways.size() == 1);
  CHECK(gateways[0].selector == k8s::StringMap{{"a", "b"}});
  CHECK(gateways[0].meta.ns == "out");
  const auto dialled = all<k8s::Gateway>(toml, "tokyo-1").back().addresses;
  REQUIRE(dialled.size() == 1);
  CHECK(dialled[0].value == "way-out.out.svc.cluster.local");
}

const std::string kTwo = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nremote_secrets = true\n") +
                         "[network.osaka-vpc]\n[cluster.osaka-1]\nmesh = \"tokyo\"\nnetwork = \"osaka-vpc\"\n"
                         "import_namespace = \"imports\"\ngateway.addresses = [\"203.0.113.8\"]\n";

TEST_CASE("clusters that read each other get no endpoints of each other") {
  const std::string toml = kTwo + replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]",
                                           "from = [\"berlin\", \"tokyo\"]\nto = [\"tokyo\"]");
  Strings networks;
  for (const k8s::WorkloadEntry& entry : all<k8s::WorkloadEntry>(toml, "tokyo-1")) networks.push_back(entry.network);
  CHECK(networks == Strings{"berlin-vpc"});
  CHECK(paths(toml, "tokyo-1") == Strings{"istio-system/mesh.yaml", "istio-system/eastwest-gateway.yaml",
                                          "istio-system/network-berlin-vpc.yaml", "cart/cart.mesh.global.yaml"});
  CHECK(all<k8s::DestinationRule>(toml, "tokyo-1").size() == 1);
}

TEST_CASE("who reads a source selects its pods, where they are") {
  const std::string toml = kTwo + replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]",
                                           "from = [\"tokyo-1\"]\nto = [\"osaka-1\", \"berlin\"]");
  CHECK(paths(toml, "osaka-1").back() == "cart/cart.mesh.global.yaml");  // not in import_namespace
  const auto entries = all<k8s::ServiceEntry>(toml, "osaka-1");
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].workload_selector == k8s::StringMap{{"service.istio.io/canonical-name", "cart"}});
  CHECK(entries[0].endpoints.empty());
  CHECK(entries[0].subject_alt_names == Strings{"spiffe://cluster.local/ns/cart/sa/cart"});
  CHECK(all<k8s::DestinationRule>(toml, "osaka-1").empty());  // one gateway, one address: nothing to choose from
  const std::string two = replaced(toml, "[\"203.0.113.7\"]", "[\"203.0.113.7\", \"203.0.113.9\"]");
  CHECK(all<k8s::DestinationRule>(two, "osaka-1").size() == 1);
}

TEST_CASE("pods that a gateway's istiod finds on its own network answer its callers, by accounts of their own") {
  const std::string flat = replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"");
  const std::string toml =
      replaced(flat, "gateway.addresses = [\"203.0.113.8\"]\n", "") +
      replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]",
               "from = [\"tokyo-1\"]\nmerge = [\"osaka-1\"]\nto = [\"berlin\"]\n"
               "at.berlin.alias = [\"cart.berlin.example\"]\nat.osaka-1.service_accounts = [\"own\"]");
  const Strings both{"spiffe://cluster.local/ns/cart/sa/cart", "spiffe://cluster.local/ns/cart/sa/own"};
  const auto entries = all<k8s::ServiceEntry>(toml, "berlin-1");
  REQUIRE(entries.size() == 2);
  for (const k8s::ServiceEntry& entry : entries) CHECK(entry.subject_alt_names == both);
}

TEST_CASE("who merges beside others of its mesh accepts the accounts of their pods, which its istiod finds") {
  const std::string toml =
      replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"") +
      replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]\nat.osaka-1.service_accounts = [\"own\"]");
  for (const std::string cluster : {"tokyo-1", "osaka-1"}) {
    const auto entries = all<k8s::ServiceEntry>(toml, cluster);
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].subject_alt_names ==
          Strings{"spiffe://cluster.local/ns/cart/sa/cart", "spiffe://cluster.local/ns/cart/sa/own"});
  }
}

TEST_CASE("who imports a Service that is merged beside it in its mesh has a choice") {
  const std::string flat =
      replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"") +
      "[export.cart]\nnaming = \"service\"\nnamespace = \"cart\"\nselector.app = \"cart\"\n"
      "ports = [{ name = \"http\", number = 8080, target = 8080 }]\nservice_accounts = [\"cart\"]\n"
      "alias = [\"cart.shop.example\"]\nprefer = \"local\"\n"
      "from = [\"berlin\"]\nmerge = [\"osaka-1\"]\nto = [\"tokyo-1\"]\n";
  const auto rules = all<k8s::DestinationRule>(flat, "tokyo-1");
  REQUIRE(rules.size() == 2);  // one for the alias
  REQUIRE(rules[0].locality_lb.has_value());
  CHECK(rules[0].locality_lb->failover_priority == Strings{"topology.istio.io/network"});
  const auto entries = all<k8s::ServiceEntry>(flat, "tokyo-1");
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].workload_selector == k8s::StringMap{{"app", "cart"}});  // as the Service, of pods and entries
  CHECK(all<k8s::DestinationRule>(replaced(flat, "remote_secrets = true\n", ""), "tokyo-1").empty());
}

}  // namespace
}  // namespace meshfed::testing
