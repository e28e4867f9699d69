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

TEST_CASE("a DestinationRule is looked for at the client, then at the host, then in the root namespace") {
  const struct {
    std::string what;
    std::string rules;
    const char* names;
  } kCases[] = {
      {"none", "", ""},
      {"the host's", rule("a", "shop", "host: pay"), "a"},
      {"the host's own", rule("a", "shop", "host: pay, exportTo: [\".\"]"), ""},
      {"the client's goes first",
       rule("a", "shop", "host: pay") + rule("b", "bank", "host: pay.shop.svc.cluster.local"), "b"},
      {"the root's goes last",
       rule("a", "shop", "host: pay") + rule("b", "istio-system", "host: pay.shop.svc.cluster.local"), "a"},
      {"the root's", rule("b", "istio-system", "host: \"*.local\""), "b"},
      {"the longest wildcard",
       rule("b", "istio-system", "host: \"*.local\"") + rule("c", "istio-system", "host: \"*.svc.cluster.local\""),
       "c"},
      {"both of one namespace, by name", rule("b", "shop", "host: pay") + rule("a", "shop", "host: pay"), "a b"},
  };
  for (const auto& [what, rules, names] : kCases) {
    const Site site(cluster_facts("east", "east"), rules + kService);
    const Proxy proxy{.cluster = site.cluster, .ns = "bank"};
    const interpret::Found found = interpret::find_service(proxy, "pay.shop.svc.cluster.local");
    std::string text;
    for (const auto* one : interpret::find_rule(proxy, *found.service, "pay.shop.svc.cluster.local").from)
      text += (text.empty() ? "" : " ") + one->name;
    CHECK_MESSAGE(text == names, what);
  }
}

TEST_CASE("of rules that are merged the first policy counts, and subsets add up") {
  const Site site(cluster_facts("east", "east"),
                  rule("a", "shop", "host: pay, subsets: [{name: v1}]") +
                      rule("b", "shop", "host: pay, subsets: [{name: v2}], trafficPolicy: {tls: {mode: DISABLE}}") +
                      rule("c", "shop", "host: pay, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}") + kService);
  const Proxy proxy{.cluster = site.cluster, .ns = "bank"};
  const auto found = interpret::find_service(proxy, "pay.shop.svc.cluster.local");
  const interpret::Rule merged = interpret::find_rule(proxy, *found.service, "pay.shop.svc.cluster.local");
  CHECK(merged.policy(80)->tls->mode == interpret::TlsMode::disable);
  CHECK(merged.subsets().size() == 2);
}

TEST_CASE("a port's policy inherits nothing") {
  const Site site(cluster_facts("east", "east"),
                  rule("a", "shop",
                       "host: pay, trafficPolicy: {outlierDetection: {}, portLevelSettings: [{port: {number: 80}, "
                       "tls: {mode: DISABLE}}]}") +
                      kService);
  const Proxy proxy{.cluster = site.cluster, .ns = "bank"};
  const auto found = interpret::find_service(proxy, "pay.shop.svc.cluster.local");
  const interpret::Rule one = interpret::find_rule(proxy, *found.service, "pay.shop.svc.cluster.local");
  CHECK((one.policy(80)->tls && !one.policy(80)->outlier));
  CHECK((!one.policy(81)->tls && one.policy(81)->outlier));
}
