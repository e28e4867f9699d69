#include <doctest/doctest.h>

#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

std::string number(std::size_t i) { return std::to_string(i); }

/// Exports of berlin's, `count` of them, with some lines more each.
std::string exports(std::size_t count, const std::string& lines = "to = [\"tokyo\"]\n",
                    const std::string& ports = "{ name = \"http\", number = 8080 }") {
  std::string toml;
  for (std::size_t i = 0; i < count; ++i) {
    toml += "[export.e" + number(i) + "]\nnamespace = \"e\"\ncanonical_name = \"e" + number(i) + "\"\nports = [" +
            ports + "]\nfrom = [\"berlin\"]\nservice_accounts = [\"e\"]\n" + lines;
  }
  return toml;
}

/// Networks, each of a mesh of its own, that serve tokyo one export each.
std::string networks(std::size_t count, std::size_t addresses = 1) {
  std::string toml;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = number(addresses) + "-" + number(i);
    toml += "[mesh.m" + n + "]\n[network.n" + n + "]\negress_port = " + number(20000 + i) + "\n[cluster.c" + n +
            "]\nmesh = \"m" + n + "\"\nnetwork = \"n" + n + "\"\ngateway.addresses = [";
    for (std::size_t a = 0; a < addresses; ++a) toml += "\"198.18." + number(addresses) + "." + number(i + a) + "\", ";
    toml += "]\n[export.x" + n + "]\nnamespace = \"x\"\ncanonical_name = \"x" + n +
            "\"\nports = [{ name = \"http\", number = 80 }]\nfrom = [\"m" + n +
            "\"]\nto = [\"tokyo\"]\nservice_accounts = [\"x\"]\n";
  }
  return toml;
}

std::string tokyo(const std::string& lines) {
  return replaced(kShop, "[cluster.tokyo-1]\n", "[cluster.tokyo-1]\n" + lines + "\n");
}

Lines about(const std::string& toml) { return found(toml, 801, 813); }

TEST_CASE("limits: listeners of an egress gateway") {
  CHECK(about(tokyo("egress = \"gateway\"") + networks(64)) == Lines{});
  CHECK(about(tokyo("egress = \"gateway\"") + networks(65)) == Lines{"MF0801 \"gateway\""});
  CHECK(about(kShop + networks(65)) == Lines{});
}

TEST_CASE("limits: host names of a TLSRoute") {
  const std::string route = tokyo("gateway_api = \"1.5\"\negress = \"gateway\"\negress_gateway.route = \"tlsroute\"");
  CHECK(about(route + exports(16)) == Lines{});
  CHECK(about(route + exports(17)) == Lines{"MF0802 \"tlsroute\""});
  CHECK(about(replaced(route, "1.5", "1.6") + exports(17)) == Lines{});
  CHECK(about(tokyo("egress = \"gateway\"") + exports(17)) == Lines{});
}

TEST_CASE("limits: sizes of objects") {
  const auto callers = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += "\"tokyo/customers/account-" + number(100000 + i) + "\", ";
    return "to = [\"tokyo\"]\ncallers = [" + list + "]\n";
  };
  const auto codes = [](const Lines& lines) {
    Lines only;
    for (const std::string& line : lines) only.push_back(line.substr(0, 6));
    return only;
  };
  // Each is "cluster.local/ns/customers/sa/account-100000", and quotes and a comma.
  CHECK(codes(about(kShop + exports(1, callers(4000)))) == Lines{});
  CHECK(codes(about(kShop + exports(1, callers(6000)))) == Lines{"MF0806"});
  CHECK(codes(about(kShop + exports(1, callers(24000)))) == Lines{"MF0805"});
}

TEST_CASE("limits: objects that kustomize has to build") {
  // Each is a ServiceEntry, a WorkloadEntry and a DestinationRule in tokyo, where a PeerAuthentication, an east-west
  // gateway and a remote network are, too.
  CHECK(about(kShop + exports(332, "merge = [\"tokyo\"]\n")) == Lines{});
  CHECK(about(kShop + exports(333, "merge = [\"tokyo\"]\n")) == Lines{"MF0807 tokyo-1"});
  CHECK(about(replaced(kShop, "mtls", "kustomization = false\nmtls") + exports(333, "merge = [\"tokyo\"]\n")) ==
        Lines{});
}

TEST_CASE("limits: filter chains of an east-west gateway") {
  std::string ports;
  for (std::size_t i = 0; i < 200; ++i)
    ports += "{ name = \"http-" + number(i) + "\", number = " + number(i + 1) + " }, ";
  CHECK(about(kShop + exports(10, "to = [\"tokyo\"]\n", ports)) == Lines{});
  CHECK(about(kShop + exports(11, "to = [\"tokyo\"]\n", ports)) == Lines{"MF0808 gateway"});
}

TEST_CASE("limits: numbers of gateway addresses") {
  CHECK(about(kShop + networks(1, 7) + networks(1, 11) + networks(1, 13)) == Lines{"MF0809 tokyo-1"});
  CHECK(about(kShop + networks(1, 8) + networks(1, 9) + networks(1, 12)) == Lines{});
  CHECK(about(tokyo("egress = \"gateway\"") + networks(1, 7) + networks(1, 11) + networks(1, 13)) == Lines{});
}

TEST_CASE("limits: annotations of a gateway") {
  std::string annotations;
  for (int i = 0; i < 8; ++i) annotations += "\ngateway.annotations.a" + std::to_string(i) + " = \"1\"";
  const std::string address = "gateway.addresses = [\"203.0.113.7\"]";
  const auto gateway = [&](const std::string& lines) { return replaced(kShop, address, address + lines); };
  const auto older = [&](const std::string& toml) { return replaced(toml, "istio = \"1.31\"", "istio = \"1.30\""); };
  CHECK(about(older(gateway(annotations))) == Lines{});
  CHECK(about(older(gateway(annotations + "\ngateway.annotations.b = \"1\""))) == Lines{"MF0810 b"});
  for (int i = 0; i < 8; ++i) annotations += "\ngateway.annotations.b" + std::to_string(i) + " = \"1\"";
  CHECK(about(gateway(annotations)) == Lines{});
  CHECK(about(gateway(annotations + "\ngateway.annotations.c = \"1\"")) == Lines{"MF0810 c"});
  CHECK(about(gateway(annotations + "\ngateway.annotations.c = \"1\"\ngateway.deploy = false")) == Lines{});
}

TEST_CASE("limits: the text of an annotation, in characters") {
  const auto gateway = [](const std::string& text) {
    const std::string address = "gateway.addresses = [\"203.0.113.7\"]";
    const std::string toml = replaced(kShop, address, address + "\ngateway.annotations.a = \"" + text + "\"");
    return about(toml).size();
  };
  std::string umlauts;
  for (int i = 0; i < 4096; ++i) umlauts += "\u00f6";
  CHECK(gateway(std::string(4096, 'x')) == 0);
  CHECK(gateway(std::string(4097, 'x')) == 1);
  CHECK(gateway(umlauts) == 0);
  CHECK(gateway(umlauts + "x") == 1);
}

/// Gateways of berlin's network with 16 addresses each.
std::string many_gateways(std::size_t count) {
  std::string toml;
  for (std::size_t i = 0; i < count; ++i) {
    toml += "[cluster.g" + number(i) + "]\nmesh = \"berlin\"\nnetwork = \"berlin-vpc\"\ngateway.addresses = [";
    for (std::size_t a = 1; a <= 16; ++a) toml += "\"198.18." + number(i) + "." + number(a) + "\", ";
    toml += "]\n";
  }
  return toml;
}

TEST_CASE("limits: addresses of a network behind an egress gateway") {
  const std::string egress = tokyo("egress = \"gateway\"") + exports(1);
  const std::string own = "gateway.addresses = [\"198.51.100.10\"]";  // of berlin-1
  CHECK(about(egress + many_gateways(255)) == Lines{});
  CHECK(about(egress + many_gateways(256)) == Lines{"MF0812 \"gateway\""});
  CHECK(about(replaced(egress, own, "gateway.addresses = [\"198.18.0.1\"]") + many_gateways(256)) == Lines{});
  CHECK(about(tokyo("egress = \"gateway\"\negress_gateway.backend = \"endpointslice\"") + exports(1) +
              many_gateways(256)) == Lines{});
}

TEST_CASE("limits: namespaces in the annotation of a Service") {
  const auto visible = [](std::size_t count, const std::string& last) {
    std::string list;
    for (std::size_t i = 1; i < count; ++i) list += "\"" + std::string(56, 'n') + number(100000 + i) + "\", ";
    const std::string toml = replaced(kCart, "canonical_name = \"cart\"", "naming = \"service\"");
    return found(kShop + toml + "visible_to = [" + list + "\"" + last + "\"]\n", 813, 813).size();
  };
  // The annotation's name, 28 bytes, and 4,160 namespaces of 62 bytes and a comma leave 36.
  CHECK(visible(4161, std::string(36, 'x')) == 0);
  CHECK(visible(4161, std::string(37, 'x')) == 1);
}

}  // namespace
}  // namespace meshfed::testing
