#include <algorithm>
#include <string>
#include <vector>

#include "fleet.hpp"
#include "graph/topology.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

using namespace meshfed;
using graph::Kind;
using Strings = std::vector<std::string>;

namespace {

const std::string kFourMeshes = testing::kShop + R"([mesh.lima]
[mesh.oslo]
[network.lima-vpc]
[network.oslo-vpc]
[cluster.lima-1]
mesh = "lima"
network = "lima-vpc"
gateway.addresses = ["192.0.2.9"]
[cluster.oslo-1]
mesh = "oslo"
network = "oslo-vpc"
gateway.addresses = ["192.0.2.10"]
)" + testing::kCart + R"([export.search]
namespace = "search"
canonical_name = "search"
ports = [{ name = "http", number = 8081 }]
from = ["tokyo"]
to = ["lima", "berlin"]
service_accounts = ["search"]
)";

template <class Items>
Strings names(const Items& items) {
  Strings list;
  for (const auto& item : items) list.push_back(item.name);
  return list;
}

graph::Topology narrowed(const graph::Topology& topology, Kind kind, const char* name) {
  return graph::narrowed(topology, {.names = {{kind, name}}});
}

}  // namespace

TEST_CASE("a focus keeps what touches it, and what stands at the other end") {
  const graph::Topology all = testing::topology_of(kFourMeshes);
  const graph::Topology lima = narrowed(all, Kind::cluster, "lima-1");
  CHECK(names(lima.clusters) == Strings{"lima-1", "tokyo-1"});
  CHECK(names(lima.meshes) == Strings{"lima", "tokyo"});
  CHECK(names(lima.hosts) == Strings{"search.mesh.global"});
  CHECK(lima.links.size() == 1);
  const graph::Topology cart = narrowed(all, Kind::host, "cart.mesh.global");
  CHECK(names(cart.clusters) == Strings{"berlin-1", "tokyo-1"});
  CHECK(cart.links.size() == 1);
  CHECK(narrowed(all, Kind::export_, "cart").links.size() == 1);
  CHECK(narrowed(all, Kind::mesh, "tokyo").links.size() == 3);
  CHECK(narrowed(all, Kind::network, "berlin-vpc").links.size() == 2);
  CHECK(graph::narrowed(all, {}).clusters.size() == 4);
}

TEST_CASE("an alias is a name of its host") {
  const graph::Topology all = testing::topology_of(
      testing::replaced(kFourMeshes, "[export.cart]", "[export.cart]\nalias = [\"cart.example\"]"));
  CHECK(narrowed(all, Kind::host, "cart.example").links.size() == 1);
  const std::vector<graph::Named> names = graph::names_of(all);
  CHECK(std::find(names.begin(), names.end(), graph::Named{Kind::host, "cart.example"}) != names.end());
}

TEST_CASE("what is named is kept even if nothing touches it") {
  const graph::Topology all = testing::topology_of(kFourMeshes);
  CHECK(names(narrowed(all, Kind::cluster, "oslo-1").clusters) == Strings{"oslo-1"});
}

TEST_CASE("a focus on changes leaves out all that stayed") {
  const graph::Topology both = graph::compare(
      testing::topology_of(kFourMeshes),
      testing::topology_of(testing::replaced(kFourMeshes, "to = [\"lima\", \"berlin\"]", "to = [\"lima\"]")));
  const graph::Topology changes = graph::narrowed(both, {.names = {}, .only_changes = true});
  CHECK(names(changes.clusters) == Strings{"berlin-1", "tokyo-1"});
  CHECK(names(changes.hosts) == Strings{"search.mesh.global"});
  CHECK(changes.links.size() == 1);
}

TEST_CASE("by mesh, each is one cluster, and a host is counted once") {
  graph::Topology all =
      testing::topology_of(kFourMeshes +
                           "[network.tokyo-2]\n[cluster.tokyo-2]\nmesh = \"tokyo\"\nnetwork = \"tokyo-2\"\n"
                           "gateway.addresses = [\"203.0.113.8\"]\n");
  const std::size_t clusters = all.clusters.size();
  const graph::Topology meshes = graph::by_mesh(all);
  CHECK(clusters == 5);
  CHECK(names(meshes.clusters) == Strings{"berlin", "lima", "oslo", "tokyo"});
  CHECK(meshes.clusters[3].network == "2 clusters");
  CHECK(all.links.size() == 6);
  CHECK(meshes.links.size() == 3);
}

TEST_CASE("narrowing never leaves anything in the air") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const graph::Topology all = testing::random_topology(seed, 15);
    if (all.clusters.empty()) continue;
    graph::Focus focus{.names = {{Kind::cluster, all.clusters[seed % all.clusters.size()].name}},
                       .only_changes = seed % 3 == 0};
    for (const graph::Topology& part : {graph::narrowed(all, focus), graph::by_mesh(all)}) {
      for (const graph::ClusterNode& cluster : part.clusters) CHECK(cluster.mesh < part.meshes.size());
      for (const graph::Link& link : part.links) {
        CHECK((link.server < part.clusters.size() && link.consumer < part.clusters.size()));
        CHECK((link.host < part.hosts.size() && link.server != link.consumer));
      }
      for (const graph::Serving& serving : part.servings)
        CHECK((serving.cluster < part.clusters.size() && serving.host < part.hosts.size()));
    }
  }
}
