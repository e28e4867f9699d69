// What a router in front of a gateway changes, on both sides of it.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "unit/check/shop.hpp"
#include "unit/lower/planned.hpp"

namespace meshfed::testing {
namespace {

const std::string kRouter = "gateway.router = { addresses = [\"192.0.2.1\"] }";

/// Two ports of the cart, which Berlin serves. `gateway` is what Berlin's gateway says, `tokyo` what Tokyo says.
std::string cart(const std::string& gateway, const std::string& exported = "", const std::string& tokyo = "") {
  std::string text = kShop + tokyo + kCart + exported;
  const auto replace = [&](std::string_view from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  replace("gateway.addresses = [\"198.51.100.10\"]", gateway);
  replace("{ name = \"http\", number = 8080 }",
          "{ name = \"tcp\", number = 9000 }, { name = \"http\", number = 8080 }");
  return text;
}

std::vector<k8s::Resource> objects(const std::string& toml, std::string_view cluster) {
  const k8s::ClusterPlan plan = plan_of(toml, cluster);
  std::vector<k8s::Resource> all;
  for (const k8s::File& file : plan.files) all.insert(all.end(), file.resources.begin(), file.resources.end());
  return all;
}

template <class Kind>
std::vector<Kind> of_kind(const std::vector<k8s::Resource>& all) {
  std::vector<Kind> found;
  for (const k8s::Resource& resource : all) {
    if (const auto* kind = std::get_if<Kind>(&resource)) found.push_back(*kind);
  }
  return found;
}

TEST_CASE("routers: the exporter has a Route and another name at its gateway for each port") {
  const auto all = objects(cart(kRouter), "berlin-1");
  const auto routes = of_kind<k8s::Route>(all);
  const auto filters = of_kind<k8s::EnvoyFilter>(all);
  REQUIRE(routes.size() == 2);
  REQUIRE(filters.size() == 2);
  CHECK(routes[0].host == "cart-8080.mesh.global");
  CHECK(routes[0].meta.name == "cart-8080.mesh.global");
  CHECK(routes[0].meta.ns == "istio-system");
  CHECK(routes[0].service == "eastwest-gateway-istio");
  CHECK(routes[1].host == "cart-9000.mesh.global");
  CHECK(filters[0].sni == "outbound_.8080_._.cart.mesh.global");
  CHECK(filters[0].server_names == std::vector<std::string>{"cart-8080.mesh.global"});
  CHECK(filters[0].workload_selector == of_kind<k8s::IstioGateway>(all).front().selector);
}

TEST_CASE("routers: nobody outside dials the gateway's Service") {
  constexpr const char* kType = "networking.istio.io/service-type";
  const auto type = [&](const std::string& more) {
    const auto meta = of_kind<k8s::Gateway>(objects(cart(kRouter + more), "berlin-1")).front().meta;
    return meta.annotations.contains(kType) ? meta.annotations.at(kType) : "";
  };
  CHECK(type("") == "ClusterIP");
  CHECK(type("\ngateway.service_type = \"LoadBalancer\"").empty());
}

TEST_CASE("routers: the importer dials port 443, and asks for each port by its name") {
  const auto all = objects(cart(kRouter), "tokyo-1");
  const auto gateways = of_kind<k8s::Gateway>(all);
  const k8s::Gateway& remote = gateways.back();
  CHECK(remote.class_name == "istio-remote");
  CHECK(remote.listeners.front().port == 443);
  CHECK(remote.addresses.front().value == "192.0.2.1");
  const auto rules = of_kind<k8s::DestinationRule>(all);
  REQUIRE(rules.size() == 1);
  using Ports = std::vector<k8s::DestinationRule::NamedPort>;
  CHECK(rules[0].ports == Ports{{8080, "cart-8080.mesh.global"}, {9000, "cart-9000.mesh.global"}});
  CHECK_FALSE(rules[0].outlier_detection.has_value());  // there is nothing to choose from
  CHECK_FALSE(rules[0].locality_lb.has_value());
}

TEST_CASE("routers: where there is a choice, the rule has all of it") {
  for (const std::string more : {"merge = [\"tokyo\"]\n", ""}) {
    const std::string two = "gateway.router = { addresses = [\"192.0.2.1\", \"192.0.2.2\"] }";
    const auto rules = of_kind<k8s::DestinationRule>(objects(cart(more.empty() ? two : kRouter, more), "tokyo-1"));
    REQUIRE(rules.size() == 1);
    CHECK(rules[0].outlier_detection.has_value());
    CHECK(rules[0].locality_lb.has_value());
    CHECK(rules[0].ports.size() == 2);
  }
}

TEST_CASE("routers: a gateway without one learns the names of hosts that it serves together with another") {
  const std::string both =
      cart(kRouter + "\naccept = [\"MF0566\"]") +
      "[mesh.rome]\n[network.rome-vpc]\n[cluster.rome-1]\nmesh = \"rome\"\n" +
      "network = \"rome-vpc\"\ngateway = { addresses = [\"192.0.2.9\"], deploy = false, selector = { a = \"b\" }, " +
      "passes = [\"*.global\"] }\n";
  std::string text = both;
  text.replace(text.find("from = [\"berlin\"]"), 17, "from = [\"berlin\", \"rome\"]");
  const auto all = objects(text, "rome-1");
  CHECK(of_kind<k8s::Route>(all).empty());
  CHECK(of_kind<k8s::IstioGateway>(all).empty());  // others pass the host there, by the same filter chain
  const auto filters = of_kind<k8s::EnvoyFilter>(all);
  REQUIRE(filters.size() == 2);
  CHECK(filters[0].workload_selector == k8s::StringMap{{"a", "b"}});
  CHECK(of_kind<k8s::EnvoyFilter>(objects(both, "rome-1")).empty());  // serves nothing of the kind
}

TEST_CASE("routers: one before an existing gateway refers to that one's Service") {
  const std::string gateway =
      "gateway = { router = { addresses = [\"192.0.2.1\"], service = \"gw\" }, deploy = false, selector = { a = \"b\" "
      "} }";
  const auto routes = of_kind<k8s::Route>(objects(cart(gateway), "berlin-1"));
  REQUIRE(routes.size() == 2);
  CHECK(routes[0].service == "gw");
}

TEST_CASE("routers: a pending one is prepared, and not dialled") {
  const std::string pending = cart(kRouter + "\ngateway.pending = true");
  CHECK(of_kind<k8s::Route>(objects(pending, "berlin-1")).size() == 2);
  CHECK(objects(pending, "tokyo-1").size() == objects(cart("gateway.pending = true"), "tokyo-1").size());
}

TEST_CASE("routers: an egress gateway asks by the same names, on port 443") {
  const std::string egress = "egress = \"gateway\"\n";
  const auto by_service = objects(cart(kRouter, "", egress), "tokyo-1");
  const auto services = of_kind<k8s::VirtualService>(by_service);
  REQUIRE(services.size() == 1);
  const std::vector<std::string> names = {"cart-8080.mesh.global", "cart-9000.mesh.global"};
  CHECK(services[0].hosts == names);
  CHECK(services[0].tls[0].match[0].sni_hosts == names);
  CHECK(services[0].tls[0].route[0].port == 443);
  CHECK(of_kind<k8s::IstioGateway>(by_service).back().servers[0].hosts == names);
  const auto routes =
      of_kind<k8s::TlsRoute>(objects(cart(kRouter, "", egress + "egress_gateway.route = \"tlsroute\"\n"), "tokyo-1"));
  REQUIRE(routes.size() == 1);
  CHECK(routes[0].hostnames == names);
  CHECK(routes[0].rules[0].backends[0].port == 443);
}

}  // namespace
}  // namespace meshfed::testing
