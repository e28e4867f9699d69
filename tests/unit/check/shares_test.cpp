// MF0466 to MF0474: how the calls of a place are shared out, beyond what tests/diag shows.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines all(const std::string& toml) { return found(toml, 1, 9999); }

const std::string kMerged = replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
const std::string kLocated = replaced(kShop, "gateway.addresses = [\"203.0.113.7\"]\n",
                                      "gateway.addresses = [\"203.0.113.7\"]\nlocality = \"asia/a\"\n");
const std::string kRome =
    "[mesh.rome]\n[network.rome-vpc]\n[cluster.rome-1]\nmesh = \"rome\"\nnetwork = \"rome-vpc\"\ngateway.addresses = "
    "[\"203.0.113.8\"]\n";
const std::string kTwoSources = replaced(kCart, "from = [\"berlin\"]", "from = [\"berlin\", \"rome\"]");

std::string share(const std::string& percentages, const std::string& who = "tokyo") {
  return fmt::format("[export.cart.at.{}]\nshare = {{ {} }}\n", who, percentages);
}

TEST_CASE("a share sums to 100, and says how it would") {
  CHECK(all(kLocated + kMerged + share("local = 80, berlin-vpc = 20")) == Lines{});
  CHECK(all(kLocated + kMerged + share("local = 80, berlin-vpc = 21")) ==
        Lines{"MF0466 { local = 80, berlin-vpc = 21 }"});
  CHECK(all(kLocated + kMerged + share("local = 0, berlin-vpc = 100")) == Lines{"MF0207 0"});
  CHECK(all(kShop + kRome + kTwoSources + share("berlin-vpc = 70, rome-vpc = 30")) == Lines{});
}

TEST_CASE("nothing else says where the calls of that place go") {
  const std::string local80 = "local = 80, berlin-vpc = 20";
  const auto saying = [&](const std::string& line) { return kLocated + replaced(kMerged, "from", line + "\nfrom"); };
  CHECK(all(saying("prefer = \"local\"") + share(local80)) == Lines{"MF0467 { local = 80, berlin-vpc = 20 }"});
  CHECK(found(saying("weight = 3") + share(local80), 467, 467).size() == 1);
  CHECK(all(kLocated + kMerged + share(local80) + "weight = 3\n") == Lines{"MF0467 { local = 80, berlin-vpc = 20 }"});
  // The mesh's weight is the cluster's, too.
  CHECK(
      found(kLocated + kMerged + share(local80, "tokyo-1") + "[export.cart.at.tokyo]\nweight = 3\n", 467, 467).size() ==
      1);
}

TEST_CASE("a share is for networks that serve the cluster, and for its own workloads if it has any") {
  CHECK(all(kLocated + kCart + share("local = 80, berlin-vpc = 20")) == Lines{"MF0468 local"});
  CHECK(all(kLocated + kMerged + share("tokyo-vpc = 80, berlin-vpc = 20")) == Lines{"MF0468 tokyo-vpc"});
  CHECK(all(kShop + kRome + kCart + share("rome-vpc = 80, berlin-vpc = 20")) == Lines{"MF0468 rome-vpc"});
  CHECK(all(kShop + kCart + share("berlin-vpn = 100")) == Lines{"MF0303 berlin-vpn"});
}

TEST_CASE("the local share has a region, and no network has its name") {
  const std::string local80 = share("local = 80, berlin-vpc = 20");
  CHECK(all(kShop + kMerged + local80) == Lines{"MF0469 local"});
  CHECK(all(replaced(kLocated, "asia/a", "berlin-vpc/a") + kMerged + local80) == Lines{"MF0470 local"});
  CHECK(all(replaced(kLocated, "asia/a", "tokyo-vpc/a") + kMerged + local80) ==
        Lines{});  // its own network's is no entry
  CHECK(all(replaced(kLocated, "asia/a", "berlin-vpc/a") + kMerged + share("berlin-vpc = 100")) ==
        Lines{"MF0470 { berlin-vpc = 100 }", "MF0471 { berlin-vpc = 100 }"});
  CHECK(all(kLocated + "[network.local]\n[cluster.spare]\nmesh = \"berlin\"\nnetwork = \"local\"\n" +
            replaced(kMerged, "from = [\"berlin\"]", "from = [\"berlin-1\"]") + local80) == Lines{"MF0472 local"});
}

TEST_CASE("a cluster without a region is one report, however many shares need it") {
  const std::string local80 = share("local = 80, berlin-vpc = 20");
  const std::string one = kMerged + local80;
  std::string other = replaced(one, "export.cart]", "export.basket]");
  other = replaced(other, "export.cart.at", "export.basket.at");
  CHECK(all(kShop + one + replaced(replaced(other, "\"cart\"", "\"basket\""), "\"cart\"", "\"basket\"")) ==
        Lines{"MF0469 local"});
}

TEST_CASE("who is left out is never called") {
  CHECK(all(kLocated + kMerged + share("berlin-vpc = 100")) == Lines{"MF0471 { berlin-vpc = 100 }"});
  CHECK(all(kShop + kRome + kTwoSources + share("rome-vpc = 100")) == Lines{"MF0471 { rome-vpc = 100 }"});
  CHECK(all(kShop + kRome + replaced(kTwoSources, "from", "accept = [\"MF0471\"]\nfrom") + share("rome-vpc = 100")) ==
        Lines{});
}

TEST_CASE("who serves others has a share of its own calls, or its gateway has nobody") {
  const std::string both = replaced(kCart, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]");
  CHECK(all(kLocated + both + share("berlin-vpc = 100")) == Lines{"MF0474 { berlin-vpc = 100 }"});
  CHECK(all(kLocated + both + share("local = 1, berlin-vpc = 99")) == Lines{});
}

TEST_CASE("whose team writes the rule has no share") {
  CHECK(all(kLocated + replaced(kMerged, "from", "destination_rule = false\nfrom") +
            share("local = 80, berlin-vpc = 20")) == Lines{"MF0440 { local = 80, berlin-vpc = 20 }"});
}

TEST_CASE("a share is of networks, and who names a mesh or a cluster means its network") {
  const auto mended = [](const std::string& wrong) {
    return all(kLocated + kMerged + share("local = 80, " + wrong + " = 20"));
  };
  CHECK(mended("berlin") == Lines{"MF0303 berlin"});
  CHECK(mended("berlin-1") == Lines{"MF0303 berlin-1"});
  CHECK(mended("berlin-vcp") == Lines{"MF0303 berlin-vcp"});
}

TEST_CASE("a cluster's share wins over its mesh's") {
  CHECK(all(kShop + kRome + kTwoSources + share("rome-vpc = 100") +
            share("rome-vpc = 1, berlin-vpc = 99", "tokyo-1")) == Lines{});
}

}  // namespace
}  // namespace meshfed::testing
