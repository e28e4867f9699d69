#include "model/naming.hpp"

#include <doctest/doctest.h>

namespace meshfed::model {
namespace {

TEST_CASE("routers know a port by the first label of its host") {
  CHECK(router_name(80, "orders.mesh.global") == "orders-80.mesh.global");
  CHECK(router_name(8080, "orders.shop.svc.cluster.local") == "orders-8080.shop.svc.cluster.local");
  CHECK(router_name(80, "orders") == "orders-80");
  CHECK(router_name(80, "a-8080.b") != router_name(8080, "a.b"));
}

}  // namespace
}  // namespace meshfed::model
