// Routers in front of gateways, and the hosts behind them.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kBerlin = "gateway.addresses = [\"198.51.100.10\"]";
const std::string kRouter = "gateway.router = { addresses = [\"198.51.100.10\"] }";
const std::string kExisting = "\ngateway.deploy = false\ngateway.selector.a = \"b\"";

/// A cluster in Berlin whose gateway says this, and serves the cart to Tokyo.
Lines with_gateway(const std::string& gateway, const std::string& exported = kCart, int first = 502, int last = 579) {
  return found(replaced(kShop, kBerlin, gateway) + exported, first, last);
}

TEST_CASE("routers: addresses are the gateway's or the router's") {
  CHECK(with_gateway(kRouter).empty());
  CHECK(with_gateway(kBerlin + "\n" + kRouter) == Lines{"MF0562 [\"198.51.100.10\"]"});
  CHECK(with_gateway(kRouter + "\ngateway.pending = true") == Lines{"MF0503 true"});
  CHECK(with_gateway("gateway.addresses = 1\n" + kRouter).empty());  // reported already
  CHECK(with_gateway("gateway.router = 1").empty());
  CHECK(with_gateway("gateway.router = {}").empty());
  CHECK(with_gateway("gateway.router = 1", kCart, 200, 299).size() == 1);
  CHECK(with_gateway("gateway.router = {}", kCart, 200, 299).size() == 1);
}

TEST_CASE("routers: rules about addresses are about the router's") {
  CHECK(with_gateway("gateway.router.addresses = [\"10.0.0.1\"]") == Lines{"MF0507 \"10.0.0.1\""});
  CHECK(with_gateway("gateway.router.addresses = [\"a.apps-crc.testing\"]") == Lines{"MF0526 \"a.apps-crc.testing\""});
  CHECK(with_gateway("gateway.router.addresses = [\"203.0.113.7\"]").empty());  // Tokyo's, on another port
}

TEST_CASE("routers: they refer to a Service that is known") {
  CHECK(with_gateway(kRouter + kExisting) == Lines{"MF0563 router"});
  const std::string service = "gateway.router = { addresses = [\"198.51.100.10\"], service = \"gw\" }";
  CHECK(with_gateway(service + kExisting).empty());
  CHECK(with_gateway(service) == Lines{"MF0522 \"gw\""});
  CHECK(with_gateway(replaced(service, "\"gw\"", "1") + kExisting).empty());  // reported already
}

TEST_CASE("routers: they listen on 443") {
  CHECK(with_gateway(kRouter + "\ngateway.port = 443").empty());
  CHECK(with_gateway(kRouter + "\ngateway.port = 15443") == Lines{"MF0529 15443"});
  CHECK(with_gateway(kRouter + "\ngateway.service_type = \"ClusterIP\"").empty());
  CHECK(with_gateway(kRouter + "\ngateway.service_type = \"NodePort\"").empty());
  const std::string view = kRouter + "\ngateway.seen_from.tokyo-vpc = { addresses = [\"{}\"]{} }";
  CHECK(
      with_gateway(kRouter + "\ngateway.seen_from.tokyo-vpc = { addresses = [\"192.0.2.1\"], port = 15443 }").empty());
  CHECK(with_gateway(kRouter + "\ngateway.seen_from.tokyo-vpc = { addresses = [\"198.51.100.10\"], port = 15443 }") ==
        Lines{"MF0529 15443"});
  CHECK(with_gateway(kRouter + "\ngateway.seen_from.tokyo-vpc.addresses = [\"192.0.2.1\"]").empty());
}

TEST_CASE("routers: gateways of one network are dialled on one port, be it a router's") {
  const std::string second =
      "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\ngateway.addresses = [\"198.51.100.11\"]\n";
  CHECK(with_gateway(kRouter, second + kCart) == Lines{"MF0505 router"});
  CHECK(
      with_gateway(kRouter + "\ngateway.port = 443", replaced(second, "11\"]", "11\"]\ngateway.port = 443") + kCart) ==
      Lines{"MF0529 443"});  // of the second, which has no router
}

TEST_CASE("routers: the first label leaves room for a port") {
  const auto named = [](std::size_t bytes, const std::string& port) {
    const std::string host = std::string(bytes, 'a') + ".mesh.global";
    return replaced(replaced(kCart, "8080", port), "canonical_name", "host = \"" + host + "\"\ncanonical_name");
  };
  CHECK(with_gateway(kRouter, named(58, "8080")).empty());
  CHECK(with_gateway(kRouter, named(59, "8080")) == Lines{"MF0564 \"" + std::string(59, 'a') + ".mesh.global\""});
  CHECK(with_gateway(kRouter, named(57, "18080")).empty());
  CHECK(with_gateway(kRouter, named(58, "18080")).size() == 1);
  CHECK(with_gateway(kBerlin, named(63, "18080")).empty());
  const std::string service =
      replaced(kCart, "canonical_name = \"cart\"",
               "naming = \"service\"\nselector.app = \"cart\"\nservice = \"" + std::string(60, 'a') + "\"");
  CHECK(with_gateway(kRouter, service) == Lines{"MF0564 \"" + std::string(60, 'a') + "\""});
}

TEST_CASE("routers: hosts behind them have a rule of ours") {
  const std::string own = kCart + "destination_rule = false\n";
  CHECK(with_gateway(kRouter, own) == Lines{"MF0565 false"});
  CHECK(with_gateway(kBerlin, own).empty());
  CHECK(with_gateway(kRouter, replaced(own, "from = [\"berlin\"]", "from = [\"tokyo\"]")).empty());
  CHECK(with_gateway(kRouter + "\ngateway.pending = true", own) == Lines{"MF0503 true", "MF0565 false"});
  CHECK(with_gateway(kRouter, replaced(own, "to = [\"tokyo\"]\n", "")).empty());  // nobody calls it
}

TEST_CASE("routers: what is merged with a source behind one has sidecars") {
  CHECK(with_gateway(kRouter, replaced(kCart, "to = ", "merge = ")) == Lines{"MF0566 [\"tokyo\"]"});
  CHECK(with_gateway(kBerlin, replaced(kCart, "to = ", "merge = ")).empty());
  const std::string both = replaced(replaced(kCart, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]"),
                                    "to = [\"tokyo\"]", "to = [\"berlin\", \"tokyo\"]");
  CHECK(with_gateway(kRouter, both) == Lines{"MF0566 [\"berlin\", \"tokyo\"]"});
  CHECK(with_gateway(kRouter, both + "accept = [\"MF0566\"]\n").empty());
  CHECK(with_gateway(kRouter + "\naccept = [\"MF0566\"]", both).empty());
}

TEST_CASE("routers: a host below one that has a router is not below its wildcard") {
  const std::string inner =
      replaced(replaced(kCart, "cart]", "inner]"), "canonical_name", "host = \"a.cart.mesh.global\"\ncanonical_name");
  const std::string shop = replaced(kShop, "network = \"tokyo-vpc\"", "network = \"tokyo-vpc\"\negress = \"gateway\"");
  CHECK(found(shop + kCart + inner, 513, 513).size() == 1);
  CHECK(found(replaced(shop, kBerlin, kRouter) + kCart + inner, 513, 513).empty());
}

}  // namespace
}  // namespace meshfed::testing
