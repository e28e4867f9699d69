// MF0537 to MF0547: clusters of one mesh that read each other.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// The shop, with a second cluster of tokyo's mesh on a network of its own.
const std::string kTwo =
    replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nremote_secrets = true\n") + R"([network.osaka-vpc]
[cluster.osaka-1]
mesh = "tokyo"
network = "osaka-vpc"
gateway.addresses = ["203.0.113.8"]
)";

std::string exported(const std::string& roles, const std::string& more = "") {
  return "[export.pay]\nnamespace = \"pay\"\ncanonical_name = \"pay\"\nports = [{ name = \"http\", number = 8080 }]\n"
         "service_accounts = [\"pay\"]\n" +
         roles + more;
}

const std::string kInside = exported("from = [\"osaka-1\"]\nto = [\"tokyo-1\", \"berlin\"]\n");

const std::string kImports = "from = [\"osaka-1\", \"berlin\"]\nto = [\"tokyo-1\"]\n";

Lines about(const std::string& toml) { return found(toml, 537, 542); }

std::string tokyo(const std::string& lines, const std::string& text = kTwo) {
  return replaced(text, "[cluster.tokyo-1]\n", "[cluster.tokyo-1]\n" + lines);
}

TEST_CASE("remote secrets: calls inside a mesh do not leave by an egress gateway") {
  CHECK(about(kTwo + kInside).empty());
  CHECK(about(tokyo("egress = \"gateway\"\n") + kInside) == Lines{"MF0537 \"gateway\""});
  CHECK(about(tokyo("egress = { default = \"gateway\", osaka-vpc = \"direct\" }\n") + kInside).empty());
  CHECK(about(replaced(kTwo, "[defaults]\n", "[defaults]\negress = \"gateway\"\n") + kInside) ==
        Lines{"MF0537 tokyo-1"});
  CHECK(about(tokyo("egress = \"gateway\"\n") + exported("from = [\"berlin\"]\nto = [\"tokyo\"]\n")).empty());
  CHECK(about(tokyo("egress = \"gateway\"\n", replaced(kTwo, "remote_secrets = true\n", "")) + kInside).empty());
  // Whoever has workloads of it gets the others', too.
  CHECK(about(tokyo("egress = \"gateway\"\n") + exported("from = [\"tokyo\"]\nto = [\"berlin\"]\n")) ==
        Lines{"MF0537 \"gateway\""});
}

TEST_CASE("remote secrets: an egress gateway that nothing can leave by is reported once") {
  CHECK(found(tokyo("egress = \"gateway\"\n") + kInside, 517, 517).empty());
  CHECK(found(tokyo("egress = { default = \"gateway\", osaka-vpc = \"direct\" }\n") + kInside, 517, 517).size() == 1);
}

TEST_CASE("remote secrets: pods that are found are behind a gateway that passes their host") {
  CHECK(about(kTwo + exported("from = [\"berlin\"]\nmerge = [\"tokyo\"]\n")) == Lines{"MF0538 \"tokyo\""});
  CHECK(about(kTwo + exported("from = [\"berlin\"]\nmerge = [\"tokyo-1\", \"osaka-1\"]\n")) ==
        Lines{"MF0538 \"tokyo-1\"", "MF0538 \"osaka-1\""});
  CHECK(about(kTwo + exported("from = [\"berlin\"]\nmerge = [\"tokyo-1\"]\n")).empty());  // nobody else has it
  CHECK(about(kTwo + exported("from = [\"berlin\", \"tokyo\"]\nto = [\"tokyo\"]\n")).empty());
  const std::string flat = replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"");
  CHECK(about(flat + exported("from = [\"berlin\"]\nmerge = [\"tokyo\"]\n")).empty());
}

TEST_CASE("remote secrets: pods of other exports are found by their labels") {
  const auto two = [](const std::string& web, const std::string& admin, const std::string& shop = kTwo) {
    const auto served = [](const std::string& name, const std::string& more) {
      return "[export." + name + "]\nports = [{ name = \"http\", number = 8080 }]\nto = [\"berlin\"]\n" + more;
    };
    return found(shop + served("web", web) + served("admin", admin), 538, 538);
  };
  const std::string web = "namespace = \"pay\"\nselector.app = \"web\"\nfrom = [\"tokyo-1\"]\n";
  const std::string admin =
      "namespace = \"pay\"\nselector.app = \"web\"\nselector.tier = \"a\"\nfrom = [\"osaka-1\"]\n";
  CHECK(two(web, admin).size() == 1);
  CHECK(two(replaced(web, "tokyo-1", "tokyo"), admin).empty());  // its gateway passes both
  CHECK(two(replaced(web, "tokyo-1", "berlin"), admin).empty());
  CHECK(two(web, replaced(admin, "osaka-1", "tokyo-1")).empty());
  CHECK(two(web, replaced(admin, "app = \"web\"", "app = \"admin\"")).empty());
  CHECK(two(replaced(web, "namespace = \"pay\"", "namespace = \"web\""), admin).empty());
  CHECK(two(web, admin, replaced(kTwo, "remote_secrets = true\n", "")).empty());
  CHECK(two(web, admin, replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"")).empty());
  // A Service has the pods of its own cluster, its alias all.
  const std::string service = "naming = \"service\"\n" + web;
  CHECK(two(service, admin).empty());
  CHECK(two(service + "alias = [\"web.shop.example\"]\n", admin).size() == 1);
}

TEST_CASE("remote secrets: gateways are found") {
  const auto osaka = [](const std::string& lines) {
    return replaced(kTwo, "network = \"osaka-vpc\"\n", "network = \"osaka-vpc\"\n" + lines) + kInside;
  };
  const std::string nodes = "gateway.port = 31443\ngateway.service_type = \"NodePort\"\n";
  CHECK(about(osaka(nodes)) == Lines{"MF0539 \"NodePort\""});
  CHECK(about(osaka(nodes + "gateway.annotations = { \"traffic.istio.io/nodeSelector\" = \"{}\" }\n")).empty());
  CHECK(about(osaka("gateway.service_type = \"ClusterIP\"\n")) == Lines{"MF0539 \"ClusterIP\""});
  CHECK(about(tokyo(nodes) + kInside).empty());  // nobody calls it
}

TEST_CASE("remote secrets: they are used, and what they merge is apart") {
  CHECK(about(replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nremote_secrets = true\n") + kCart) ==
        Lines{"MF0540 true"});
  CHECK(about(replaced(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nremote_secrets = false\n") + kCart).empty());
  const std::string slices = "egress = \"gateway\"\negress_gateway.backend = \"endpointslice\"\n";
  const std::string both =
      tokyo(slices, replaced(kTwo, "network = \"osaka-vpc\"\n", "network = \"osaka-vpc\"\n" + slices));
  const std::string all = exported("from = [\"berlin\"]\nto = [\"tokyo\"]\n");
  CHECK(about(both + all) == Lines{"MF0541 \"endpointslice\""});
  CHECK(about(replaced(both, "[cluster.osaka-1]\n", "[cluster.osaka-1]\negress_gateway.namespace = \"out\"\n") + all)
            .empty());
  CHECK(about(replaced(both, "remote_secrets = true\n", "") + all).empty());
}

TEST_CASE("remote secrets: a weight is for networks that an endpoint stands for") {
  const std::string roles = "from = [\"osaka-1\", \"berlin\"]\nto = [\"tokyo-1\"]\n";
  CHECK(about(kTwo + exported(roles, "weight = { osaka-vpc = 3 }\n")) == Lines{"MF0542 osaka-vpc"});
  CHECK(about(kTwo + exported(roles, "weight = { berlin-vpc = 3 }\n")).empty());
  CHECK(about(kTwo + exported(roles, "weight = 3\n")) == Lines{"MF0542 3"});
  CHECK(about(kTwo + exported(roles, "weight = { default = 3, osaka-vpc = 1 }\n")).size() == 1);
  CHECK(about(replaced(kTwo, "remote_secrets = true\n", "") + exported(roles, "weight = 3\n")).empty());
}

TEST_CASE("remote secrets: an export's pods are alike in the mesh, and nothing is shared out among them") {
  const auto about_places = [](const std::string& roles, const std::string& place) {
    return found(kTwo + exported(roles, place), 544, 545);
  };
  const std::string both = "from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo\"]\n";
  CHECK(about_places(both, "at.tokyo-1 = { namespace = \"money\" }\n") == Lines{"MF0544 tokyo-1"});
  CHECK(about_places(both, "at.tokyo = { namespace = \"money\" }\n").empty());
  CHECK(about_places(both, "at.berlin = { namespace = \"money\" }\n").empty());
  CHECK(about_places(both, "at.osaka-1 = { targets = { http = 9090 } }\n").size() == 1);
  CHECK(about_places(both, "at.osaka-1 = { canonical_name = \"pay-2\" }\n").size() == 1);
  CHECK(about_places(kImports, "at.tokyo-1 = { namespace = \"money\" }\n") == Lines{"MF0544 tokyo-1"});
  CHECK(about_places(kImports, "at.tokyo-1 = { share = { osaka-vpc = 50, berlin-vpc = 50 } }\n").size() == 1);
}

TEST_CASE("remote secrets: on one network a cluster calls pods of another at its own ports") {
  const std::string flat = replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"");
  const auto about_places = [&](const std::string& roles, const std::string& place) {
    return found(flat + exported(roles, place), 544, 545);
  };
  const std::string both = "from = [\"tokyo\"]\nto = [\"berlin\"]\n";
  CHECK(about_places(both, "at.tokyo-1 = { targets = { http = 9090 } }\n") == Lines{"MF0544 tokyo-1"});
  CHECK(about_places(both, "at.tokyo = { targets = { http = 9090 } }\n").empty());
  // Whoever selects other pods has its own.
  CHECK(about_places(both, "at.tokyo-1 = { namespace = \"money\", targets = { http = 9090 } }\n").empty());
  CHECK(about_places(both, "at.tokyo-1 = { canonical_name = \"pay-2\", targets = { http = 9090 } }\n").empty());
  const std::string merged = "from = [\"berlin\"]\nmerge = [\"tokyo\"]\n";
  CHECK(about_places(merged, "at.tokyo-1 = { targets = { http = 9090 } }\n") == Lines{"MF0544 tokyo-1"});
}

TEST_CASE("remote secrets: whoever imports beside a source selects its pods") {
  const std::string beside =
      replaced(kTwo, "network = \"osaka-vpc\"\ngateway.addresses = [\"203.0.113.8\"]\n", "network = \"tokyo-vpc\"\n");
  const std::string roles = "from = [\"tokyo-1\"]\nto = [\"osaka-1\", \"berlin\"]\n";
  CHECK(found(beside + exported(roles, "at.osaka-1 = { namespace = \"money\" }\n"), 544, 545) ==
        Lines{"MF0544 osaka-1"});
  CHECK(found(beside + exported(roles, "at.berlin = { namespace = \"money\" }\n"), 544, 545).empty());
}

TEST_CASE("remote secrets: a gateway that passes only exports is closed to the rest of its mesh") {
  CHECK(found(kTwo + kInside, 543, 543) == Lines{"MF0543 gateway"});
  const auto osaka = [](const std::string& passes) {
    return replaced(kTwo, "network = \"osaka-vpc\"\n",
                    "network = \"osaka-vpc\"\ngateway.deploy = false\ngateway.selector.a = \"b\"\n" + passes) +
           kInside;
  };
  CHECK(found(osaka(""), 543, 543).size() == 1);
  CHECK(found(osaka("gateway.passes = [\"*.local\"]\n"), 543, 543).empty());
}

TEST_CASE("remote secrets: who reads a network may consume beside a source, and needs a view") {
  const std::string beside = replaced(kTwo, "network = \"osaka-vpc\"", "network = \"tokyo-vpc\"");
  const std::string roles = exported("from = [\"tokyo-1\"]\nto = [\"osaka-1\", \"berlin\"]\n");
  const std::string quiet = replaced(beside, "gateway.addresses = [\"203.0.113.8\"]\n", "");
  CHECK(found(quiet + roles, 410, 410).empty());
  CHECK(found(replaced(quiet, "remote_secrets = true\n", "") + roles, 410, 410).size() == 1);
  const std::string existing = tokyo("gateway.deploy = false\ngateway.selector.a = \"b\"\n");
  const std::string both = exported("from = [\"tokyo\"]\nto = [\"berlin\"]\n");
  CHECK(found(existing + both, 527, 527) == Lines{"MF0527 false"});
  CHECK(found(replaced(existing, "remote_secrets = true\n", "") + both, 527, 527).empty());
}

TEST_CASE("remote secrets: pods on the caller's own network need no gateway") {
  const std::string kyoto = "[cluster.kyoto-1]\nmesh = \"tokyo\"\nnetwork = \"osaka-vpc\"\n";
  const auto about_gateways = [&](const std::string& to) {
    return found(kTwo + kyoto + exported("from = [\"kyoto-1\"]\nto = [" + to + "]\n"), 414, 414);
  };
  CHECK(about_gateways("\"osaka-1\"").empty());
  CHECK(about_gateways("\"osaka-1\", \"berlin\"") == Lines{"MF0414 kyoto-1"});
}

TEST_CASE("remote secrets: no cluster finds a network that only another one imports from") {
  const auto entries = [](const std::string& toml) { return found(toml, 546, 546); };
  CHECK(entries(kTwo + exported("from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo-1\"]\n")) == Lines{"MF0546 \"tokyo\""});
  CHECK(entries(kTwo + exported("from = [\"osaka-1\", \"berlin\"]\nto = [\"tokyo-1\"]\n")) ==
        Lines{"MF0546 \"osaka-1\""});
  CHECK(entries(kTwo + exported("from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo\"]\n")).empty());
  CHECK(entries(kTwo + exported("from = [\"tokyo\"]\nto = [\"tokyo-1\", \"berlin\"]\n")).empty());  // none imports
  // Without pods in the mesh the endpoints are in the ServiceEntry itself.
  CHECK(entries(kTwo + exported("from = [\"berlin\"]\nto = [\"tokyo-1\"]\n")).empty());
  const std::string apart = replaced(kTwo, "remote_secrets = true\n", "");
  CHECK(entries(apart + exported("from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo-1\"]\n")).empty());
}

TEST_CASE("remote secrets: a network counts once beside pods") {
  const auto counts = [](const std::string& roles, const std::string& naming) {
    return found(kTwo + exported(roles, "naming = \"" + naming + "\"\n"), 547, 547);
  };
  const std::string both = "from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo\"]\n";
  CHECK(counts(both, "service") == Lines{"MF0547 pay"});
  CHECK(counts(both, "global") == Lines{"MF0547 pay"});
  CHECK(counts(both + "prefer = \"local\"\n", "global").empty());
  CHECK(counts("from = [\"berlin\"]\nto = [\"tokyo\"]\n", "service").empty());  // no pods beside it
}

TEST_CASE("remote secrets: clusters that have no part in a Service see it, and find the entries of others") {
  const auto entries = [](const std::string& naming) {
    const std::string name = "naming = \"" + naming + "\"\n";
    return found(kTwo + exported("from = [\"berlin\"]\nto = [\"tokyo-1\"]\n", name), 546, 546);
  };
  CHECK(entries("service") == Lines{"MF0546 \"tokyo-1\""});
  CHECK(entries("global").empty());
}

TEST_CASE("remote secrets: a network has one weight in all clusters that find its entries") {
  const auto differ = [](const std::string& weights) {
    return found(kTwo + exported("from = [\"tokyo\", \"berlin\"]\nto = [\"tokyo\", \"berlin\"]\n", weights), 548, 548);
  };
  CHECK(differ("weight = 2\nat.tokyo-1.weight = { berlin-vpc = 3 }\n") == Lines{"MF0548 { berlin-vpc = 3 }"});
  CHECK(differ("at.tokyo.weight = { berlin-vpc = 3 }\n").empty());
  CHECK(differ("at.berlin.weight = 4\n").empty());
}

TEST_CASE("remote secrets: entries that are found are of one export") {
  const auto share = [](const std::string& name, const std::string& selector, const std::string& roles) {
    return "[export." + name + "]\nnamespace = \"pay\"\nselector = " + selector +
           "\nports = [{ name = \"http\", number = 8080 }]\nservice_accounts = [\"pay\"]\n" + roles;
  };
  const std::string both =
      share("pay", "{ app = \"pay\", tier = \"back\" }", "from = [\"tokyo-1\", \"berlin\"]\nto = [\"tokyo-1\"]\n") +
      share("back", "{ tier = \"back\" }", "from = [\"osaka-1\"]\nto = [\"berlin\"]\n");
  CHECK(found(kTwo + both, 436, 436) == Lines{"MF0436 { tier = \"back\" }"});
  CHECK(found(replaced(kTwo, "remote_secrets = true\n", "") + both, 436, 436).empty());
}

}  // namespace
}  // namespace meshfed::testing
