#include <doctest/doctest.h>

#include "check/checked.hpp"
#include "parse/load.hpp"
#include "unit/check/checked_text.hpp"
#include "unit/check/shop.hpp"

namespace meshfed::testing {
namespace {

const std::string kLima = R"([mesh.lima]
[network.lima-vpc]
[cluster.lima-1]
mesh = "lima"
network = "lima-vpc"
gateway.addresses = ["192.0.2.8"]
[export.mail]
namespace = "mail"
canonical_name = "mail"
ports = [{ name = "http", number = 8080 }]
from = ["lima"]
to = ["tokyo"]
service_accounts = ["mail"]
)";

/// The shop, with some lines more for the cluster that consumes.
std::string tokyo(const std::string& lines) {
  return replaced(kShop, "[cluster.tokyo-1]\n", "[cluster.tokyo-1]\n" + lines + "\n");
}

Lines about(const std::string& toml) {
  Lines lines = found(toml, 512, 517);
  const Lines others = found(toml, 523, 523);
  lines.insert(lines.end(), others.begin(), others.end());
  return lines;
}

TEST_CASE("egress: each network has a port of its own, for those who leave by the gateway") {
  const std::string all = tokyo("egress = \"gateway\"") + kCart + kLima;
  CHECK(about(all) == Lines{"MF0512 lima-vpc"});
  CHECK(about(tokyo("egress = \"direct\"") + kCart + kLima) == Lines{});
  CHECK(about(tokyo("egress = { lima-vpc = \"gateway\" }") + kCart + kLima) == Lines{});
  CHECK(about(replaced(all, "[network.lima-vpc]", "[network.lima-vpc]\negress_port = 15443")) == Lines{"MF0512 15443"});
  CHECK(about(replaced(all, "[network.lima-vpc]", "[network.lima-vpc]\negress_port = 15444")) == Lines{});
}

TEST_CASE("egress: proposed ports are free, and differ from each other") {
  std::string toml = tokyo("egress = \"gateway\"") + kCart + kLima;
  toml = replaced(toml, "[network.tokyo-vpc]", "[network.tokyo-vpc]\negress_port = 15444");
  for (const std::string name : {"oslo", "pune"}) {
    std::string other = kLima;
    for (std::size_t at = 0; (at = other.find("lima", at)) != std::string::npos;) other.replace(at, 4, name);
    other = replaced(replaced(other, "export.mail", "export.mail-" + name), "192.0.2.8",
                     name == "oslo" ? "192.0.2.9" : "192.0.2.10");
    toml += other;
  }
  MemoryFs fs;
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  check::run(*parse::load(fs, "federation.toml", files, sink), sink);
  sink.finish();
  Lines helps;
  for (const diag::Report& report : sink.reports()) {
    if (report.row->code == 512) helps.push_back(report.help);
  }
  CHECK(helps == Lines{"add `egress_port = 15445` to [network.lima-vpc]",
                       "add `egress_port = 15446` to [network.oslo-vpc]",
                       "add `egress_port = 15447` to [network.pune-vpc]"});
}

TEST_CASE("egress: ports of the proxy") {
  const std::string port = "[network.berlin-vpc]\negress_port = 15021\n";
  const std::string toml = replaced(tokyo("egress = \"gateway\"") + kCart, "[network.berlin-vpc]\n", port);
  CHECK(about(toml) == Lines{"MF0523 15021"});
  CHECK(about(replaced(toml, "15021", "15006")) == Lines{});  // bound in sidecars only
  CHECK(about(replaced(kShop + kCart, "[network.berlin-vpc]\n", port)) == Lines{});
}

TEST_CASE("egress: nested hosts in one VirtualService") {
  const std::string nested =
      replaced(replaced(kCart, "export.cart", "export.beta"), "from", "host = \"beta.cart.mesh.global\"\nfrom");
  const std::string outer = "MF0513 \"beta.cart.mesh.global\"";
  CHECK(about(tokyo("egress = \"gateway\"") + kCart + nested) == Lines{outer});
  CHECK(about(kShop + kCart + nested) == Lines{});
  CHECK(about(replaced(tokyo("egress = \"gateway\"\negress_gateway.route = \"tlsroute\""), "mtls",
                       "gateway_api = \"1.5\"\nmtls") +
              kCart + nested) == Lines{});
  CHECK(about(tokyo("egress = \"gateway\"") + kCart + replaced(nested, "beta.cart.", "betacart.")) == Lines{});
}

TEST_CASE("egress: who routes by TLSRoute reads one") {
  const auto profile = [](const std::string& istio, const std::string& lines) {
    const std::string route = "egress = \"gateway\"\negress_gateway.route = \"tlsroute\"";
    const std::string toml = replaced(tokyo(route), "istio = \"1.31\"", "istio = \"" + istio + "\"\n" + lines) + kCart;
    Lines all = found(toml, 514, 514);
    const Lines more = found(toml, 702, 703);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const std::string alpha = "alpha_gateway_api = true\n";
  const std::string experimental = "gateway_api_channel = \"experimental\"\n";
  const auto at_route = [](const char* code) { return Lines{std::string(code) + " \"tlsroute\""}; };
  CHECK(profile("1.26", "") == at_route("MF0514"));
  CHECK(profile("1.26", alpha) == at_route("MF0514"));
  CHECK(profile("1.26", experimental) == at_route("MF0514"));
  CHECK(profile("1.26", alpha + experimental) == Lines{});
  CHECK(profile("1.29", alpha + experimental + "gateway_api = \"1.5\"") == at_route("MF0703"));
  CHECK(profile("1.30", "") == Lines{});
  CHECK(profile("1.31", "gateway_api = \"1.4\"") == at_route("MF0702"));
}

TEST_CASE("egress: EndpointSlices") {
  const std::string slices = "egress = \"gateway\"\negress_gateway.backend = \"endpointslice\"";
  CHECK(about(tokyo(slices) + kCart) == Lines{"MF0515 \"endpointslice\""});
  CHECK(about(replaced(tokyo(slices), "198.51.100.10", "in.example.com") + kCart) == Lines{"MF0516 \"endpointslice\""});
}

TEST_CASE("egress: a gateway of use") {
  CHECK(about(tokyo("egress_gateway.name = \"out\"") + kCart) == Lines{"MF0517 egress_gateway"});
  CHECK(about(tokyo("egress = \"gateway\"")) == Lines{"MF0517 \"gateway\""});
  CHECK(about(replaced(kShop, "mtls", "egress = \"gateway\"\nmtls")) == Lines{});  // inherited
}

}  // namespace
}  // namespace meshfed::testing
