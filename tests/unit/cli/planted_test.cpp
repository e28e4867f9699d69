// Mistakes that lowering could make, in what it writes: `trace` sees each, because it knows nothing of lowering.
#include <doctest/doctest.h>

#include <string>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::Shell;

namespace {

/// The starter with listed callers and an egress gateway, as it compiles.
void compile(Shell& shell) {
  shell.replace("mesh = \"east-mesh\"", "mesh = \"east-mesh\"\negress = \"gateway\"\negress_gateway = {}");
  shell.replace("service_accounts = [\"httpbin\"]",
                "callers = [\"east-mesh/shop/web\"]\nservice_accounts = [\"httpbin\"]");
  shell.run({"build"});
}

int traced(Shell& shell) { return shell.run({"trace", "east-cluster/shop/web", "httpbin.mesh.global", "-o", "out"}); }

void edit(Shell& shell, const std::string& file, std::string_view from, std::string_view to) {
  std::string text = *shell.fs.bytes(file);
  REQUIRE(contains(text, from));
  text.replace(text.find(from), from.size(), to);
  shell.fs.put(file, text);
}

struct Fault {
  std::string what;
  std::string file;  // below out/
  std::string from, to;
  std::string code;
};

const std::string kEast = "east-cluster/httpbin/httpbin.mesh.global.yaml";
const std::string kWest = "west-cluster/httpbin/httpbin.mesh.global.yaml";
const std::string kEastWest = "west-cluster/istio-system/eastwest-gateway.yaml";
const std::string kEgress = "east-cluster/istio-system/egress-to-west-network.yaml";

const Fault kFaults[] = {
    {"the entry of a source has another network's name", kEast, "network: west-network\n  weight",
     "network: x\n  weight", "MF1106"},
    {"the entry of a source is not said to take mTLS", kEast, "    security.istio.io/tlsMode: istio\n", "", "MF1107"},
    {"a rule of clients asks for TLS of its own", kEast,
     "trafficPolicy:", "trafficPolicy:\n    tls:\n      mode: SIMPLE", "MF1128"},
    {"exportTo is that of the objects of gateways", kEast, "exportTo:\n  - \"*\"", "exportTo:\n  - \".\"", "MF1102"},
    {"the port is the target's", kEast, "number: 8000", "number: 80", "MF1108"},
    {"the target port is the port", kWest, "targetPort: 80", "targetPort: 8000", "MF1119"},
    {"the selector is by another label", kWest, "service.istio.io/canonical-name: httpbin\n---", "app: httpbin\n---",
     "MF1105"},
    {"DENY takes principals for notPrincipals", kWest, "notPrincipals", "principals", "MF1117"},
    {"the gateway passes the export's name", kEastWest, "- httpbin.mesh.global", "- httpbin", "MF1109"},
    {"the gateway's port is the one that is dialled", kEastWest, "number: 15443", "number: 443", "MF1109"},
    {"the remote gateway is dialled at a port of its network", "east-cluster/istio-system/network-west-network.yaml",
     "port: 15443", "port: 15444", "MF1109"},
    {"the egress gateway's rule leaves TLS to what is automatic", kEgress, "mode: DISABLE", "mode: ISTIO_MUTUAL",
     "MF1112"},
    {"the route is by the host, not by the SNI", kEgress, "- outbound_.8000_._.httpbin", "- httpbin", "MF1108"},
    {"the route leads to the network's name", kEgress, "host: west-network.gateway.mesh.global\n        port",
     "host: west-network\n        port", "MF1111"},
    {"the address is that of another gateway", kEgress, "203.0.113.1", "203.0.113.9", "MF1123"},
    {"strict mTLS is turned off", "west-cluster/istio-system/mesh.yaml", "mode: STRICT", "mode: DISABLE", "MF1107"},
};

}  // namespace

TEST_CASE("what is compiled is reached") {
  Shell shell;
  compile(shell);
  CHECK(traced(shell) == 0);
  CAPTURE(shell.out);
  CHECK(shell.out.starts_with("reached: "));
}

TEST_CASE("faults of lowering are seen") {
  for (const Fault& fault : kFaults) {
    CAPTURE(fault.what);
    Shell shell;
    compile(shell);
    edit(shell, "out/" + fault.file, fault.from, fault.to);
    traced(shell);
    CAPTURE(shell.out);
    CHECK(contains(shell.out, "[" + fault.code + "]"));
  }
}
