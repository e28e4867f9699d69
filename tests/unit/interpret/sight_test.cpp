#include "interpret/sight.hpp"

#include <doctest/doctest.h>

#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using interpret::Proxy;

namespace {

std::string entry(const std::string& ns, const std::string& more) {
  return "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: pay, namespace: " + ns +
         "}\nspec: {hosts: [pay.shop.svc.cluster.local], location: MESH_INTERNAL, resolution: STATIC, ports: [{name: "
         "http, number: 80, protocol: HTTP}]" +
         more + "}\n---\n";
}

constexpr const char* kService =
    "apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n";

std::string rule(const std::string& name, const std::string& ns, const std::string& spec) {
  return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: " + name + ", namespace: " + ns +
         "}\nspec: {" + spec + "}\n---\n";
}

/// What a sidecar of the namespace takes the host for: the kind's first word and its namespace.
std::string seen(const interpret::Cluster& cluster, std::string_view ns) {
  const interpret::Found found = interpret::find_service({.cluster = cluster, .ns = ns}, "pay.shop.svc.cluster.local");
  if (!found.service) return found.exists ? "hidden" : "nothing";
  return std::string(found.service->entry ? "entry " : "service ") + found.service->ns;
}

}  // namespace

TEST_CASE("exportTo says who sees a host") {
  const struct {
    const char* export_to;
    const char* shop;
    const char* bank;
  } kCases[] = {
      {"", "entry shop", "entry shop"},
      {", exportTo: [\"*\"]", "entry shop", "entry shop"},
      {", exportTo: [\".\"]", "entry shop", "hidden"},
      {", exportTo: [bank]", "hidden", "entry shop"},
      {", exportTo: [\"~\"]", "hidden", "hidden"},
  };
  for (const auto& [export_to, shop, bank] : kCases) {
    const Site site(cluster_facts("east", "east"), entry("shop", export_to));
    CHECK(seen(site.cluster, "shop") == shop);
    CHECK(seen(site.cluster, "bank") == bank);
  }
}

TEST_CASE("of several objects for one host, the own namespace's counts, then a Service") {
  const Site site(cluster_facts("east", "east"), entry("bank", "") + kService);
  CHECK(seen(site.cluster, "bank") == "entry bank");
  CHECK(seen(site.cluster, "shop") == "service shop");
  CHECK(seen(site.cluster, "other") == "service shop");
}

TEST_CASE("before 1.30 the first that is seen counts") {
  interpret::ClusterFacts facts = cluster_facts("east", "east");
  facts.istio = 29;
  const Site site(facts, entry("bank", "") + kService);
  CHECK(seen(site.cluster, "other") == "entry bank");
}
