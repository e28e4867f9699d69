// MF046x and MF047x: what differs by place, beyond what tests/diag shows; and what other rules make of it.
#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

/// All that is said, but for what every one of these exports may say (MF0606: meshes of one trust domain; MF0439: a
/// rule for a Service that has local workloads).
Lines all(const std::string& toml) {
  Lines lines = found(toml, 1, 9999);
  std::erase_if(lines,
                [](const std::string& line) { return line.starts_with("MF0606") || line.starts_with("MF0439"); });
  return lines;
}

std::string at(const std::string& who, const std::string& lines) {
  return fmt::format("[export.cart.at.{}]\n{}", who, lines);
}

const std::string kMerged = replaced(kCart, "to = [\"tokyo\"]", "merge = [\"tokyo\"]");
const std::string kService =
    replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"\nselector.app = \"cart\"");
const std::string kOsaka =
    "[network.osaka-vpc]\n[cluster.osaka-1]\nmesh = \"tokyo\"\nnetwork = \"osaka-vpc\"\ngateway.addresses = "
    "[\"203.0.113.8\"]\n";

std::string with(const std::string& cart, const std::string& from, const std::string& to) {
  return replaced(cart, from, to);
}

const std::string kLocated = with(kShop, "gateway.addresses = [\"203.0.113.7\"]\n",
                                  "gateway.addresses = [\"203.0.113.7\"]\nlocality = \"asia/a\"\n");

TEST_CASE("every key is right where it can be") {
  const std::string server =
      "namespace = \"cart-b\"\ncanonical_name = \"cart-b\"\nservice_accounts = [\"cart-b\"]\ntargets = { http = 9090 "
      "}\n";
  CHECK(all(kShop + kCart + at("berlin", server) + at("tokyo-1", "namespace = \"carts\"\n")) == Lines{});
  CHECK(all(kLocated + kMerged + at("berlin-1", server) +
            at("tokyo", server + "share = { local = 80, berlin-vpc = 20 }\n")) == Lines{});
  CHECK(all(kShop + kMerged + at("tokyo", "weight = 5\n")) == Lines{});
}

TEST_CASE("a place is declared and has a part") {
  CHECK(all(kShop + kCart + at("tokio", "namespace = \"carts\"\n")) == Lines{"MF0301 tokio"});
  CHECK(all(kShop + kOsaka + with(kCart, "to = [\"tokyo\"]", "to = [\"tokyo-1\"]") +
            at("osaka-1", "namespace = \"carts\"\n")) == Lines{"MF0460 osaka-1"});
  // The mesh has: its other cluster.
  CHECK(all(kShop + kOsaka + with(kCart, "to = [\"tokyo\"]", "to = [\"tokyo-1\"]") +
            at("tokyo", "namespace = \"carts\"\n")) == Lines{});
  CHECK(all(kShop + with(kCart, "to = [\"tokyo\"]", "to = [\"*\"]\ncallers = [\"tokyo/*\", \"berlin/*\"]") +
            at("tokyo", "namespace = \"carts\"\n")) == Lines{});
}

TEST_CASE("who refuses an export need not know what it says of them") {
  const std::string shop = with(kShop, "network = \"tokyo-vpc\"\n", "network = \"tokyo-vpc\"\nimports = []\n");
  CHECK(found(shop + kCart + at("tokyo", "weight = 5\n"), 460, 479) == Lines{});
}

TEST_CASE("keys about workloads need some, keys about calls need a consumer") {
  CHECK(all(kShop + kCart +
            at("tokyo", "selector.app = \"cart\"\nservice_accounts = [\"x\"]\ntargets = { http = 9090 }\n")) ==
        Lines{"MF0461 selector", "MF0461 [\"x\"]", "MF0461 { http = 9090 }"});
  CHECK(all(kShop + kCart + at("berlin", "weight = 5\nshare = { tokyo-vpc = 100 }\n")) ==
        Lines{"MF0426 5", "MF0461 5", "MF0461 { tokyo-vpc = 100 }"});
}

TEST_CASE("a selector and a canonical name replace each other, and exclude each other in one table") {
  CHECK(all(kShop + kCart + at("berlin", "selector.app = \"x\"\n")) == Lines{});
  CHECK(found(kShop + kCart + at("berlin", "selector.app = \"x\"\ncanonical_name = \"x\"\n"), 407, 407).size() == 1);
  const std::string nothing = with(kCart, "canonical_name = \"cart\"\n", "");
  CHECK(all(kShop + nothing + at("berlin", "canonical_name = \"x\"\n")) == Lines{});
  CHECK(all(kShop + nothing + at("tokyo", "namespace = \"x\"\n")) == Lines{"MF0408 cart"});
}

TEST_CASE("a Service is in one namespace, and has no canonical name anywhere") {
  CHECK(all(kShop + kService + at("berlin", "namespace = \"x\"\ncanonical_name = \"x\"\n")) ==
        Lines{"MF0462 \"x\"", "MF0420 \"x\""});
  CHECK(all(kShop + kService + at("berlin", "selector.app = \"x\"\nservice_accounts = [\"x\"]\n")) == Lines{});
  CHECK(all(kShop + kService + at("berlin", "service_accounts = [\"x\", \"y\"]\n")) == Lines{"MF0419 [\"x\", \"y\"]"});
}

TEST_CASE("a Service's selector may be said where it is needed") {
  const std::string merged = with(with(kService, "to = [", "merge = ["), "selector.app = \"cart\"\n", "");
  CHECK(found(kShop + merged, 422, 422).size() == 1);
  CHECK(all(kShop + merged + at("tokyo", "selector.app = \"cart\"\n")) == Lines{});
  CHECK(found(kShop + merged + at("berlin", "selector.app = \"cart\"\n"), 422, 422).size() == 1);
}

TEST_CASE("accounts are named for all who serve or for none") {
  const std::string unnamed = with(kCart, "service_accounts = [\"cart\"]\n", "");
  CHECK(all(kShop + unnamed + at("berlin", "service_accounts = [\"x\"]\n")) == Lines{});
  const std::string two =
      with(unnamed, "from = [\"berlin\"]\nto = [\"tokyo\"]", "from = [\"berlin\", \"tokyo\"]\nto = [\"tokyo\"]");
  CHECK(all(kShop + two + at("berlin", "service_accounts = [\"x\"]\n")) == Lines{"MF0464 [\"x\"]"});
  CHECK(all(kShop + two + at("berlin", "service_accounts = [\"x\"]\n") + at("tokyo", "service_accounts = [\"y\"]\n")) ==
        Lines{});
}

TEST_CASE("accounts of pods that are merged beside those that serve, where clusters read each other") {
  const std::string two = with(kShop, "[mesh.tokyo]\n", "[mesh.tokyo]\nremote_secrets = true\n") +
                          "[cluster.tokyo-2]\nmesh = \"tokyo\"\nnetwork = \"tokyo-vpc\"\n";
  const std::string beside = with(kService, "from = [\"berlin\"]\nto = [\"tokyo\"]",
                                  "from = [\"tokyo-1\"]\nmerge = [\"tokyo-2\"]\nto = [\"berlin\"]");
  const std::string own = at("tokyo-2", "service_accounts = [\"x\"]\n");
  CHECK(found(two + beside + own, 419, 473) == Lines{"MF0473 [\"x\"]"});
  CHECK(found(two + beside, 419, 473).empty());
  CHECK(found(with(two, "remote_secrets = true\n", "") + beside + own, 419, 473).empty());
  const std::string unnamed = with(beside, "service_accounts = [\"cart\"]\n", "");
  CHECK(found(two + unnamed + own, 464, 464).size() == 1);
  CHECK(found(with(two, "remote_secrets = true\n", "") + unnamed + own, 464, 464).empty());
}

TEST_CASE("merged across namespaces, workloads are named") {
  const std::string unnamed = with(kMerged, "service_accounts = [\"cart\"]\n", "");
  CHECK(all(kShop + unnamed + at("berlin", "namespace = \"x\"\n")) == Lines{"MF0465 cart"});
  CHECK(all(kShop + unnamed + at("tokyo", "namespace = \"x\"\n")) == Lines{"MF0465 cart"});
  CHECK(all(kShop + kMerged + at("tokyo", "namespace = \"x\"\n")) == Lines{});
  CHECK(all(kShop + unnamed + at("tokyo", "namespace = \"x\"\n") + at("berlin", "namespace = \"x\"\n")) ==
        Lines{"MF0603 cart"});
}

TEST_CASE("the policy that callers become is looked at where it stands") {
  const std::string callers = with(kCart, "to = [", "callers = [\"berlin/*\", \"tokyo/*\"]\nto = [");
  CHECK(all(kShop + callers + at("berlin", "namespace = \"istio-system\"\n")) == Lines{"MF0615 \"istio-system\""});
  CHECK(all(kShop + callers + at("tokyo", "namespace = \"istio-system\"\n")) == Lines{});  // no workloads
  const std::string service = with(kService, "to = [", "callers = [\"berlin/*\", \"tokyo/*\"]\nto = [");
  CHECK(all(kShop + service) == Lines{"MF0612 8080"});
  CHECK(all(kShop + service + at("berlin", "targets = { http = 9090 }\n")) == Lines{});
  CHECK(all(kShop + with(service, "from = [\"berlin\"]", "from = [\"berlin\", \"tokyo\"]") +
            at("berlin", "targets = { http = 9090 }\n")) == Lines{"MF0612 8080"});
}

TEST_CASE("exports meet where they are: in one cluster, in one namespace, at one port of the pods") {
  const std::string guarded = with(kCart, "to = [", "callers = [\"berlin/a/*\"]\nto = [");
  std::string other = with(with(kCart, "export.cart", "export.basket"), "to = [", "callers = [\"berlin/b/*\"]\nto = [");
  CHECK(all(kShop + guarded + other) == Lines{"MF0611 [\"berlin/b/*\"]"});
  const std::string apart = with(other, "namespace = \"cart\"", "namespace = \"basket\"");
  CHECK(all(kShop + guarded + apart) == Lines{});
  CHECK(all(kShop + guarded + apart + "[export.basket.at.berlin]\nnamespace = \"cart\"\n") ==
        Lines{"MF0611 [\"berlin/b/*\"]"});
  CHECK(all(kShop + guarded + other + "[export.basket.at.berlin]\nnamespace = \"basket\"\n") == Lines{});
  CHECK(all(kShop + guarded + other + "[export.basket.at.berlin]\ncanonical_name = \"basket\"\n") == Lines{});
  CHECK(all(kShop + guarded + other + "[export.basket.at.berlin]\ntargets = { http = 9090 }\n") == Lines{});
  CHECK(all(kShop + guarded + other + "[export.basket.at.tokyo]\nnamespace = \"basket\"\n") ==
        Lines{"MF0611 [\"berlin/b/*\"]"});
}

TEST_CASE("remote endpoints of one export are selected by no other, in the namespace where they are") {
  const std::string other =
      with(with(kMerged, "export.cart", "export.basket"), "namespace = \"cart\"", "namespace = \"basket\"");
  CHECK(all(kShop + kMerged + other) == Lines{});
  CHECK(all(kShop + kMerged + other + "[export.basket.at.tokyo]\nnamespace = \"cart\"\n") == Lines{"MF0436 \"cart\""});
  CHECK(all(kShop + kMerged + other + "[export.basket.at.berlin]\nnamespace = \"cart\"\n") == Lines{});
}

TEST_CASE("targets are ports, and none of the proxy's") {
  CHECK(all(kShop + kCart + at("berlin", "targets = { http = 15001 }\n")) == Lines{"MF0428 15001"});
  CHECK(all(kShop + kCart + at("berlin", "targets = { htp = 9090 }\n")) == Lines{"MF0463 htp"});
  CHECK(all(kShop + kCart + at("berlin", "targets = { 8080 = 9090 }\n")) == Lines{"MF0463 8080"});
}

TEST_CASE("a selector by which Services select is told of where it is merged") {
  CHECK(all(kShop + kMerged + at("berlin", "selector.app = \"cart\"\n")) == Lines{});
  CHECK(all(kShop + kMerged + at("tokyo", "selector.app = \"cart\"\n")) == Lines{"MF0409 selector"});
}

TEST_CASE("weights of a place are for those who choose there") {
  CHECK(all(kShop + kMerged + at("tokyo", "weight = { berlin-vpc = 2, tokyo-vpc = 3 }\n")) ==
        Lines{"MF0431 tokyo-vpc"});
  CHECK(all(kShop + kCart + at("tokyo", "weight = 3\n")) == Lines{"MF0426 3"});
  CHECK(all(kShop + with(kMerged, "from", "weight = 2\nfrom") + at("tokyo", "weight = 3\n")) == Lines{"MF0426 2"});
}

TEST_CASE("a fragment says of places what its rule allows") {
  const auto said = [](const std::string& rule, const std::string& tables) {
    MemoryFs fs;
    fs.put("federation.toml", with(kShop, "version = 1\n", "version = 1\ninclude = [\"apps/*.toml\"]\n") +
                                  "[fragment.\"apps/*.toml\"]\n" + rule);
    fs.put("apps/cart.toml", kCart + tables);
    return found(fs, 1, 9999);
  };
  const std::string elsewhere = at("berlin", "namespace = \"kube-system\"\n");
  CHECK(said("", elsewhere) == Lines{});
  CHECK(said("namespaces = [\"cart\"]\n", elsewhere) == Lines{"MF0224 \"kube-system\""});
  CHECK(said("namespaces = [\"cart\"]\n", at("tokyo", "namespace = \"kube-system\"\n")) ==
        Lines{"MF0224 \"kube-system\""});
  CHECK(said("from = [\"berlin\"]\nto = [\"tokyo\"]\n",
             at("berlin", "targets = { http = 9090 }\n") + at("tokyo", "namespace = \"x\"\n")) == Lines{});
  CHECK(said("from = [\"berlin-1\"]\nto = [\"tokyo\"]\n", at("berlin", "targets = { http = 9090 }\n")) == Lines{});
  CHECK(said("from = [\"tokyo\"]\nto = [\"tokyo\"]\n", at("berlin", "targets = { http = 9090 }\n")) ==
        Lines{"MF0224 \"berlin\"", "MF0224 berlin"});
}

}  // namespace
}  // namespace meshfed::testing
