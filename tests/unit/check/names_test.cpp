// MF03xx beyond what tests/diag shows: where the rules must stay silent, and who may accept.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines names(const std::string& toml) { return found(toml, 300, 399); }

TEST_CASE("nothing is wrong with the shop") { CHECK(found(kShop + kCart, 0, 9999).empty()); }

TEST_CASE("a mesh and its only cluster may share a name") {
  CHECK(names(replaced(kShop, "cluster.tokyo-1", "cluster.tokyo") + kCart).empty());
  CHECK(names(replaced(kShop, "cluster.tokyo-1", "cluster.berlin") + kCart) == Lines{"MF0306 berlin"});
}

TEST_CASE("an undeclared name is reported once, whatever follows from it") {
  CHECK(names(replaced(kShop, "mesh = \"tokyo\"", "mesh = \"tokio\"") + kCart) == Lines{"MF0302 \"tokio\""});
  CHECK(names(replaced(kShop, "network = \"tokyo-vpc\"", "network = \"tokyo\"") + kCart) == Lines{"MF0303 \"tokyo\""});
  CHECK(names(kShop + replaced(kCart, "to = [\"tokyo\"]", "to = [\"tokio\"]")) == Lines{"MF0301 \"tokio\""});
}

TEST_CASE("an export is for nobody only if nobody else is to blame") {
  const std::string alone = replaced(kCart, "to = [\"tokyo\"]\n", "");
  CHECK(names(kShop + alone) == Lines{"MF0309 cart"});
  CHECK(names(kShop + "[mesh.osaka]\n" + replaced(kCart, "[\"tokyo\"]", "[\"osaka\"]")) == Lines{"MF0307 osaka"});
  CHECK(names(kShop + replaced(kCart, "to = [\"tokyo\"]", "to = [\"berlin\"]")).empty());
  const std::string refuses = replaced(kShop, "network = \"tokyo-vpc\"", "network = \"tokyo-vpc\"\nimports = []");
  CHECK(names(refuses + kCart).empty());
  CHECK(names(refuses + replaced(kCart, "[\"tokyo\"]", "[\"*\"]")) == Lines{"MF0309 [\"*\"]"});
}

TEST_CASE("settings repeat the nearest table above that has them") {
  const std::string mesh = "[mesh.tokyo]\n";
  CHECK(names(replaced(kShop, mesh, mesh + "mtls = \"strict\"\n") + kCart) == Lines{"MF0310 \"strict\""});
  CHECK(names(replaced(kShop, mesh, mesh + "files = \"host\"\n") + kCart).empty());  // the default, not written
  const std::string cluster = "mesh = \"tokyo\"\n";
  CHECK(names(replaced(kShop, cluster, cluster + "istio = \"1.31\"\n") + kCart) == Lines{"MF0310 \"1.31\""});
  const std::string between = replaced(kShop, mesh, mesh + "istio = \"1.30\"\n");
  CHECK(names(replaced(between, cluster, cluster + "istio = \"1.31\"\n") + kCart).empty());
}

TEST_CASE("egress repeats entry by entry, and a word only without exceptions") {
  const auto with = [](const std::string& defaults, const std::string& mesh, const std::string& cluster) {
    std::string shop = replaced(kShop, "mtls = \"strict\"\n", "mtls = \"strict\"\n" + defaults);
    shop = replaced(shop, "[mesh.tokyo]\n", "[mesh.tokyo]\n" + mesh);
    return names(replaced(shop, "mesh = \"tokyo\"\n", "mesh = \"tokyo\"\n" + cluster) + kCart);
  };
  CHECK(with("egress = \"gateway\"\n", "egress = \"gateway\"\n", "") == Lines{"MF0310 \"gateway\""});
  CHECK(with("egress = \"gateway\"\n", "egress = \"direct\"\n", "").empty());
  CHECK(with("egress = { berlin-vpc = \"gateway\" }\n", "egress = { berlin-vpc = \"gateway\" }\n", "") ==
        Lines{"MF0310 berlin-vpc"});
  CHECK(with("egress = { berlin-vpc = \"gateway\" }\n", "egress = \"direct\"\n", "").empty());
  CHECK(with("egress = { berlin-vpc = \"gateway\" }\n", "egress = { default = \"direct\" }\n", "egress = \"direct\"\n")
            .empty());
}

TEST_CASE("what repeats is accepted where it stands") {
  const std::string mesh = "[mesh.tokyo]\nmtls = \"strict\"\naccept = [\"MF0310\"]\n";
  CHECK(names(replaced(kShop, "[mesh.tokyo]\n", mesh) + kCart).empty());
  const std::string own = "naming = \"global\"\naccept = [\"MF0310\"]\n";
  const std::string shop = replaced(kShop, "name = \"shop\"\n", "name = \"shop\"\nnaming = \"global\"\n");
  CHECK(names(shop + kCart + own).empty());
}

}  // namespace
}  // namespace meshfed::testing
