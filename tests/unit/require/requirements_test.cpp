// What clusters need besides what is written.
#include "require/requirements.hpp"

#include <algorithm>

#include "support/authority.hpp"
#include "unit/install/installed.hpp"

namespace meshfed::testing {
namespace {

using require::Requirement;

require::ClusterRequirements of(const std::string& toml, std::string_view cluster = "tokyo-1") {
  MemoryFs fs;
  const check::Checked done = checked(fs, toml);
  return require::requirements_of(done, done.resolved().find_cluster(cluster));
}

/// The texts of those with a name.
Lines named(const require::ClusterRequirements& all, std::string_view name) {
  Lines texts;
  for (const Requirement& one : all.requirements)
    if (one.name == name) texts.push_back(one.text);
  return texts;
}

const std::string kTokyo = "gateway.addresses = [\"203.0.113.7\"]\n";

TEST_CASE("requirements: where others install istiod, its settings; where we do, none") {
  const Lines settings = named(of(kShop + kCart), "istiod-setting");
  CHECK(std::count(settings.begin(), settings.end(), "istiod is installed with `global.meshID` = `tokyo`") == 1);
  CHECK(std::count(
            settings.begin(), settings.end(),
            "istiod is installed with `meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE` = `true`") == 1);
  CHECK(named(of(kShop + kCart), "network-label").size() == 1);
  CHECK(named(of(installed("\"helm\"")), "istiod-setting").empty());
  CHECK(named(of(installed("\"helm\"")), "network-label").empty());
  CHECK(named(of(replaced(kShop, "mtls", "namespaces = \"create\"\nmtls") + kCart), "network-label").size() == 1);
}

TEST_CASE("requirements: a patch with the fixes") {
  CHECK(named(of(kShop + kCart), "istio-patch") ==
        Lines{"istiod is 1.31.0 or a later patch, which contains fixes that federations need"});
  CHECK(named(of(installed("\"helm\"")), "istio-patch").empty());
  CHECK(named(of(installed("\"helm\"")), "istio-version") == Lines{"istiod is 1.31.1"});
}

TEST_CASE("requirements: images of versions whose hosting ends") {
  CHECK(named(of(kShop + kCart), "registry").empty());
  CHECK(named(of(replaced(kShop, "\"1.31\"", "\"1.30\"") + kCart), "registry").size() == 1);
}

TEST_CASE("requirements: connections, from whom to where") {
  CHECK(named(of(kShop + kCart), "connection") ==
        Lines{"network tokyo-vpc reaches 198.51.100.10 (network berlin-vpc) on TCP port 15443"});
  CHECK(named(of(replaced(kShop, "mtls", "egress = \"gateway\"\nmtls") + kCart), "connection") ==
        Lines{"the egress gateway of tokyo-1 reaches 198.51.100.10 (network berlin-vpc) on TCP port 15443"});
  CHECK(named(of(kShop + kCart, "berlin-1"), "connection").empty());
}

TEST_CASE("requirements: an egress gateway comes before what names its Service") {
  const std::string egress = replaced(kShop, "mtls", "egress = \"gateway\"\nmtls") + kCart;
  CHECK(named(of(egress), "egress-gateway").size() == 1);
  CHECK(named(of(egress, "berlin-1"), "egress-gateway").empty());  // it calls nobody
  CHECK(named(of(kShop + kCart), "egress-gateway").empty());
}

TEST_CASE("requirements: gateways of others") {
  const std::string existing =
      kTokyo + "gateway.deploy = false\ngateway.selector.istio = \"eastwest\"\ngateway.passes = [\"*.local\"]\n";
  const require::ClusterRequirements found = of(replaced(kShop, kTokyo, existing) + kCart);
  CHECK(named(found, "gateway-view").size() == 1);
  CHECK(named(found, "gateway-port").size() == 1);
  CHECK(named(of(kShop + kCart), "gateway-view").empty());
  const std::string parameters = kTokyo + "gateway.parameters = \"options\"\n";
  CHECK(named(of(replaced(kShop, kTokyo, parameters) + kCart), "parameters") ==
        Lines{"the ConfigMap options exists in istio-system: without it, istiod deploys no gateway"});
}

TEST_CASE("requirements: what istiod reads is selected") {
  const auto selected = [](const std::string& toml) { return named(of(toml + kCart), "discovery-selectors"); };
  const std::string words = "`meshConfig.discoverySelectors` is not set, or selects the namespaces ";
  CHECK(selected(replaced(kShop, kTokyo, "")) == Lines{words + "cart, istio-system"});
  const std::string elsewhere = kTokyo + "egress = \"gateway\"\negress_gateway.namespace = \"leave\"\n";
  CHECK(selected(replaced(kShop, kTokyo, elsewhere)) == Lines{words + "cart, istio-system, leave"});
}

TEST_CASE("requirements: addresses that are not known yet") {
  const std::string pending = "gateway = { pending = true }\n";
  CHECK(named(of(replaced(kShop, kTokyo, pending) + kCart), "gateway-address").size() == 1);
}

TEST_CASE("requirements: operators that make the Secret") {
  const std::string csr = "[trust]\ncacerts = { from = \"istio-csr\", issuer = \"root\" }\n";
  const require::ClusterRequirements found = of(installed("\"helm\"") + csr);
  CHECK(named(found, "istio-csr").front().find("`app.server.clusterID` = `tokyo-1`") != std::string::npos);
  CHECK(named(found, "cacerts").empty());
  CHECK(named(of(installed("\"helm\"")), "cacerts").size() == 1);
}

require::Procedure upgrade(const std::string& toml, model::IstioVersion to) {
  MemoryFs fs;
  const check::Checked done = checked(fs, toml);
  return require::upgrade(done, done.resolved().find_cluster("tokyo-1"), to);
}

bool says(const require::Procedure& procedure, std::string_view words) {
  return std::any_of(procedure.steps.begin(), procedure.steps.end(),
                     [&](const require::Step& step) { return step.text.find(words) != std::string::npos; });
}

/// What is done, without what is only to be known.
Lines names(const require::Procedure& procedure) {
  Lines names;
  for (const require::Step& step : procedure.steps) {
    if (step.name != "know") names.emplace_back(step.name);
  }
  return names;
}

TEST_CASE("an upgrade names what changes on the way, and no more") {
  const std::string old = replaced(kShop, "\"1.31\"", "\"1.29\"") + kCart;
  const require::Procedure two = upgrade(old, {model::Istio::v1_31, 1});
  CHECK(two.title == "Upgrade of tokyo-1 from 1.29 to 1.31.1");
  CHECK(says(two, "know what 1.30 does otherwise"));
  CHECK(says(two, "know what 1.31 does otherwise"));
  CHECK_FALSE(says(two, "upgrade to"));
  CHECK(says(two, "install the Gateway API CRDs of 1.6"));
  CHECK(names(two) == Lines{"set", "install", "gateway-api", "apply", "restart"});
  const require::Procedure patch = upgrade(kShop + kCart, {model::Istio::v1_31, 1});
  CHECK(names(patch) == Lines{"set", "install", "apply", "restart"});
  CHECK_FALSE(says(patch, "does otherwise"));
  const require::Procedure last = upgrade(replaced(kShop, "\"1.31\"", "\"1.30\"") + kCart, {model::Istio::v1_31, 1});
  CHECK(says(last, "images are at `docker.io/istio`"));
  CHECK(says(two, "take their images from `registry.istio.io`"));
  CHECK_FALSE(says(last, "take their images from `registry.istio.io`"));
  CHECK(says(upgrade(replaced(kShop, "\"1.31\"", "\"1.27\"") + kCart, {model::Istio::v1_31, 1}),
             "upgrade to 1.29 first"));
  CHECK(says(upgrade(installed("\"helm\""), {model::Istio::v1_32, 0}), "apply `<output>-install/tokyo-1/`"));
}

TEST_CASE("an upgrade past 1.29 leaves TLSRoutes and returns to them, with the CRDs that they need") {
  const std::string routed =
      replaced(kShop, "mtls", "egress = \"gateway\"\ngateway_api_channel = \"experimental\"\nmtls") + kCart;
  const auto from = [&](std::string_view istio, std::string_view more = "") {
    std::string toml = replaced(routed, kTokyo, kTokyo + "egress_gateway.route = \"tlsroute\"\n");
    toml = replaced(toml, "\"1.31\"", fmt::format("\"{}\"\nalpha_gateway_api = true\n{}", istio, more));
    return upgrade(toml, {model::Istio::v1_31, 1});
  };
  const require::Procedure both = from("1.29");
  CHECK(names(both) == Lines{"set", "apply", "set", "install", "gateway-api", "set", "apply", "restart"});
  CHECK(says(both, "set `egress_gateway.route = \"virtualservice\"` for tokyo-1"));
  CHECK(says(both, "set `egress_gateway.route = \"tlsroute\"` for tokyo-1 again"));
  CHECK(says(both, "set `istio = \"1.31.1\"` for tokyo-1"));
  CHECK(says(from("1.29", "gateway_api = \"1.4\"\n"),
             "set `istio = \"1.31.1\"` and `gateway_api = \"1.6\"` for tokyo-1"));
  CHECK(names(from("1.30")) == Lines{"set", "install", "gateway-api", "apply", "restart"});
  CHECK(names(from("1.30", "gateway_api = \"1.5\"\n")) == Lines{"set", "install", "apply", "restart"});
}

TEST_CASE("another root concerns all meshes that share it, and else those that talk to the mesh") {
  const auto rotation = [](const std::string& toml, std::string_view mesh) {
    MemoryFs fs;
    const Authority root;
    fs.put("root.pem", root.pem());
    fs.put("ca.pem", Authority({.name = "Tokyo"}, root).pem());
    const check::Checked done = checked(fs, toml);
    return require::rotate_root(done, done.resolved().find_mesh(mesh));
  };
  const std::string roots = "[trust]\nmode = \"roots\"\n";
  CHECK(says(rotation(kShop + kCart, "tokyo"), "of the Secret cacerts in berlin-1, tokyo-1"));
  CHECK(names(rotation(kShop + kCart, "tokyo")) ==
        Lines{"issue", "append-root", "wait-for-trust", "sign", "renew", "remove-root"});
  CHECK(says(rotation(kShop + kCart + roots, "tokyo"),
             "install the istiods of berlin (berlin-1) with both roots of tokyo"));
  CHECK(says(rotation(kShop + kCart + roots, "tokyo"), "of the Secret cacerts in tokyo-1"));
  CHECK(names(rotation(kShop + kCart + roots, "tokyo")) ==
        Lines{"issue", "install", "append-root", "wait-for-trust", "sign", "renew", "remove-root", "install"});
  const std::string files =
      replaced(kShop + kCart, "[mesh.tokyo]\n", "[mesh.tokyo]\nroot = \"root.pem\"\nintermediate = \"ca.pem\"\n");
  const require::Procedure named = rotation(files, "tokyo");
  CHECK(names(named) == Lines{"issue", "append-to-files", "append-root", "wait-for-trust", "sign", "replace-files",
                              "renew", "remove-root", "remove-from-files"});
  CHECK(named.steps[1].files == Lines{"root.pem"});
  CHECK(named.steps[5].files == Lines{"ca.pem"});
}

TEST_CASE("requirements in text, Markdown and JSON") {
  const require::Requirements all{
      .clusters = {{"a", {{"x", "one | two", "kubectl get a | cat", "MF0602"}, {"y", "three"}}}},
      .procedures = {{"Steps", {{"set", "first"}, {"apply", "second", {"a"}, {"a.pem"}}}}}};
  CHECK(require::render_text(all) ==
        "cluster a\n- one | two (MF0602)\n    kubectl get a | cat\n- three\n\nSteps\n1. first\n2. second\n");
  CHECK(require::render_markdown(all) ==
        "## a\n\n| name | what must be true | see | why |\n|---|---|---|---|\n"
        "| x | one \\| two | `kubectl get a \\| cat` | MF0602 |\n| y | three |  |  |\n\n"
        "## Steps\n\n1. first\n2. second\n");
  const std::string json = require::render_json(all);
  CHECK(json.starts_with("{\n  \"version\": 1,\n  \"clusters\": ["));
  CHECK(json.find("\"command\": \"kubectl get a | cat\"") != std::string::npos);
  CHECK(json.find("{\n          \"name\": \"set\",\n          \"text\": \"first\"\n        }") != std::string::npos);
  CHECK(json.find("\"files\": [\n            \"a.pem\"\n          ]") != std::string::npos);
}

}  // namespace
}  // namespace meshfed::testing
