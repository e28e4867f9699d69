#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines with(const std::string& profile, const std::string& more = kCart) {
  return found(replaced(kShop, "istio = \"1.31\"\n", profile) + more, 701, 707);
}

TEST_CASE("versions: what a target does, once for all clusters that inherit it") {
  CHECK(with("istio = \"1.31\"\n") == Lines{});
  CHECK(with("istio = \"1.30\"\n") == Lines{"MF0705 \"1.30\""});
  CHECK(with("istio = \"1.29\"\n") == Lines{"MF0704 \"1.29\"", "MF0705 \"1.29\"", "MF0706 \"1.29\""});
  CHECK(with("istio = \"1.29\"\nalpha_gateway_api = true\n") == Lines{"MF0705 \"1.29\"", "MF0706 \"1.29\""});
  CHECK(with("istio = \"1.28\"\nalpha_gateway_api = true\n") == Lines{"MF0705 \"1.28\"", "MF0706 \"1.28\""});
  CHECK(with("istio = \"1.30\"\n", "") == Lines{});  // nothing selects a pod
}

TEST_CASE("versions: a patch ends what it mended, and no more") {
  CHECK(with("istio = \"1.30.3\"\n") == Lines{"MF0705 \"1.30.3\""});
  CHECK(with("istio = \"1.30.4\"\n") == Lines{});
  CHECK(with("istio = \"1.30.12\"\n") == Lines{});
  CHECK(with("istio = \"1.29.7\"\nalpha_gateway_api = true\n") == Lines{"MF0705 \"1.29.7\"", "MF0706 \"1.29.7\""});
  CHECK(with("istio = \"1.32.0\"\n") == Lines{});
}

TEST_CASE("versions: ambient mode is refused where it is said") {
  const auto ambient = [](const std::string& from, const std::string& to) {
    return found(replaced(kShop, from, to) + kCart, 730, 730);
  };
  CHECK(ambient("[defaults]\n", "[defaults]\ndataplane = \"ambient\"\n") == Lines{"MF0730 \"ambient\""});
  CHECK(ambient("[mesh.tokyo]\n", "[mesh.tokyo]\ndataplane = \"ambient\"\n") == Lines{"MF0730 \"ambient\""});
  CHECK(ambient("[defaults]\n", "[defaults]\ndataplane = \"sidecar\"\n").empty());
}

TEST_CASE("versions: one that is not known is reported once") {
  CHECK(with("istio = \"1.19\"\n") == Lines{"MF0701 \"1.19\""});
}

TEST_CASE("versions: every cluster says which Istio it runs") {
  const auto missing = [](const std::string& shop) { return found(shop + kCart, 708, 708); };
  const std::string none = replaced(kShop, "istio = \"1.31\"\n", "");
  CHECK(missing(none) == Lines{"MF0708 berlin-1"});  // one line is missing, in [defaults]
  const std::string tokyo = replaced(none, "[mesh.tokyo]\n", "[mesh.tokyo]\nistio = \"1.31\"\n");
  CHECK(missing(tokyo) == Lines{"MF0708 berlin-1"});
  CHECK(missing(replaced(tokyo, "[mesh.berlin]\n", "[mesh.berlin]\nistio = \"1.30\"\n")).empty());
  CHECK(missing(replaced(tokyo, "mesh = \"berlin\"\n", "mesh = \"berlin\"\nistio = \"1.30\"\n")).empty());
  const std::string two = "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n";
  CHECK(missing(tokyo + two) == Lines{"MF0708 berlin-1"});  // one line is missing, in [mesh.berlin]
  CHECK(missing(tokyo + two + "istio = \"1.31\"\n") == Lines{"MF0708 berlin-1"});
  CHECK(missing(replaced(kShop, "\"1.31\"", "\"1.19\"")).empty());  // MF0701
  CHECK(missing(replaced(none, "\"tokyo\"\n", "\"tokio\"\n")) == Lines{"MF0708 berlin-1"});
}

TEST_CASE("versions: clusters of one mesh are close") {
  const std::string second = "[cluster.tokyo-2]\nmesh = \"tokyo\"\nnetwork = \"tokyo-vpc\"\nistio = ";
  CHECK(with("istio = \"1.31\"\n", second + "\"1.29\"\n") == Lines{"MF0706 \"1.29\""});
  CHECK(with("istio = \"1.31\"\n", second + "\"1.28\"\n") == Lines{"MF0706 \"1.28\"", "MF0707 \"1.28\""});
  const std::string other =
      "[mesh.lima]\n[network.lima-vpc]\n[cluster.lima-1]\nmesh = \"lima\"\n"
      "network = \"lima-vpc\"\nistio = \"1.28\"\n";
  CHECK(with("istio = \"1.31\"\n", other) == Lines{"MF0706 \"1.28\""});
}

}  // namespace
}  // namespace meshfed::testing
