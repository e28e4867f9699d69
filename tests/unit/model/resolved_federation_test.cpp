#include "model/resolved_federation.hpp"

#include <doctest/doctest.h>

namespace meshfed::model {
namespace {

Port port_named(const char* name) {
  Port port;
  port.name = {name, {}};
  port.number = {80, {}};
  return port;
}

TEST_CASE("a port's protocol is what it says, else the longest prefix of its name") {
  CHECK(protocol_of(port_named("http")) == Protocol::http);
  CHECK(protocol_of(port_named("http-api")) == Protocol::http);
  CHECK(protocol_of(port_named("http2-api")) == Protocol::http2);
  CHECK(protocol_of(port_named("grpc-web-shop")) == Protocol::grpc_web);
  CHECK(protocol_of(port_named("grpc-webshop")) == Protocol::grpc);
  CHECK(protocol_of(port_named("httpx")) == std::nullopt);
  Port port = port_named("http");
  port.protocol = {Protocol::tcp, {}};
  CHECK(protocol_of(port) == Protocol::tcp);
}

TEST_CASE("a port's target is its number unless it says otherwise") {
  Port port = port_named("http");
  CHECK(target_of(port) == 80);
  port.target = {8080, {}};
  CHECK(target_of(port) == 8080);
}

TEST_CASE("a TLSRoute needs what its istiod watches and its bundle serves") {
  Settings settings;
  settings.istio = {{.minor = Istio::v1_30, .patch = {}}, {}};
  CHECK(tls_route_version(settings, GatewayApi::v1_5) == TlsRouteVersion::v1);
  CHECK(tls_route_version(settings, GatewayApi::v1_4) == std::nullopt);
  settings.istio = {{.minor = Istio::v1_29, .patch = {}}, {}};
  CHECK(tls_route_version(settings, GatewayApi::v1_4) == std::nullopt);
  settings.alpha_gateway_api = {true, {}};
  settings.gateway_api_channel = {Channel::experimental, {}};
  CHECK(tls_route_version(settings, GatewayApi::v1_4) == TlsRouteVersion::v1alpha2);
  CHECK(tls_route_version(settings, GatewayApi::v1_5) == std::nullopt);
}

TEST_CASE("the locality of a network is what its source clusters share") {
  ResolvedFederation resolved;
  resolved.federation.clusters.resize(2);
  resolved.clusters.resize(2);
  resolved.networks.resize(1);
  resolved.networks[0].clusters = {0, 1};
  resolved.exports.resize(1);
  resolved.exports[0].from = {0, 1};
  for (ClusterInfo& cluster : resolved.clusters) cluster.network = 0;
  const auto shared = [&](const char* first, const char* second) {
    resolved.federation.clusters[0].locality = {first, {}};
    resolved.federation.clusters[1].locality = {second, {}};
    return resolved.locality(0, 0);
  };
  CHECK(shared("eu/west/1", "eu/west/1") == "eu/west/1");
  CHECK(shared("eu/west/1", "eu/west/2") == "eu/west");
  CHECK(shared("eu/west", "eu/west/2") == "eu/west");
  CHECK(shared("eu/west1", "eu/west2") == "eu");
  CHECK(shared("eu", "us") == "");
  CHECK(shared("eu", "") == "");
}

}  // namespace
}  // namespace meshfed::model
