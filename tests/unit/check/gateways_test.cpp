// MF0520 to MF0529: what an existing gateway must be, and whether a deployed one answers where it is dialled.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kBerlin = R"(gateway.addresses = ["198.51.100.10"])";
const std::string kBoth = replaced(kCart, "from = [\"berlin\"]\nto = [\"tokyo\"]\n",
                                   "from = [\"berlin\", \"tokyo\"]\nto = [\"berlin\", \"tokyo\"]\n");
const std::string kService =
    replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"\nselector = { app = \"cart\" }");

Lines with_gateway(const std::string& gateway, const std::string& exported = kCart) {
  return found(replaced(kShop, kBerlin, gateway) + exported, 520, 529);
}

Lines existing(const std::string& more, const std::string& exported) {
  return with_gateway(kBerlin + "\ngateway.deploy = false\ngateway.selector.a = \"b\"\n" + more, exported);
}

TEST_CASE("gateways: one that is already there has a view where its cluster serves what it gets from others") {
  CHECK(existing("", kBoth) == Lines{"MF0527 false"});
  CHECK(existing("gateway.view = false", kBoth) == Lines{"MF0527 false"});
  CHECK(existing("gateway.view = true", kBoth).empty());
  CHECK(existing("gateway.view = \"yes\"", kBoth).empty());  // reported already
  CHECK(existing("", kCart).empty());                        // only served
  const std::string imported =
      replaced(replaced(kCart, "from = [\"berlin\"]", "from = [\"tokyo\"]"), "to = [\"tokyo\"]", "to = [\"berlin\"]");
  CHECK(existing("", imported).empty());
  CHECK(existing("", replaced(imported, "to = ", "merge = ")).empty());  // its own pods are for itself
  CHECK(with_gateway(kBerlin, kBoth).empty());
  const std::string pending = replaced(kShop, "gateway.addresses = [\"203.0.113.7\"]", "gateway.pending = true");
  CHECK(found(replaced(pending, kBerlin, kBerlin + "\ngateway.deploy = false\ngateway.selector.a = \"b\"") + kBoth, 527,
              527)
            .empty());  // nothing comes from there yet
}

TEST_CASE("gateways: what others pass is said, and what it exposes") {
  CHECK(existing("", kService) == Lines{"MF0525 false"});
  CHECK(existing("gateway.passes = [\"*.local\"]", kService) == Lines{"MF0528 \"*.local\""});
  CHECK(existing("gateway.passes = [\"*\"]", kService) == Lines{"MF0528 \"*\""});
  CHECK(existing("gateway.passes = [\"cart.cart.svc.cluster.local\"]", kService).empty());  // no more than is exported
  CHECK(existing("gateway.passes = [\"*.local\"]", kCart).empty());
  CHECK(existing("gateway.passes = [\"*.shop.local\", \"*.local\"]", kService) == Lines{"MF0528 \"*.local\""});
}

TEST_CASE("gateways: keys of existing ones have no effect on deployed ones") {
  CHECK(with_gateway(kBerlin + "\ngateway.view = true") == Lines{"MF0522 true"});
  CHECK(with_gateway(kBerlin + "\ngateway.passes = [\"*.local\"]") == Lines{"MF0522 [\"*.local\"]"});
}

TEST_CASE("gateways: a load balancer listens on 15443") {
  CHECK(with_gateway(kBerlin + "\ngateway.port = 443") == Lines{"MF0529 443"});
  CHECK(with_gateway(kBerlin + "\ngateway.port = 31443") == Lines{"MF0529 31443"});
  CHECK(with_gateway(kBerlin + "\ngateway.port = 15443").empty());
  CHECK(with_gateway(kBerlin + "\ngateway.port = 443", "") == Lines{"MF0529 443"});  // nobody dials it yet
  CHECK(existing("gateway.port = 443", kCart).empty());                              // its Service is not known
}

TEST_CASE("gateways: nodes listen on node ports") {
  const std::string node_port = kBerlin + "\ngateway.service_type = \"NodePort\"";
  CHECK(with_gateway(node_port) == Lines{"MF0529 \"NodePort\""});
  CHECK(with_gateway(node_port + "\ngateway.port = 15443") == Lines{"MF0529 15443"});
  CHECK(with_gateway(node_port + "\ngateway.port = 29999") == Lines{"MF0529 29999"});
  CHECK(with_gateway(node_port + "\ngateway.port = 30000").empty());
  CHECK(with_gateway(node_port + "\ngateway.port = 32767").empty());
  CHECK(with_gateway(node_port + "\ngateway.port = 32768") == Lines{"MF0529 32768"});
  CHECK(with_gateway(node_port + "\ngateway.port = \"x\"").empty());                         // reported already
  CHECK(with_gateway("gateway.service_type = \"NodePort\"").empty());                        // MF0502
  CHECK(with_gateway("gateway = { pending = true, service_type = \"NodePort\" }").empty());  // not known yet
}

TEST_CASE("gateways: a ClusterIP is nobody else's") {
  CHECK(with_gateway(kBerlin + "\ngateway.service_type = \"ClusterIP\"") == Lines{"MF0529 \"ClusterIP\""});
}

TEST_CASE("gateways: views with a port declare a translation") {
  const std::string view = "\ngateway.seen_from.tokyo-vpc = { addresses = [\"192.0.2.1\"]";
  for (const std::string type : {"LoadBalancer", "NodePort", "ClusterIP"}) {
    const std::string gateway = kBerlin + "\ngateway.service_type = \"" + type + "\"";
    CHECK(with_gateway(gateway + view + ", port = 443 }").empty());
  }
  CHECK(with_gateway(kBerlin + "\ngateway.port = 443" + view + " }") == Lines{"MF0529 443"});
  // The gateway's own address is not that of a translator.
  const std::string own = "\ngateway.seen_from.tokyo-vpc = { addresses = [\"198.51.100.10\"], port = ";
  CHECK(with_gateway(kBerlin + own + "443 }") == Lines{"MF0529 443"});
  CHECK(with_gateway(kBerlin + own + "15443 }").empty());
  CHECK(with_gateway(kBerlin + "\ngateway.service_type = \"NodePort\"" + own + "31443 }").empty());
  CHECK(with_gateway(kBerlin + "\ngateway.service_type = \"NodePort\"" + own + "443 }") == Lines{"MF0529 443"});
  const std::string lima =
      "[mesh.lima]\n[network.lima-vpc]\n[cluster.lima-1]\nmesh = \"lima\"\nnetwork = \"lima-vpc\"\n";
  CHECK(with_gateway(kBerlin + "\ngateway.port = 443" + view + ", port = 8443 }",
                     lima + replaced(kCart, "[\"tokyo\"]", "[\"tokyo\", \"lima\"]")) == Lines{"MF0529 443"});
}

TEST_CASE("gateways: a name means one gateway to everybody") {
  const auto name = [](const std::string& address) {
    return with_gateway("gateway.addresses = [\"" + address + "\"]");
  };
  for (const std::string address : {"gw.istio-system.svc.cluster.local", "gw.istio-system.svc", "cluster.local",
                                    "gw.istio-system.svc.clusterset.local", "gw.localhost", "localhost.localdomain",
                                    "host.docker.internal", "host.containers.internal", "metadata.google.internal"}) {
    CHECK(name(address) == Lines{"MF0526 \"" + address + "\""});
  }
  for (const std::string address : {"gw.example.com", "gw.corp.local", "svc.example.com", "gw.svc.example.com",
                                    "notlocalhost.example", "gw.internal"}) {
    CHECK(name(address).empty());
  }
  const std::string own =
      replaced(replaced(kShop, "dns_capture = true\n", "dns_capture = true\ncluster_domain = \"k8s.corp\"\n"), kBerlin,
               "gateway.addresses = [\"gw.mesh.svc.k8s.corp\", \"gw.mesh.svc.cluster.local\"]");
  CHECK(found(own + kCart, 526, 526) ==
        Lines{"MF0526 \"gw.mesh.svc.k8s.corp\"", "MF0526 \"gw.mesh.svc.cluster.local\""});
  // A view is for one network, which may have a Service that leads there.
  const auto seen = [](const std::string& address) {
    return with_gateway(kBerlin + "\ngateway.seen_from.tokyo-vpc = { addresses = [\"" + address + "\"] }");
  };
  CHECK(seen("berlin.gateways.svc.cluster.local").empty());
  CHECK(seen("host.docker.internal") == Lines{"MF0526 \"host.docker.internal\""});
}

}  // namespace
}  // namespace meshfed::testing
