// How many pods gateways have.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

Lines tokyo(const std::string& lines) {
  const std::string addresses = "gateway.addresses = [\"203.0.113.7\"]\n";
  return found(replaced(kShop, addresses, addresses + lines) + kCart, 517, 561);
}

TEST_CASE("replicas: one ConfigMap adjusts a deployment") {
  CHECK(tokyo("gateway.replicas = 3\ngateway.protect = true\n").empty());
  CHECK(tokyo("gateway.replicas = 3\ngateway.parameters = \"options\"\n") == Lines{"MF0560 3"});
  CHECK(tokyo("egress = \"gateway\"\negress_gateway.parameters = \"a\"\negress_gateway.replicas = { min = 1, max = 2 "
              "}\n") == Lines{"MF0560 replicas"});
}

TEST_CASE("replicas: a range holds a number") {
  CHECK(tokyo("gateway.replicas = { min = 2, max = 2 }\n").empty());
  CHECK(tokyo("gateway.replicas = { min = 3, max = 2 }\n") == Lines{"MF0561 2"});
}

TEST_CASE("replicas: somebody else's gateway is not ours to shape") {
  const std::string existing = "gateway.deploy = false\ngateway.selector.istio = \"eastwestgateway\"\n";
  CHECK(tokyo(existing + "gateway.replicas = 3\n") == Lines{"MF0522 3"});
  CHECK(tokyo(existing + "gateway.protect = true\n") == Lines{"MF0522 true"});
}

}  // namespace
}  // namespace meshfed::testing
