#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

std::string domains(const std::string& berlin, const std::string& tokyo) {
  std::string toml = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\ntrust_domain = \"" + berlin + "\"\n");
  return replaced(toml, "[mesh.tokyo]\n", "[mesh.tokyo]\ntrust_domain = \"" + tokyo + "\"\n");
}

Lines about(const std::string& toml) { return found(toml, 601, 610); }

TEST_CASE("trust: nothing is wrong with the shop") { CHECK(about(kShop + kCart) == Lines{}); }

TEST_CASE("trust: a server accepts the domains of its callers") {
  CHECK(about(domains("a.example", "b.example") + kCart) == Lines{"MF0602 \"a.example\""});
  CHECK(about(domains("a.example", "a.example") + kCart) == Lines{});
  CHECK(about(domains("a.example", "b.example")) == Lines{});  // nobody serves
  const std::string accepted =
      replaced(domains("a.example", "b.example"), "\"a.example\"", "\"a.example\"\naccept = [\"MF0602\"]");
  CHECK(about(accepted + kCart) == Lines{});
}

TEST_CASE("trust: one report per serving mesh, however many clusters and exports it has") {
  const std::string second =
      "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n"
      "gateway.addresses = [\"198.51.100.11\"]\n";
  const std::string more = replaced(kCart, "export.cart", "export.pay");
  CHECK(about(domains("a.example", "b.example") + second + kCart + more) == Lines{"MF0602 \"a.example\""});
}

TEST_CASE("trust: identities") {
  CHECK(about(kShop + replaced(kCart, "service_accounts = [\"cart\"]\n", "")) == Lines{"MF0603 cart"});
  const std::string unseen = replaced(replaced(kCart, "service_accounts = [\"cart\"]\n", ""), "to = [\"tokyo\"]\n", "");
  CHECK(about(kShop + unseen) == Lines{});
  const std::string lima =
      "[mesh.lima]\n[network.lima-vpc]\n[cluster.lima-1]\nmesh = \"lima\"\nnetwork = \"lima-vpc\"\n";
  const std::string both = replaced(replaced(kCart, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]"),
                                    "to = [\"tokyo\"]", "to = [\"lima\"]");
  CHECK(found(domains("a.example", "b.example") + lima + both, 604, 604) == Lines{"MF0604 [\"cart\"]"});
  CHECK(found(kShop + lima + both, 604, 604) == Lines{});
}

TEST_CASE("trust: workloads that are merged across trust domains are named") {
  const std::string merged = replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
  const std::string unnamed = replaced(merged, "service_accounts = [\"cart\"]\n", "");
  const std::string apart = domains("a.example", "b.example");
  CHECK(found(apart + unnamed, 603, 610) == Lines{"MF0610 cart"});
  CHECK(found(apart + merged, 603, 610) == Lines{});
  CHECK(found(kShop + unnamed, 603, 610) == Lines{"MF0603 cart"});  // one trust domain: names may be equal
  const std::string both = replaced(unnamed, "merge = [\"tokyo\"]", "to = [\"tokyo\", \"berlin\"]");
  CHECK(found(apart + replaced(both, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]"), 603, 610) ==
        Lines{"MF0610 cart"});
  CHECK(found(apart + replaced(kCart, "service_accounts = [\"cart\"]\n", ""), 603, 610) ==
        Lines{"MF0603 cart"});  // nothing local: every identity passes
}

TEST_CASE("trust: callers") {
  const auto callers = [](const std::string& list) { return kCart + "callers = [" + list + "]\n"; };
  const std::string apart = replaced(domains("a.example", "b.example"), "mtls", "accept = [\"MF0602\"]\nmtls");
  const std::string lima =
      "[mesh.lima]\n[network.lima-vpc]\n[cluster.lima-1]\nmesh = \"lima\"\nnetwork = \"lima-vpc\"\n";
  CHECK(about(apart + callers("\"tokyo/web/shop\"")) == Lines{});
  CHECK(about(apart + callers("\"berlin/*\"")) == Lines{});  // its own mesh calls it too
  CHECK(about(apart + lima + callers("\"lima/*\"")) == Lines{"MF0605 \"lima/*\""});
  CHECK(found(apart + callers("\"tokio/web/shop\""), 302, 302) == Lines{"MF0302 tokio"});
  CHECK(about(apart + callers("\"tokio/web/shop\"")) == Lines{});
}

TEST_CASE("trust: callers of meshes that share a trust domain") {
  const auto callers = [](const std::string& list) { return kCart + "callers = [" + list + "]\n"; };
  CHECK(about(kShop + callers("\"tokyo/web/shop\"")) == Lines{"MF0606 berlin"});
  CHECK(about(kShop + callers("\"tokyo/web/shop\", \"berlin/*\"")) ==
        Lines{"MF0606 berlin"});  // tokyo's other accounts
  CHECK(about(kShop + callers("\"tokyo/web/shop\", \"berlin/web/shop\"")) == Lines{});
  CHECK(about(kShop + callers("\"tokyo/*\", \"berlin/*\"")) == Lines{});
  const std::string twice = replaced(kCart, "export.cart", "export.pay") + "callers = [\"tokyo/web/shop\"]\n";
  CHECK(about(kShop + callers("\"tokyo/web/shop\"") + twice) == Lines{"MF0606 berlin"});
}

TEST_CASE("trust: trust domains of their own are not advised where an export with naming service needs one") {
  const std::string callers = kCart + "callers = [\"tokyo/web/shop\"]\n";
  CHECK(help_for(kShop + callers, 606) == "give each mesh a trust domain of its own");
  const std::string service = replaced(replaced(kCart, "export.cart", "export.pay"), "canonical_name = \"cart\"",
                                       "naming = \"service\"\nselector = { app = \"pay\" }");
  CHECK(help_for(kShop + callers + service, 606) ==
        "give each mesh a trust domain of its own, for which export \"pay\" needs `naming = \"global\"`; or accept "
        "this warning");
  CHECK(help_for(kShop + callers + replaced(service, "to = [\"tokyo\"]", "to = [\"berlin\"]"), 606) ==
        "give each mesh a trust domain of its own");
}

TEST_CASE("trust: servers demand mTLS") {
  const auto mtls = [](const std::string& line) { return about(replaced(kShop, "mtls = \"strict\"\n", line) + kCart); };
  CHECK(mtls("mtls = \"permissive\"\n") == Lines{"MF0607 \"permissive\""});
  CHECK(mtls("mtls = \"unmanaged\"\n") == Lines{"MF0608 \"unmanaged\""});
  CHECK(mtls("") == Lines{"MF0608 berlin-1"});
  CHECK(about(replaced(kShop, "mtls = \"strict\"\n", "")) == Lines{});  // nobody serves
}

TEST_CASE("trust: an export to everybody") {
  const std::string all = replaced(kCart, "to = [\"tokyo\"]", "to = [\"*\"]");
  CHECK(about(kShop + all) == Lines{"MF0609 \"*\""});
  CHECK(found(kShop + all + "callers = [\"tokyo/*\"]\n", 609, 609) == Lines{});
}

}  // namespace
}  // namespace meshfed::testing
