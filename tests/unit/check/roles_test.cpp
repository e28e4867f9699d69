// MF04xx about who serves, merges and consumes, beyond what tests/diag shows.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines roles(const std::string& toml) { return found(toml, 400, 499); }

const std::string kBerlin2 = "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\n";
const std::string kGateway = "gateway.addresses = [\"198.51.100.20\"]\n";

std::string cart(const std::string& from, const std::string& merge, const std::string& to) {
  const std::string parties = fmt::format("from = [{}]\n", from) +
                              (merge.empty() ? "" : fmt::format("merge = [{}]\n", merge)) +
                              (to.empty() ? "" : fmt::format("to = [{}]\n", to));
  return replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]\n", parties);
}

TEST_CASE("to everybody leaves out who serves and who is on their network") {
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "", "\"*\"")).empty());
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "", "\"*\", \"berlin-2\"")) == Lines{"MF0410 \"berlin-2\""});
}

TEST_CASE("a consumer beside a source is one report, with or without a gateway") {
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "", "\"berlin\", \"tokyo\"")) == Lines{"MF0410 \"berlin\""});
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "\"berlin-2\"", "\"tokyo\"")) == Lines{"MF0410 \"berlin-2\""});
  CHECK(roles(kShop + kBerlin2 + kGateway + cart("\"berlin-1\"", "\"berlin-2\"", "\"tokyo\"")) ==
        Lines{"MF0410 \"berlin-2\""});
}

TEST_CASE("every gateway of a source network serves, and every source has a gateway") {
  CHECK(roles(kShop + kBerlin2 + kGateway + cart("\"berlin-1\"", "", "\"tokyo\"")) == Lines{"MF0415 [\"berlin-1\"]"});
  CHECK(roles(kShop + kBerlin2 + kGateway + cart("\"berlin\"", "", "\"tokyo\"")).empty());
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "", "\"tokyo\"")).empty());
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin\"", "", "\"tokyo\"")) == Lines{"MF0414 berlin-2"});
}

TEST_CASE("where clusters read each other, the gateway of a consumer beside a source passes the export, too") {
  const std::string reads = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\nremote_secrets = true\n") + kBerlin2;
  const std::string both = reads + kGateway;
  const std::string beside = cart("\"berlin-1\"", "", "\"berlin-2\", \"tokyo\"");
  const std::string merged = cart("\"berlin-1\"", "\"berlin-2\"", "\"tokyo\"");
  CHECK(roles(both + beside) == Lines{"MF0415 [\"berlin-1\"]"});
  CHECK(roles(both + merged) == Lines{"MF0415 [\"berlin-1\"]"});
  CHECK(roles(reads + beside).empty());
  CHECK(roles(reads + merged).empty());
  CHECK(roles(both + cart("\"berlin-1\"", "", "\"berlin-2\"")).empty());  // nobody dials a gateway
  const std::string passes =
      "gateway.deploy = false\ngateway.selector.a = \"b\"\ngateway.view = true\ngateway.passes = ";
  CHECK(roles(both + passes + "[\"*.global\"]\n" + beside).empty());
  CHECK(roles(both + passes + "[\"*.local\"]\n" + beside) == Lines{"MF0415 [\"berlin-1\"]"});
}

TEST_CASE("a gateway is needed where those who have pods themselves call the others of their mesh") {
  const std::string reads = replaced(kShop, "[mesh.berlin]\n", "[mesh.berlin]\nremote_secrets = true\n") + kBerlin2;
  const std::string third = "[network.lima-vpc]\n[cluster.berlin-3]\nmesh = \"berlin\"\nnetwork = \"lima-vpc\"\n";
  const std::string lima = replaced(
      reads, "[cluster.berlin-1]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\ngateway.addresses = [\"198.51.100.10\"]",
      "[cluster.berlin-1]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"");
  CHECK(roles(lima + cart("\"berlin-1\"", "", "\"berlin-2\"")).empty());
  CHECK(roles(lima + third + kGateway + cart("\"berlin-1\", \"berlin-3\"", "", "\"berlin-2\"")) ==
        Lines{"MF0414 berlin-1"});
}

TEST_CASE("a source without gateway is one report, however much it serves") {
  const std::string both = cart("\"berlin\"", "", "\"tokyo\"");
  CHECK(roles(kShop + kBerlin2 + both + replaced(both, "export.cart", "export.orders")) == Lines{"MF0414 berlin-2"});
}

TEST_CASE("from and to opts in, merge and from contradict") {
  CHECK(roles(kShop + cart("\"berlin\", \"tokyo\"", "", "\"berlin\", \"tokyo\"")).empty());
  CHECK(roles(kShop + cart("\"berlin\"", "\"berlin-1\"", "\"tokyo\"")) == Lines{"MF0411 \"berlin-1\""});
}

TEST_CASE("an export crosses networks, or it reaches nobody") {
  CHECK(roles(kShop + cart("\"berlin\"", "", "\"berlin\"")) == Lines{"MF0438 [\"berlin\"]"});
  CHECK(roles(kShop + cart("\"berlin-1\"", "", "\"berlin\"")) == Lines{"MF0438 [\"berlin\"]"});
  CHECK(roles(kShop + cart("\"berlin\"", "", "\"berlin\", \"tokyo\"")).empty());
  CHECK(roles(kShop + kBerlin2 + kGateway + cart("\"berlin\"", "", "\"berlin\"")) == Lines{"MF0438 [\"berlin\"]"});
  CHECK(roles(kShop + kBerlin2 + cart("\"berlin-1\"", "", "\"berlin\"")) == Lines{"MF0410 \"berlin\""});
  const std::string third = "[network.lima-vpc]\n[cluster.berlin-3]\nmesh = \"berlin\"\nnetwork = \"lima-vpc\"\n";
  CHECK(roles(kShop + third + kGateway + cart("\"berlin\"", "", "\"berlin\"")).empty());  // each gets the other's
  const std::string shop = replaced(kShop, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\nimports = []\n");
  CHECK(roles(shop + cart("\"berlin\"", "", "\"berlin\", \"tokyo\"")) ==
        Lines{"MF0438 [\"berlin\", \"tokyo\"]", "MF0413 \"tokyo\""});
}

TEST_CASE("refusing is an error for who merges, a warning for who is named, and silent for everybody") {
  const std::string shop = replaced(kShop, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\nimports = []\n");
  CHECK(roles(shop + cart("\"berlin\"", "\"tokyo\"", "")) == Lines{"MF0412 \"tokyo\""});
  CHECK(roles(shop + cart("\"berlin\"", "\"tokyo\"", "\"tokyo\"")) == Lines{"MF0412 \"tokyo\""});
  CHECK(roles(shop + cart("\"berlin\"", "", "\"tokyo\"")) == Lines{"MF0413 \"tokyo\""});
  CHECK(roles(shop + cart("\"berlin\"", "", "\"*\"")).empty());
}

TEST_CASE("a refusal is accepted by the cluster or by the export") {
  const std::string accept = "accept = [\"MF0413\"]\n";
  const std::string refuses = "network = \"tokyo-vpc\"\nimports = []\n";
  CHECK(roles(replaced(kShop, "network = \"tokyo-vpc\"\n", refuses + accept) + kCart).empty());
  CHECK(roles(replaced(kShop, "network = \"tokyo-vpc\"\n", refuses) + kCart + accept).empty());
}

TEST_CASE("pending is a warning only where no other source is left") {
  const std::string pending = replaced(kShop, "gateway.addresses = [\"198.51.100.10\"]", "gateway.pending = true");
  CHECK(roles(pending + kCart) == Lines{"MF0416 [\"berlin\"]"});
  CHECK(roles(pending + cart("\"berlin\", \"tokyo\"", "", "\"*\", \"berlin\"")).empty());
}

TEST_CASE("a selector is a risk only where remote endpoints get its labels") {
  const std::string selector = "selector = { app = \"cart\" }";
  const auto select = [&](const std::string& toml) { return replaced(toml, "canonical_name = \"cart\"", selector); };
  CHECK(roles(kShop + select(kCart)).empty());
  CHECK(roles(kShop + select(cart("\"berlin\"", "\"tokyo\"", ""))) == Lines{"MF0409 { app = \"cart\" }"});
  CHECK(found(kShop + select(cart("\"berlin\"", "", "\"berlin\"")), 409, 409).empty());  // no other network serves it
  const std::string label = "selector = { \"service.istio.io/canonical-name\" = \"cart\" }";
  CHECK(roles(kShop + replaced(cart("\"berlin\"", "\"tokyo\"", ""), "canonical_name = \"cart\"", label)).empty());
}

TEST_CASE("names that do not resolve are one report for a cluster, and none for a Service") {
  const std::string deaf = replaced(kShop, "dns_capture = true", "dns_capture = false");
  CHECK(roles(deaf + kCart + replaced(kCart, "export.cart", "export.orders")) == Lines{"MF0429 tokyo-1"});
  CHECK(roles(deaf + replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"")).empty());
  CHECK(roles(replaced(kShop, "dns_capture = true", "dns_capture = 1") + kCart).empty());
}

TEST_CASE("the nearest source needs to be somewhere") {
  const std::string nearest = kCart + "prefer = \"nearest\"\n";
  CHECK(roles(kShop + nearest) == Lines{"MF0425 berlin-1"});
  CHECK(roles(kShop + nearest + replaced(nearest, "export.cart", "export.orders")) == Lines{"MF0425 berlin-1"});
  const std::string placed = replaced(kShop, "mesh = \"berlin\"\n", "mesh = \"berlin\"\nlocality = \"eu\"\n");
  CHECK(roles(placed + nearest).empty());
}

TEST_CASE("a network that is preferred for being near is in one region") {
  const std::string nearest = kCart + "prefer = \"nearest\"\n";
  const auto placed = [](const std::string& first, const std::string& second) {
    return replaced(kShop, "mesh = \"berlin\"\n", "mesh = \"berlin\"\nlocality = \"" + first + "\"\n") +
           "[cluster.berlin-2]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\nlocality = \"" + second +
           "\"\ngateway.addresses = [\"198.51.100.11\"]\n";
  };
  CHECK(roles(placed("eu/a", "us/a") + nearest) == Lines{"MF0433 \"nearest\""});
  CHECK(roles(placed("eu/a", "eu/b") + nearest).empty());
  CHECK(roles(placed("eu", "eu/b") + nearest).empty());
  CHECK(roles(placed("eu/a", "us/a") + kCart).empty());
}

}  // namespace
}  // namespace meshfed::testing
