// MF0537 to MF0543: clusters of one mesh that read each other.
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

}  // namespace
}  // namespace meshfed::testing
