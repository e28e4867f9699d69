#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kBerlin = R"(gateway.addresses = ["198.51.100.10"])";

Lines about(const std::string& toml) { return found(toml, 501, 511); }
Lines with_gateway(const std::string& gateway) { return found(replaced(kShop + kCart, kBerlin, gateway), 501, 522); }

TEST_CASE("networks: nothing is wrong with the shop") { CHECK(about(kShop + kCart) == Lines{}); }

TEST_CASE("networks: one mesh each") {
  const std::string third = "[mesh.lima]\n[cluster.lima-1]\nmesh = \"lima\"\nnetwork = \"berlin-vpc\"\n";
  CHECK(about(kShop + third) == Lines{"MF0501 \"berlin-vpc\""});
  const std::string fourth = "[cluster.lima-2]\nmesh = \"lima\"\nnetwork = \"berlin-vpc\"\n";
  CHECK(about(kShop + third + fourth) == Lines{"MF0501 \"berlin-vpc\""});
  const std::string same = "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n";
  CHECK(about(kShop + same) == Lines{});
}

TEST_CASE("networks: a gateway has addresses, is pending, or every consumer has a view") {
  CHECK(with_gateway("gateway.port = 30443") == Lines{"MF0502 gateway"});
  CHECK(with_gateway("gateway = { name = \"in\" }") == Lines{"MF0502 gateway"});
  CHECK(with_gateway("gateway.pending = true") == Lines{"MF0503 true"});
  CHECK(with_gateway("gateway.addresses = [\"no_name\"]") == Lines{});  // reported already
  CHECK(with_gateway("gateway.seen_from.tokyo-vpc = { addresses = [\"10.1.2.3\"] }") == Lines{});
  CHECK(found(kShop + "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n"
                      "gateway.seen_from.tokyo-vpc = { addresses = [\"192.0.2.1\"] }\n",
              502, 502) == Lines{"MF0502 gateway"});  // nobody consumes, so nobody has a view
}

TEST_CASE("networks: at most 16 addresses, of all gateways together") {
  std::string many;
  for (int i = 1; i <= 9; ++i) many += "\"192.0.2." + std::to_string(i) + "\", ";
  std::string more;
  for (int i = 9; i <= 16; ++i) more += "\"192.0.2." + std::to_string(i) + "\", ";
  const std::string one = replaced(kShop + kCart, kBerlin, "gateway.addresses = [" + many + "]");
  const std::string second = "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\ngateway.addresses = [";
  CHECK(found(one + second + more + "]\n", 504, 504) == Lines{});  // 192.0.2.9 is one address, written twice
  const std::string all = one + second + more + "\"192.0.2.17\"]\n";
  REQUIRE(found(all, 504, 504).size() == 1);
  CHECK(found(all, 504, 504).front().starts_with("MF0504 [\"192.0.2.9\", "));
  const std::string by_egress = replaced(all, "[cluster.tokyo-1]\n", "[cluster.tokyo-1]\negress = \"gateway\"\n");
  CHECK(found(by_egress, 504, 504) == Lines{});
}

TEST_CASE("networks: one port for each viewer") {
  const std::string second = "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n";
  CHECK(about(kShop + kCart + second + "gateway = { addresses = [\"192.0.2.1\"], port = 30443 }\n") ==
        Lines{"MF0505 30443"});
  CHECK(about(kShop + kCart + second + "gateway = { addresses = [\"192.0.2.1\"], port = 15443 }\n") == Lines{});
  CHECK(about(kShop + kCart + second +
              "gateway.addresses = [\"192.0.2.1\"]\n"
              "gateway.seen_from.tokyo-vpc = { addresses = [\"192.0.2.2\"], port = 443 }\n") == Lines{"MF0505 443"});
  CHECK(about(kShop + second + "gateway = { addresses = [\"192.0.2.1\"], port = 30443 }\n") == Lines{});  // not dialled
}

TEST_CASE("networks: addresses") {
  const std::string view = "\ngateway.seen_from.tokyo-vpc = { addresses = [\"10.1.2.3\"] }";
  CHECK(with_gateway("gateway.addresses = [\"192.0.2.1\", \"2001:db8::1\"]") == Lines{"MF0506 \"2001:db8::1\""});
  CHECK(with_gateway("gateway.addresses = [\"192.0.2.1\", \"in.example.com\"]") == Lines{});
  CHECK(with_gateway("gateway.addresses = [\"10.1.2.3\"]") == Lines{"MF0507 \"10.1.2.3\""});
  CHECK(with_gateway("gateway.addresses = [\"fd00::1\"]") == Lines{"MF0507 \"fd00::1\""});
  CHECK(with_gateway("gateway.addresses = [\"10.9.9.9\"]" + view) == Lines{});  // nobody dials the first
  CHECK(with_gateway("gateway.addresses = [\"127.0.0.1\"]") == Lines{"MF0508 \"127.0.0.1\""});
  CHECK(with_gateway("gateway.addresses = [\"127.0.0.1\"]" + view) == Lines{});
  CHECK(found(replaced(kShop, kBerlin, "gateway.addresses = [\"10.1.2.3\"]"), 507, 507) == Lines{});
}

const std::string kLima = R"([mesh.lima]
[network.lima-vpc]
[cluster.lima-1]
mesh = "lima"
network = "lima-vpc"
gateway.addresses = ["198.51.100.10"]
)";
const std::string kMail = R"([export.mail]
namespace = "mail"
canonical_name = "mail"
ports = [{ name = "http", number = 8080 }]
from = ["lima"]
to = ["tokyo"]
service_accounts = ["mail"]
)";

TEST_CASE("networks: two networks at one address, for somebody who dials both") {
  CHECK(about(kShop + kCart + kLima + kMail) == Lines{"MF0509 \"198.51.100.10\""});
  CHECK(about(kShop + kCart + kLima + replaced(kMail, "[\"tokyo\"]", "[\"berlin\"]")) == Lines{});
  CHECK(about(kShop + kCart + kMail + replaced(kLima, "gateway.", "gateway.port = 443\ngateway.")) == Lines{});
  const std::string view = kLima + "gateway.seen_from.tokyo-vpc.addresses = [\"192.0.2.9\"]\n";
  CHECK(about(kShop + kCart + view + kMail) == Lines{});
}

TEST_CASE("networks: views") {
  const std::string view = "\ngateway.seen_from.";
  CHECK(with_gateway(kBerlin + view + "berlin-vpc.addresses = [\"10.1.2.3\"]") == Lines{"MF0510 berlin-vpc"});
  const std::string lima = replaced(kLima, "198.51.100.10", "192.0.2.8");
  CHECK(found(replaced(kShop + kCart, kBerlin, kBerlin + view + "lima-vpc.addresses = [\"10.1.2.3\"]") + lima, 501,
              522) == Lines{"MF0511 lima-vpc"});
  const std::string both = view + "lima-vpc.addresses = [\"10.1.2.3\"]" + view + "tokyo-vpc.addresses = [\"10.1.2.3\"]";
  const std::string seen = replaced(kShop, kBerlin, kBerlin + both) + lima;
  CHECK(found(seen + replaced(kCart, "[\"tokyo\"]", "[\"lima\", \"tokyo\"]"), 501, 522) ==
        Lines{"MF0521 \"10.1.2.3\""});
}

TEST_CASE("networks: an existing gateway may pass hosts below .local already") {
  const auto existing = [](const std::string& exported, const std::string& shop = kShop) {
    return found(
        replaced(shop, "gateway.addresses = [\"198.51.100.10\"]",
                 "gateway = { addresses = [\"198.51.100.10\"], deploy = false, selector = { istio = \"eastwest\" } }") +
            exported,
        525, 525);
  };
  const std::string service =
      replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"\nselector = { app = \"cart\" }");
  CHECK(existing(service) == Lines{"MF0525 false"});
  CHECK(existing(kCart).empty());  // cart.mesh.global
  CHECK(existing(kCart + "host = \"cart.shop.local\"\n") == Lines{"MF0525 false"});
  const std::string imported =
      replaced(replaced(service, "from = [\"berlin\"]", "from = [\"tokyo\"]"), "to = [\"tokyo\"]", "to = [\"berlin\"]");
  CHECK(existing(imported).empty());  // not passed by this gateway
  CHECK(found(kShop + service, 525, 525).empty());
  const std::string own =
      replaced(kShop, "dns_capture = true\n", "dns_capture = true\ncluster_domain = \"k8s.example\"\n");
  CHECK(existing(service, own).empty());
}

TEST_CASE("networks: a gateway that is already there") {
  CHECK(with_gateway(kBerlin + "\ngateway.deploy = false") == Lines{"MF0520 false"});
  CHECK(with_gateway(kBerlin + "\ngateway.deploy = false\ngateway.selector = { a = \"b\" }") == Lines{});
  CHECK(with_gateway(kBerlin + "\ngateway.selector.a = \"b\"") == Lines{"MF0522 selector"});
  CHECK(with_gateway(kBerlin +
                     "\ngateway.deploy = false\ngateway.selector.a = \"b\"\ngateway.service_type = \"NodePort\"") ==
        Lines{"MF0522 \"NodePort\""});
}

}  // namespace
}  // namespace meshfed::testing
