// What DestinationRules say: outlier detection and connection pools.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// Both clusters have workloads of the export, or one only imports it.
const std::string kMerged = replaced(kCart, "to = [\"tokyo\"]\n", "merge = [\"tokyo\"]\n");

Lines calls(const std::string& exported, const std::string& shop = kShop) { return found(shop + exported, 440, 482); }

std::string defaults(const std::string& line) {
  return replaced(kShop, "mtls = \"strict\"\n", "mtls = \"strict\"\n" + line);
}

TEST_CASE("calls: who leaves the DestinationRule out says nothing that stands in it") {
  const std::string without = kMerged + "destination_rule = false\n";
  CHECK(calls(without + "outlier = { errors = 3 }\n") == Lines{"MF0440 outlier"});
  CHECK(calls(without + "connection_pool.tcp = { maxConnections = 3 }\n") == Lines{"MF0440 connection_pool"});
  CHECK(calls(without + "prefer = \"local\"\noutlier = false\n") == Lines{"MF0440 \"local\"", "MF0440 false"});
  CHECK(calls(without, defaults("outlier = { errors = 3 }\n")).empty());
}

TEST_CASE("calls: a preference needs outlier detection, wherever that is said") {
  const std::string local = kMerged + "prefer = \"local\"\n";
  CHECK(calls(local + "outlier = false\n") == Lines{"MF0480 \"local\""});
  CHECK(calls(local, defaults("outlier = false\n")) == Lines{"MF0480 \"local\""});
  CHECK(calls(local + "outlier = {}\n", defaults("outlier = false\n")).empty());
  CHECK(calls(kMerged + "prefer = \"spread\"\noutlier = false\n").empty());
  // Of a cluster that does not get the export it does not matter.
  const std::string berlin = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\noutlier = false\n");
  CHECK(calls(local, berlin).empty());
  const std::string tokyo = replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\noutlier = false\n");
  CHECK(calls(local, tokyo) == Lines{"MF0480 \"local\""});
}

TEST_CASE("calls: of single consumers") {
  const std::string located = replaced(kShop, "gateway.addresses = [\"203.0.113.7\"]\n",
                                       "gateway.addresses = [\"203.0.113.7\"]\nlocality = \"asia/a\"\n");
  const std::string share = "[export.cart.at.tokyo]\nshare = { local = 80, berlin-vpc = 20 }\n";
  const auto shared = [&](const std::string& keys) { return found(located + kMerged + keys + share, 440, 483); };
  CHECK(shared("").empty());
  CHECK(shared("destination_rule = false\n") == Lines{"MF0440 { local = 80, berlin-vpc = 20 }"});
  CHECK(shared("outlier = false\n") == Lines{"MF0483 { local = 80, berlin-vpc = 20 }"});
  const std::string pool = "[export.cart.at.tokyo]\nconnection_pool.http = { ";
  CHECK(calls(kMerged + "destination_rule = false\n" + pool + "maxRetries = 1 }\n") == Lines{"MF0440 connection_pool"});
  CHECK(calls(kCart + pool + "h2UpgradePolicy = \"UPGRADE\", useClientProtocol = true }\n") ==
        Lines{"MF0482 \"UPGRADE\""});
  CHECK(calls(kCart + replaced(pool, "tokyo", "berlin") + "maxRetries = 1 }\n") == Lines{"MF0461 connection_pool"});
}

TEST_CASE("calls: outlier detection needs a choice") {
  CHECK(calls(kCart + "outlier = { errors = 3 }\n") == Lines{"MF0481 outlier"});
  CHECK(calls(kCart + "outlier = false\n") == Lines{"MF0481 false"});
  CHECK(calls(kMerged + "outlier = { errors = 3 }\n").empty());
  const std::string two = replaced(kShop, "[\"198.51.100.10\"]", "[\"198.51.100.10\", \"198.51.100.11\"]");
  CHECK(calls(kCart + "outlier = { errors = 3 }\n", two).empty());
  // By an egress gateway there is one address.
  const std::string egress =
      replaced(two, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\negress = \"gateway\"\n");
  CHECK(calls(kCart + "outlier = { errors = 3 }\n", egress) == Lines{"MF0481 outlier"});
  CHECK(calls(kCart, defaults("outlier = { errors = 3 }\n")).empty());
}

TEST_CASE("calls: the version of HTTP is the client's or HTTP/2") {
  const auto http = [](const std::string& keys) { return calls(kCart + "connection_pool.http = { " + keys + " }\n"); };
  CHECK(http("h2UpgradePolicy = \"UPGRADE\", useClientProtocol = true") == Lines{"MF0482 \"UPGRADE\""});
  CHECK(http("h2UpgradePolicy = \"UPGRADE\", useClientProtocol = false").empty());
  CHECK(http("h2UpgradePolicy = \"DEFAULT\", useClientProtocol = true").empty());
}

TEST_CASE("calls: what is inherited is not said again") {
  const auto again = [](const std::string& upper, const std::string& lower) {
    return found(
        replaced(defaults("outlier = " + upper + "\n"), "[mesh.tokyo]\n", "[mesh.tokyo]\noutlier = " + lower + "\n"),
        310, 310);
  };
  CHECK(again("{ errors = 3 }", "{ errors = 3 }") == Lines{"MF0310 3"});
  CHECK(again("{ errors = 3 }", "{ errors = 4 }").empty());
  CHECK(again("false", "false") == Lines{"MF0310 false"});
  CHECK(again("false", "{ errors = 5 }").empty());
}

}  // namespace
}  // namespace meshfed::testing
