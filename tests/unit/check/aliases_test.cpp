// Further hosts of exports.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

std::string with_alias(const std::string& hosts) { return kCart + "alias = [" + hosts + "]\n"; }
Lines alias(const std::string& hosts) { return found(kShop + with_alias(hosts), 400, 519); }

TEST_CASE("aliases: a host of its own") {
  CHECK(alias("\"cart.shop.example\"").empty());
  CHECK(alias("\"cart.mesh.global\"") == Lines{"MF0485 \"cart.mesh.global\""});
  CHECK(alias("\"cart\"") == Lines{"MF0450 \"cart\""});
  CHECK(alias("\"cart.cart.svc.cluster.local\"") == Lines{"MF0441 \"cart.cart.svc.cluster.local\""});
  CHECK(alias("\"cart.cluster.local\"") == Lines{"MF0437 \"cart.cluster.local\""});
  CHECK(alias("\"tokyo-vpc.gateway.mesh.global\"") == Lines{"MF0432 \"tokyo-vpc.gateway.mesh.global\""});
  const std::string label(60, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  CHECK(alias("\"" + longest + "\"") == Lines{"MF0519 \"" + longest + "\""});
}

TEST_CASE("aliases: one export's") {
  const std::string orders = replaced(kCart, "export.cart", "export.orders") + "canonical_name = \"orders\"\n";
  const std::string other = replaced(replaced(kCart, "export.cart", "export.orders"), "canonical_name = \"cart\"",
                                     "canonical_name = \"orders\"");
  const auto both = [&](const std::string& first, const std::string& second) {
    return found(kShop + kCart + first + other + second, 401, 401);
  };
  CHECK(both("alias = [\"a.example\"]\n", "alias = [\"a.example\"]\n") == Lines{"MF0401 \"a.example\""});
  CHECK(both("alias = [\"orders.mesh.global\"]\n", "") == Lines{"MF0401 orders"});
  CHECK(both("alias = [\"a.example\"]\n", "host = \"a.example\"\n") == Lines{"MF0401 \"a.example\""});
  CHECK(both("alias = [\"a.example\"]\n", "alias = [\"b.example\"]\n").empty());
}

TEST_CASE("aliases: the pods are known with naming service") {
  const auto service = [](const std::string& keys, const std::string& port) {
    std::string text =
        replaced(with_alias("\"cart.shop.example\""), "canonical_name = \"cart\"\n", "naming = \"service\"\n" + keys);
    return found(kShop + replaced(text, "number = 8080", port), 400, 499);
  };
  CHECK(service("selector.app = \"cart\"\n", "number = 80, target = 8080").empty());
  CHECK(service("selector.app = \"cart\"\n", "number = 80") == Lines{"MF0484 80"});
  CHECK(service("", "number = 80, target = 8080") == Lines{"MF0422 cart"});
}

TEST_CASE("aliases: one that nobody resolves, or that lies below another host") {
  const std::string off = replaced(kShop, "dns_capture = true\n", "");
  const std::string service = replaced(replaced(with_alias("\"cart.shop.example\""), "canonical_name = \"cart\"",
                                                "naming = \"service\"\nselector.app = \"cart\""),
                                       "number = 8080", "number = 80, target = 8080");
  CHECK(found(off + service, 429, 429) == Lines{"MF0429 tokyo-1"});
  const std::string egress =
      replaced(kShop, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\negress = \"gateway\"\n");
  CHECK(found(egress + with_alias("\"eu.cart.mesh.global\""), 513, 513) == Lines{"MF0513 \"eu.cart.mesh.global\""});
}

TEST_CASE("aliases: of single consumers") {
  const auto at = [](const std::string& who, const std::string& hosts) {
    return "[export.cart.at." + who + "]\nalias = [" + hosts + "]\n";
  };
  const auto placed = [&](const std::string& text) { return found(kShop + text, 400, 519); };
  CHECK(placed(kCart + at("tokyo", "\"cart.tokyo.example\"")).empty());
  CHECK(placed(with_alias("\"a.example\"") + at("tokyo", "\"a.example\"") + at("tokyo-1", "\"a.example\"")).empty());
  CHECK(placed(kCart + at("berlin", "\"a.example\"")) == Lines{"MF0461 [\"a.example\"]"});
  CHECK(placed(kCart + at("tokyo", "\"cart.mesh.global\"")) == Lines{"MF0485 \"cart.mesh.global\""});
  CHECK(placed(kCart + at("tokyo", "\"cart\"")) == Lines{"MF0450 \"cart\""});
  const std::string orders = replaced(replaced(kCart, "export.cart", "export.orders"), "canonical_name = \"cart\"",
                                      "canonical_name = \"orders\"");
  CHECK(placed(kCart + at("tokyo", "\"a.example\"") + orders + "alias = [\"a.example\"]\n") ==
        Lines{"MF0401 \"a.example\""});
}

TEST_CASE("aliases: of a Service, the port of the pods is known wherever it has workloads") {
  const std::string service =
      replaced(kCart, "canonical_name = \"cart\"\n", "naming = \"service\"\nselector.app = \"cart\"\n");
  const auto ports = [&](const std::string& places) {
    return found(kShop + service + "alias = [\"cart.shop.example\"]\n" + places, 400, 499);
  };
  CHECK(ports("") == Lines{"MF0484 8080"});
  CHECK(ports("[export.cart.at.berlin]\ntargets = { http = 9090 }\n").empty());
  CHECK(found(kShop + service + "[export.cart.at.tokyo]\nalias = [\"cart.shop.example\"]\n", 400, 499) ==
        Lines{"MF0484 8080"});
}

TEST_CASE("aliases: one of a single consumer lies below no host of others") {
  const std::string egress =
      replaced(kShop, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\negress = \"gateway\"\n");
  const std::string osaka =
      "[network.osaka-vpc]\n[cluster.osaka-1]\nmesh = \"tokyo\"\nnetwork = \"osaka-vpc\"\n"
      "gateway.addresses = [\"203.0.113.8\"]\n";
  const std::string nested = "[export.cart.at.{}]\nalias = [\"eu.cart.mesh.global\"]\n";
  CHECK(found(egress + osaka + kCart + replaced(nested, "{}", "tokyo-1"), 513, 513) ==
        Lines{"MF0513 \"eu.cart.mesh.global\""});
  CHECK(found(egress + osaka + kCart + replaced(nested, "{}", "osaka-1"), 513, 513).empty());
}

TEST_CASE("aliases: no name for a fragment to take") {
  MemoryFs fs;
  fs.put("federation.toml", replaced(kShop, "version = 1\n", "version = 1\ninclude = [\"apps/*.toml\"]\n") +
                                "[fragment.\"apps/*.toml\"]\n");
  fs.put("apps/cart.toml", with_alias("\"bank.example\""));
  CHECK(found(fs, 222, 222) == Lines{"MF0222 alias"});
  fs.put("apps/cart.toml", kCart + "[export.cart.at.tokyo]\nalias = [\"bank.example\"]\n");
  CHECK(found(fs, 222, 222) == Lines{"MF0222 alias"});
}

}  // namespace
}  // namespace meshfed::testing
