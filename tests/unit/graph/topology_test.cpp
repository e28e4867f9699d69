#include "graph/topology.hpp"

#include <string>
#include <vector>

#include "fleet.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

using namespace meshfed;
using graph::Change;
using graph::Way;
using testing::kCart;
using testing::kShop;
using testing::replaced;
using testing::topology_of;

namespace {

using Lines = std::vector<std::string>;

/// "tokyo-1 > berlin-1 cart.mesh.global direct", and what changed.
Lines links_of(const graph::Topology& topology) {
  Lines lines;
  for (const graph::Link& link : topology.links) {
    const std::string changed = link.change == Change::none ? "" : fmt::format(" {}", word(link.change));
    lines.push_back(fmt::format("{} > {} {} {}{}", topology.clusters[link.consumer].name,
                                topology.clusters[link.server].name, topology.hosts[link.host].name, word(link.way),
                                changed));
  }
  return lines;
}

/// "cluster tokyo-1 changed" of what differs, links apart.
Lines changes_of(const graph::Topology& topology) {
  Lines lines;
  const auto add = [&](const char* kind, const auto& items) {
    for (const auto& item : items) {
      if (item.change != Change::none) lines.push_back(fmt::format("{} {} {}", kind, item.name, word(item.change)));
    }
  };
  add("mesh", topology.meshes);
  add("cluster", topology.clusters);
  add("host", topology.hosts);
  return lines;
}

const std::string kThird = R"([mesh.lima]
[network.lima-vpc]
[cluster.lima-1]
mesh = "lima"
network = "lima-vpc"
gateway.addresses = ["192.0.2.9"]
egress = "gateway"
)";

}  // namespace

TEST_CASE("a link goes from each cluster that consumes to each that serves") {
  CHECK(links_of(topology_of(kShop + kCart)) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct"});
  CHECK(links_of(topology_of(kShop + kThird + replaced(kCart, "[\"tokyo\"]", "\"*\""))) ==
        Lines{"lima-1 > berlin-1 cart.mesh.global egress", "tokyo-1 > berlin-1 cart.mesh.global direct"});
  CHECK(links_of(topology_of(
            replaced(kShop, "addresses = [\"198.51.100.10\"]", "router = { addresses = [\"198.51.100.10\"] }") +
            kThird + replaced(kCart, "[\"tokyo\"]", "\"*\""))) ==
        Lines{"lima-1 > berlin-1 cart.mesh.global egress-router", "tokyo-1 > berlin-1 cart.mesh.global router"});
}

TEST_CASE("workloads that are for their own cluster only call the others, and nobody calls them") {
  const graph::Topology topology = topology_of(kShop + replaced(kCart, "to = ", "merge = "));
  CHECK(links_of(topology) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct"});
  REQUIRE(topology.hosts.size() == 1);
  CHECK(topology.hosts[0].local == std::vector<std::uint32_t>{1});
  REQUIRE(topology.servings.size() == 1);
  CHECK(topology.servings[0].cluster == 0);
}

TEST_CASE("nobody calls a network whose gateways are pending") {
  const graph::Topology topology =
      topology_of(replaced(kShop, "gateway.addresses = [\"198.51.100.10\"]", "gateway.pending = true") + kCart);
  CHECK(topology.links.empty());
  CHECK(topology.clusters[0].gateway == "pending");
}

TEST_CASE("clusters of a mesh that read each other need no gateway of ours") {
  const std::string shop = replaced(kShop, "[mesh.berlin]", "[mesh.berlin]\nremote_secrets = true") +
                           "[network.bonn-vpc]\n[cluster.bonn-1]\nmesh = \"berlin\"\nnetwork = \"bonn-vpc\"\n"
                           "gateway.addresses = [\"192.0.2.77\"]\n";
  const std::string cart = replaced(replaced(kCart, "[\"berlin\"]", "[\"berlin-1\"]"), "[\"tokyo\"]", "[\"bonn-1\"]");
  CHECK(links_of(topology_of(shop + cart)) == Lines{"bonn-1 > berlin-1 cart.mesh.global remote-secret"});
}

TEST_CASE("of two revisions it shows what was added") {
  const graph::Topology both =
      graph::compare(topology_of(kShop + kCart), topology_of(kShop + kThird + replaced(kCart, "[\"tokyo\"]", "\"*\"")));
  CHECK(both.compared);
  CHECK(changes_of(both) == Lines{"mesh lima added", "cluster lima-1 added", "host cart.mesh.global changed"});
  CHECK(links_of(both) ==
        Lines{"lima-1 > berlin-1 cart.mesh.global egress added", "tokyo-1 > berlin-1 cart.mesh.global direct"});
}

TEST_CASE("of two revisions it shows what was removed, where it was") {
  const graph::Topology both =
      graph::compare(topology_of(kShop + kThird + replaced(kCart, "[\"tokyo\"]", "[\"lima\", \"tokyo\"]")),
                     topology_of(kShop + kCart));
  CHECK(changes_of(both) == Lines{"mesh lima removed", "cluster lima-1 removed", "host cart.mesh.global changed"});
  CHECK(links_of(both) ==
        Lines{"lima-1 > berlin-1 cart.mesh.global egress removed", "tokyo-1 > berlin-1 cart.mesh.global direct"});
}

TEST_CASE("of two revisions it shows a cluster whose gateway moved, and calls that go another way") {
  const graph::Topology before = topology_of(kShop + kCart);
  const graph::Topology moved =
      graph::compare(before, topology_of(replaced(kShop, "198.51.100.10", "198.51.100.11") + kCart));
  CHECK(changes_of(moved) == Lines{"cluster berlin-1 changed"});
  CHECK(links_of(moved) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct"});
  const graph::Topology way =
      graph::compare(before, topology_of(replaced(kShop, "dns_capture", "egress = \"gateway\"\ndns_capture") + kCart));
  CHECK(links_of(way) == Lines{"tokyo-1 > berlin-1 cart.mesh.global egress changed"});
}

TEST_CASE("of two revisions it shows calls of a host that is another one to its callers") {
  const auto compared_to = [](std::string_view from, std::string_view to) {
    return graph::compare(topology_of(kShop + kCart), topology_of(kShop + replaced(kCart, from, to)));
  };
  const graph::Topology port = compared_to("8080", "8081");
  CHECK(changes_of(port) == Lines{"host cart.mesh.global changed"});
  CHECK(links_of(port) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct changed"});
  const graph::Topology weight = compared_to("service_accounts", "weight = 2\nservice_accounts");
  CHECK(links_of(weight) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct changed"});
  const graph::Topology outlier = compared_to("service_accounts", "outlier = { errors = 9 }\nservice_accounts");
  CHECK(changes_of(outlier) == Lines{"host cart.mesh.global changed"});
  CHECK(links_of(outlier) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct"});
}

TEST_CASE("a revision and itself do not differ, and one without a federation is all new") {
  const graph::Topology same = graph::compare(topology_of(kShop + kCart), topology_of(kShop + kCart));
  CHECK(changes_of(same).empty());
  CHECK(links_of(same) == Lines{"tokyo-1 > berlin-1 cart.mesh.global direct"});
  CHECK(changes_of(graph::compare({}, topology_of(kShop + kCart))).size() == 5);
}
