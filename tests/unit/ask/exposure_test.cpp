#include "ask/exposure.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "sites.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

ask::Exposure exposed(const std::string& east, const std::string& west, const std::string& cluster = {}) {
  return ask::exposure(*world(two_clusters(), {{"east", east}, {"west", west}}), cluster);
}

}  // namespace

TEST_CASE("a gateway's names have those who need them") {
  const ask::Exposure found = exposed(std::string(kRemote) + kImported, kExported);
  REQUIRE(found.passed.size() == 1);
  const ask::Passed& one = found.passed.front();
  CHECK((one.cluster == "west" && one.gateway == "istio-system/ew-istio" && one.port == 15443));
  CHECK(one.sni == "outbound_.80_._.pay.mesh.global");
  CHECK(one.object == "Gateway.networking.istio.io/istio-system/ew");
  CHECK(one.needed == std::vector<std::string>{"east"});
  CHECK(exposed("", kExported).passed.front().needed.empty());
}

TEST_CASE("routes are names as well, and one cluster's can be asked for") {
  const std::string east = std::string(kEgress) + kImported;
  CHECK(exposed(east, kExported).passed.size() == 2);
  const ask::Exposure found = exposed(east, kExported, "east");
  REQUIRE(found.passed.size() == 1);
  CHECK(found.passed.front().object == "VirtualService.networking.istio.io/istio-system/to-west");
}

TEST_CASE("a refused listener passes nothing") {
  const ask::Exposure found =
      exposed("", edited(kExported, "{name: ew, namespace: istio-system}",
                         "{name: ew, namespace: istio-system, labels: {topology.istio.io/network: west}}"));
  CHECK(found.passed.empty());
  REQUIRE(found.causes.size() == 1);
  CHECK(found.causes.front().row->code == 1110);
}

TEST_CASE("exposure is shown in each format") {
  const ask::Exposure found = exposed(std::string(kRemote) + kImported, kExported);
  CHECK(ask::render(found, {}, ask::Format::text) ==
        "west  istio-system/ew-istio port 15443  outbound_.80_._.pay.mesh.global  for east\n");
  CHECK(ask::render(found, {}, ask::Format::markdown).find("| west | istio-system/ew-istio | 15443 |") !=
        std::string::npos);
  CHECK(ask::render(found, {"x"}, ask::Format::json) ==
        R"({
  "version":1,
  "assumptions":["x"],
  "passed": [
    {"cluster":"west","gateway":"istio-system/ew-istio","port":15443,"sni":"outbound_.80_._.pay.mesh.global","host":"pay.mesh.global","host_port":80,"needed_by":["east"],"object":"Gateway.networking.istio.io/istio-system/ew"}
  ],
  "causes": []
}
)");
}
