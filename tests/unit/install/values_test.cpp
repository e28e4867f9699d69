// What a federation says of an istiod.
#include "support/authority.hpp"
#include "unit/install/installed.hpp"

namespace meshfed::testing {
namespace {

using Authorities = std::vector<k8s::IstioValues::Authority>;

TEST_CASE("names are those of the federation") {
  const k8s::IstioValues found = values(installed("\"helm\""));
  CHECK(found.mesh_id == "tokyo");
  CHECK(found.cluster == "tokyo-1");
  CHECK(found.network == "tokyo-vpc");
  CHECK(found.trust_domain == "cluster.local");
  CHECK(found.ns == "istio-system");
  CHECK(found.revision.empty());
  CHECK(found.cluster_domain.empty());
  CHECK(found.proxy_metadata == k8s::StringMap{{"ISTIO_META_DNS_CAPTURE", "true"}});
  CHECK(found.environment.empty());
}

TEST_CASE("what is declared of istiod is installed") {
  const k8s::IstioValues found =
      values(installed("\"helm\"", "revision = \"blue\"\ncluster_domain = \"k8s.example\"\nalpha_gateway_api = true\n",
                       "root_namespace = \"mesh\"\ndns_capture = false\n"));
  CHECK(found.revision == "blue");
  CHECK(found.cluster_domain == "k8s.example");
  CHECK(found.ns == "mesh");
  CHECK(found.proxy_metadata.empty());
  CHECK(found.environment == k8s::StringMap{{"PILOT_ENABLE_ALPHA_GATEWAY_API", "true"}});
}

TEST_CASE("nobody may read the cluster, where charts can say so") {
  CHECK(values(installed("\"helm\"")).readers == false);
  CHECK(values(installed("\"helm\"", "", "remote_secrets = true\n")).readers == true);
  CHECK(values(installed("\"helm\"", "", "istio = \"1.30.0\"\n")).readers == false);
  CHECK_FALSE(values(installed("\"helm\"", "", "istio = \"1.29.7\"\n")).readers.has_value());
}

TEST_CASE("images come from where they will stay") {
  CHECK(values(installed("\"helm\"")).hub.empty());
  CHECK(values(installed("\"helm\"", "", "istio = \"1.30.4\"\n")).hub == "docker.io/istio");
  CHECK(values(installed("\"helm\"", "", "istio = \"1.26.8\"\n")).hub == "docker.io/istio");
}

// tokyo calls berlin: berlin's istiod must accept it.
TEST_CASE("one root: trust domains of callers are accepted, and no others") {
  const std::string domains = installed("\"helm\"", "", "trust_domain = \"tokyo.example\"\n");
  CHECK(values(domains, "berlin-1").authorities == Authorities{{.pem = "", .trust_domains = {"tokyo.example"}}});
  CHECK(values(domains, "tokyo-1").authorities.empty());
  const k8s::IstioValues aliases = values(domains + "[trust]\ndomains = \"aliases\"\n", "berlin-1");
  CHECK(aliases.authorities.empty());
  CHECK(aliases.trust_domain_aliases == std::vector<std::string>{"tokyo.example"});
  CHECK(values(installed("\"helm\""), "berlin-1").authorities.empty());
}

TEST_CASE("several roots: those of all peers, with the trust domains of callers") {
  MemoryFs fs;
  const Authority berlin, tokyo;
  fs.put("berlin.pem", berlin.pem());
  fs.put("tokyo.pem", tokyo.pem());
  const std::string toml =
      replaced(installed("\"helm\"", "", "trust_domain = \"tokyo.example\"\nroot = \"tokyo.pem\"\n"), "[mesh.berlin]\n",
               "[mesh.berlin]\nroot = \"berlin.pem\"\n") +
      "[trust]\nmode = \"roots\"\n";
  const k8s::IstioValues server = values(fs, toml, "berlin-1");
  CHECK(server.authorities == Authorities{{.pem = tokyo.pem(), .trust_domains = {"tokyo.example"}}});
  CHECK(server.environment == k8s::StringMap{{"ISTIO_MULTIROOT_MESH", "true"}});
  CHECK(server.proxy_metadata.at("PROXY_CONFIG_XDS_AGENT") == "true");
  CHECK(values(fs, toml, "tokyo-1").authorities == Authorities{{.pem = berlin.pem(), .trust_domains = {}}});
}

}  // namespace
}  // namespace meshfed::testing
