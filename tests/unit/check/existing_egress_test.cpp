// MF0532 to MF0536: egress gateways that are there already.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kSelector = "egress_gateway.selector = { istio = \"egressgateway\" }\n";
const std::string kService = "egress_gateway.service = \"istio-egressgateway\"\n";
const std::string kPorts = "egress_gateway.ports = [80, 15443]\n";
const std::string kExisting = "egress = \"gateway\"\negress_gateway.deploy = false\n";
const std::string kWhole = kExisting + kSelector + kService + kPorts;

std::string tokyo(const std::string& lines, const std::string& more = "") {
  return replaced(kShop, "[cluster.tokyo-1]\n", "[cluster.tokyo-1]\n" + lines) + kCart + more;
}

Lines about(const std::string& lines, const std::string& more = "") { return found(tokyo(lines, more), 532, 536); }

TEST_CASE("existing egress gateways: what nobody can know is declared, and missed in one report") {
  CHECK(about(kWhole).empty());
  CHECK(about(kExisting) == Lines{"MF0532 false"});
  CHECK(about(kExisting + kSelector) == Lines{"MF0532 false"});
  CHECK(about(kExisting + kSelector + kService) == Lines{"MF0532 false"});
  CHECK(about(kExisting + "egress_gateway.selector = 1\n" + kService + kPorts).empty());  // reported already
  CHECK(about("egress_gateway.deploy = false\n") == Lines{"MF0532 false"});               // even while nobody leaves
}

TEST_CASE("existing egress gateways: keys of the other kind have no effect") {
  CHECK(about(kWhole + "egress_gateway.name = \"out\"\n") == Lines{"MF0533 \"out\""});
  CHECK(about(kWhole + "egress_gateway.parameters = \"sizes\"\n") == Lines{"MF0533 \"sizes\""});
  CHECK(about("egress = \"gateway\"\n" + kSelector + kService + kPorts) ==
        Lines{"MF0533 { istio = \"egressgateway\" }", "MF0533 \"istio-egressgateway\"", "MF0533 [80, 15443]"});
}

TEST_CASE("existing egress gateways: no TLSRoute belongs to them") {
  CHECK(about(kWhole + "egress_gateway.route = \"tlsroute\"\n") == Lines{"MF0534 \"tlsroute\""});
  CHECK(about(kWhole + "egress_gateway.route = \"virtualservice\"\n").empty());
}

TEST_CASE("existing egress gateways: their Service has the port of each network") {
  const std::string moved =
      replaced(tokyo(kWhole), "[network.berlin-vpc]", "[network.berlin-vpc]\negress_port = 15444");
  CHECK(found(moved, 535, 535) == Lines{"MF0535 [80, 15443]"});
  CHECK(found(replaced(moved, "[80, 15443]", "[15444]"), 535, 535).empty());
  CHECK(found(replaced(moved, "egress = \"gateway\"", "egress = \"direct\""), 535, 535).empty());  // nobody leaves
}

TEST_CASE("existing egress gateways: they share no port with the east-west gateway") {
  const std::string serving =
      replaced(replaced(replaced(kCart, "export.cart", "export.pay"), "[\"berlin\"]", "[\"tokyo\"]"),
               "to = [\"tokyo\"]", "to = [\"berlin\"]");
  const std::string shared = kWhole + "gateway.deploy = false\ngateway.selector = { istio = \"egressgateway\" }\n";
  CHECK(about(shared, serving) == Lines{"MF0536 { istio = \"egressgateway\" }"});
  CHECK(about(shared).empty());  // the east-west gateway passes nothing
  const std::string moved =
      replaced(replaced(tokyo(shared, serving), "[network.berlin-vpc]", "[network.berlin-vpc]\negress_port = 15444"),
               "[80, 15443]", "[15444]");
  CHECK(found(moved, 532, 536).empty());
  const std::string some = replaced(shared, "gateway.selector = { istio = \"egressgateway\" }\n",
                                    "gateway.selector = { istio = \"egressgateway\", app = \"gateway\" }\n");
  CHECK(about(some, serving).size() == 1);
  CHECK(about(some + "egress_gateway.namespace = \"out\"\n", serving).empty());  // 1.31 looks in one namespace only
}

TEST_CASE("existing egress gateways: their Service is no export's") {
  const std::string exported =
      "[export.istio-egressgateway]\nnaming = \"service\"\nnamespace = \"istio-system\"\n"
      "ports = [{ name = \"http\", number = 80 }]\nfrom = [\"berlin\"]\nto = [\"tokyo\"]\n";
  CHECK(found(tokyo(kWhole, exported), 518, 518).size() == 1);
  CHECK(found(tokyo(kWhole + "egress_gateway.namespace = \"out\"\n", exported), 518, 518).empty());
}

}  // namespace
}  // namespace meshfed::testing
