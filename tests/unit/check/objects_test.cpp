#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kOut = "[cluster.tokyo-1]\negress = \"gateway\"\n";

std::string tokyo(const std::string& lines) { return replaced(kShop, "[cluster.tokyo-1]\n", kOut + lines + "\n"); }
Lines about(const std::string& toml) { return found(toml, 518, 519); }

TEST_CASE("objects: gateways of one name") {
  CHECK(about(tokyo("egress_gateway.name = \"network-berlin-vpc\"") + kCart) == Lines{"MF0518 \"network-berlin-vpc\""});
  CHECK(about(tokyo("egress_gateway.name = \"network-tokyo-vpc\"") + kCart) == Lines{});  // no such object here
  CHECK(about(tokyo("egress_gateway.name = \"network-berlin-vpc\"\negress_gateway.namespace = \"out\"") + kCart) ==
        Lines{});
  CHECK(about(tokyo("gateway.name = \"egress-gateway\"") + kCart) == Lines{"MF0518 \"egress-gateway\""});
  CHECK(about(tokyo("gateway.name = \"egress-gateway\"\negress_gateway.namespace = \"out\"") + kCart) == Lines{});
  CHECK(about(tokyo("gateway.name = \"network-berlin-vpc\"") + kCart) == Lines{"MF0518 \"network-berlin-vpc\""});
}

TEST_CASE("objects: an Istio Gateway selects the pods of one gateway") {
  const std::string serving =
      replaced(replaced(replaced(kCart, "export.cart", "export.pay"), "[\"berlin\"]", "[\"tokyo\"]"),
               "to = [\"tokyo\"]", "to = [\"berlin\"]");
  const auto gateways = [&](const std::string& lines, const std::string& istio) {
    return found(replaced(tokyo(lines), "istio = \"1.31\"", fmt::format("istio = \"{}\"", istio)) + kCart + serving,
                 524, 524);
  };
  const std::string elsewhere = "egress_gateway = { name = \"eastwest-gateway\", namespace = \"out\" }";
  for (const char* istio : {"1.26", "1.30"}) CHECK(gateways(elsewhere, istio) == Lines{"MF0524 \"eastwest-gateway\""});
  CHECK(gateways(elsewhere, "1.31").empty());  // looks in its own namespace only
  CHECK(gateways("egress_gateway.namespace = \"out\"", "1.30").empty());
  // An existing gateway that is found by the egress gateway's own label.
  const std::string existing =
      "gateway.deploy = false\ngateway.selector = { \"gateway.networking.k8s.io/gateway-name\" = \"egress-gateway\" }";
  CHECK(gateways(existing, "1.31") == Lines{"MF0524 tokyo-1"});
  CHECK(gateways(existing + "\negress_gateway.namespace = \"out\"", "1.30").size() == 1);
  CHECK(gateways(existing + "\negress_gateway.namespace = \"out\"", "1.31").empty());
  CHECK(gateways("gateway.deploy = false\ngateway.selector = { istio = \"eastwest\" }", "1.30").empty());
}

TEST_CASE("objects: a gateway in another namespace meets nobody there") {
  const std::string away = "gateway.namespace = \"ingress\"\n";
  CHECK(about(tokyo(away + "gateway.name = \"egress-gateway\"") + kCart) == Lines{});
  CHECK(about(tokyo(away + "gateway.name = \"egress-gateway\"\negress_gateway.namespace = \"ingress\"") + kCart) ==
        Lines{"MF0518 \"egress-gateway\""});
  CHECK(about(tokyo(away + "gateway.name = \"network-berlin-vpc\"") + kCart) == Lines{});
  const std::string service = replaced(replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\""),
                                       "namespace = \"cart\"", "namespace = \"ingress\"") +
                              "service = \"eastwest-gateway-istio\"\n";
  CHECK(about(tokyo(away) + service) == Lines{"MF0518 \"eastwest-gateway-istio\""});
  CHECK(about(tokyo("") + service) == Lines{});
}

TEST_CASE("objects: an Istio Gateway and the way out to a network") {
  const std::string serving = replaced(replaced(kCart, "export.cart", "export.pay"), "[\"berlin\"]", "[\"tokyo\"]");
  const std::string named = tokyo("gateway.name = \"egress-to-berlin-vpc\"") + kCart;
  CHECK(about(named) == Lines{});  // nothing is served from there, so it has no Istio Gateway
  CHECK(about(named + replaced(serving, "to = [\"tokyo\"]", "to = [\"berlin\"]")) ==
        Lines{"MF0518 \"egress-to-berlin-vpc\""});
}

TEST_CASE("objects: Services") {
  const std::string service = R"([export.cart]
naming = "service"
namespace = "istio-system"
service = "SERVICE"
ports = [{ name = "http", number = 8080 }]
from = ["berlin"]
to = ["tokyo"]
service_accounts = ["cart"]
)";
  const auto named = [&](const std::string& name) { return replaced(service, "SERVICE", name); };
  CHECK(about(tokyo("") + named("egress-gateway-istio")) == Lines{"MF0518 \"egress-gateway-istio\""});
  CHECK(about(kShop + named("eastwest-gateway-istio")) == Lines{"MF0518 \"eastwest-gateway-istio\""});
  CHECK(about(tokyo("") + named("egress-to-berlin-vpc")) == Lines{});
  CHECK(about(tokyo("egress_gateway.backend = \"endpointslice\"") + named("egress-to-berlin-vpc")) ==
        Lines{"MF0518 \"egress-to-berlin-vpc\""});
}

TEST_CASE("objects: hosts that stand for the gateways of a network") {
  const std::string host = "host = \"berlin-vpc.gateway.mesh.global\"\n";
  CHECK(about(tokyo("") + kCart + host) == Lines{"MF0518 \"berlin-vpc.gateway.mesh.global\""});
  CHECK(about(kShop + kCart + host) == Lines{});
}

TEST_CASE("objects: Services begin with a letter") {
  const auto letters = [](const std::string& toml) { return found(toml, 530, 531); };
  const std::string digit = replaced(kCart, "export.cart", "export.9to5");
  const auto service = [](const std::string& toml) {
    return replaced(toml, "canonical_name = \"cart\"", "naming = \"service\"");
  };
  CHECK(letters(kShop + digit) == Lines{});
  CHECK(letters(kShop + service(digit)) == Lines{"MF0530 9to5"});
  CHECK(letters(kShop + service(digit) + "service = \"office\"\n") == Lines{});
  CHECK(letters(kShop + service(kCart) + "service = \"9to5\"\n") == Lines{"MF0530 \"9to5\""});
  const auto gateway = [](const std::string& lines) {
    const std::string address = "gateway.addresses = [\"203.0.113.7\"]\n";
    return replaced(kShop, address, address + lines);
  };
  CHECK(letters(gateway("gateway.name = \"1-in\"\n")) == Lines{"MF0530 \"1-in\""});
  CHECK(letters(gateway("gateway.name = \"1-in\"\ngateway.deploy = false\ngateway.selector = { a = \"b\" }\n")) ==
        Lines{});
  const std::string out = "egress_gateway.name = \"1-out\"\n";
  CHECK(letters(gateway(out) + kCart) == Lines{});
  CHECK(letters(gateway(out + "egress = \"gateway\"\n") + kCart) == Lines{"MF0530 \"1-out\""});
}

TEST_CASE("objects: names have limits") {
  const std::string l57(57, 'a');
  const std::string l58(58, 'a');
  const std::string address = "gateway.addresses = [\"203.0.113.7\"]";
  CHECK(about(replaced(kShop, address, address + "\ngateway.name = \"" + l57 + "\"")) == Lines{});
  CHECK(about(replaced(kShop, address, address + "\ngateway.name = \"" + l58 + "\"")) ==
        Lines{"MF0519 \"" + l58 + "\""});
  CHECK(about(tokyo("egress_gateway.name = \"" + l58 + "\"") + kCart) == Lines{"MF0519 \"" + l58 + "\""});
}

TEST_CASE("objects: networks are named in what leads to them") {
  const auto renamed = [](std::string toml, const std::string& name) {
    for (std::size_t at = 0; (at = toml.find("berlin-vpc", at)) != std::string::npos;) toml.replace(at, 10, name);
    return toml;
  };
  const std::string l53(53, 'n');
  const std::string l54(54, 'n');
  const std::string l56(56, 'n');
  CHECK(about(renamed(kShop + kCart, l54)) == Lines{});
  CHECK(about(renamed(kShop + kCart, l56)) == Lines{"MF0519 " + l56});
  CHECK(about(renamed(kShop, l56)) == Lines{});  // nobody consumes from there
  CHECK(about(renamed(tokyo("") + kCart, l53)) == Lines{});
  CHECK(about(renamed(tokyo("") + kCart, l54)) == Lines{"MF0519 " + l54});
}

TEST_CASE("objects: the SNI is the longest name of a host") {
  const std::string label(60, 'h');
  const std::string tail(20, 't');
  const auto host = [&](std::size_t last) {
    return "host = \"" + label + "." + label + "." + label + "." + std::string(last, 'x') + ".mesh.global\"\n";
  };
  // outbound_.8080_._. is 18 bytes, so 237 are left.
  const std::size_t room = 237 - 3 * 61 - 12;
  CHECK(about(kShop + kCart + host(room)) == Lines{});
  CHECK(about(kShop + kCart + host(room + 1)).size() == 1);
}

}  // namespace
}  // namespace meshfed::testing
