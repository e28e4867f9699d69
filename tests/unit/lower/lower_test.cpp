// Objects as values, role by role. How they are written is the goldens'.
#include "lower/lower.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "model/naming.hpp"
#include "unit/lower/planned.hpp"

namespace meshfed::testing {
namespace {

using k8s::ClusterPlan;
using k8s::File;
using k8s::StringMap;

const StringMap kOurs = {{"app.kubernetes.io/managed-by", "meshfedc"}, {"app.kubernetes.io/part-of", "shop"}};

std::vector<std::string> paths(const ClusterPlan& plan) {
  std::vector<std::string> paths;
  for (const File& file : plan.files) paths.push_back(file.path);
  return paths;
}

using Paths = std::vector<std::string>;
using Resources = std::vector<k8s::Resource>;

k8s::ServiceEntry entry(k8s::StringMap selector, std::vector<k8s::ServiceEntry::Endpoint> endpoints,
                        std::vector<std::string> identities) {
  return {.meta = {.name = "cart.mesh.global", .ns = "cart", .labels = kOurs},
          .hosts = {"cart.mesh.global"},
          .export_to = {"*"},
          .location = k8s::ServiceEntry::Location::MeshInternal,
          .ports = {{.name = "http", .number = 8080, .protocol = "HTTP"}},
          .resolution = k8s::ServiceEntry::Resolution::Static,
          .subject_alt_names = std::move(identities),
          .workload_selector = std::move(selector),
          .endpoints = std::move(endpoints)};
}

const k8s::ServiceEntry::Endpoint kFromBerlin{
    .network = "berlin-vpc", .weight = 1, .labels = {{std::string(model::kTlsModeLabel), "istio"}}};

k8s::Gateway eastwest_gateway(const std::string& network) {
  return {.meta = {.name = "eastwest-gateway", .ns = "istio-system", .labels = kOurs},
          .class_name = "istio",
          .infrastructure = {.labels = {{std::string(model::kNetworkLabel), network}},
                             .annotations = {{std::string(model::kGatewayAnnotation), "east-west"}}},
          .listeners = {{.name = "cross-network", .port = 15443}}};
}

TEST_CASE("who serves selects its pods and lets the host through its gateway") {
  const ClusterPlan plan = plan_of(shop(), "berlin-1");
  CHECK(plan.cluster == "berlin-1");
  CHECK(plan.kustomization);
  CHECK(paths(plan) ==
        Paths{"istio-system/mesh.yaml", "istio-system/eastwest-gateway.yaml", "cart/cart.mesh.global.yaml"});
  CHECK(at(plan, "istio-system/mesh.yaml") ==
        Resources{k8s::PeerAuthentication{.meta = {.name = "default", .ns = "istio-system", .labels = kOurs},
                                          .mode = k8s::PeerAuthentication::Mode::Strict}});
  const k8s::IstioGateway passthrough{.meta = {.name = "eastwest-gateway", .ns = "istio-system", .labels = kOurs},
                                      .selector = {{std::string(model::kGatewayNameLabel), "eastwest-gateway"}},
                                      .servers = {{.port_name = "tls",
                                                   .port = 15443,
                                                   .hosts = {"cart.mesh.global"},
                                                   .tls_mode = k8s::IstioGateway::TlsMode::AutoPassthrough}}};
  CHECK(at(plan, "istio-system/eastwest-gateway.yaml") == Resources{eastwest_gateway("berlin-vpc"), passthrough});
  CHECK(at(plan, "cart/cart.mesh.global.yaml") ==
        Resources{entry({{std::string(model::kCanonicalNameLabel), "cart"}}, {}, {})});
}

TEST_CASE("who consumes gets the way to the network, and endpoints with their identities") {
  const ClusterPlan plan = plan_of(shop(), "tokyo-1");
  CHECK(paths(plan) == Paths{"istio-system/mesh.yaml", "istio-system/eastwest-gateway.yaml",
                             "istio-system/network-berlin-vpc.yaml", "cart/cart.mesh.global.yaml"});
  CHECK(at(plan, "istio-system/eastwest-gateway.yaml") == Resources{eastwest_gateway("tokyo-vpc")});
  StringMap labels = kOurs;
  labels[std::string(model::kNetworkLabel)] = "berlin-vpc";
  CHECK(at(plan, "istio-system/network-berlin-vpc.yaml") ==
        Resources{k8s::Gateway{
            .meta = {.name = "network-berlin-vpc", .ns = "istio-system", .labels = labels},
            .class_name = "istio-remote",
            .addresses = {{k8s::Gateway::AddressType::IPAddress, "198.51.100.10"}},
            .listeners = {{.name = "cross-network",
                           .port = 15443,
                           .tls_options = {{"gateway.istio.io/listener-protocol", "auto-passthrough"}}}}}});
  CHECK(at(plan, "cart/cart.mesh.global.yaml") ==
        Resources{entry({}, {kFromBerlin}, {"spiffe://cluster.local/ns/cart/sa/cart"})});
}

TEST_CASE("who merges selects its pods, and gets the remote ones as workloads") {
  const ClusterPlan plan = plan_of(shop("to = [\"tokyo\"]", "merge = [\"tokyo\"]"), "tokyo-1");
  const Resources& resources = at(plan, "cart/cart.mesh.global.yaml");
  REQUIRE(resources.size() == 3);
  const StringMap selector = {{std::string(model::kCanonicalNameLabel), "cart"}};
  CHECK(resources[0] == k8s::Resource(entry(selector, {}, {"spiffe://cluster.local/ns/cart/sa/cart"})));
  StringMap labels = kOurs;
  labels[std::string(model::kTlsModeLabel)] = "istio";
  labels[std::string(model::kCanonicalNameLabel)] = "cart";
  CHECK(resources[1] == k8s::Resource(k8s::WorkloadEntry{
                            .meta = {.name = "berlin-vpc.cart.mesh.global", .ns = "cart", .labels = labels},
                            .network = "berlin-vpc",
                            .weight = 1}));
  CHECK(std::get<k8s::DestinationRule>(resources[2]).host == "cart.mesh.global");
  CHECK(std::get<k8s::DestinationRule>(resources[2]).export_to == std::vector<std::string>{"*"});
}

TEST_CASE("no mesh-wide default decides who sees what is written for clients") {
  const std::string imported = shop("canonical_name = \"cart\"", "naming = \"service\"\nselector = { app = \"cart\" }");
  const ClusterPlan importing = plan_of(imported, "tokyo-1");
  const Resources& service = at(importing, "cart/cart.cart.svc.cluster.local.yaml");
  REQUIRE(service.size() == 2);
  CHECK(std::get<k8s::Service>(service[0]).meta.annotations == StringMap{{"networking.istio.io/exportTo", "*"}});
  const ClusterPlan narrow =
      plan_of(shop("to = [\"tokyo\"]", "merge = [\"tokyo\"]\nvisible_to = [\"web\"]"), "tokyo-1");
  const Resources& merged = at(narrow, "cart/cart.mesh.global.yaml");
  REQUIRE(merged.size() == 3);
  CHECK(std::get<k8s::ServiceEntry>(merged[0]).export_to == std::vector<std::string>{"web"});
  CHECK(std::get<k8s::DestinationRule>(merged[2]).export_to == std::vector<std::string>{"*"});
  const ClusterPlan egress =
      plan_of(shop("network = \"tokyo-vpc\"", "network = \"tokyo-vpc\"\negress = \"gateway\""), "tokyo-1");
  for (const k8s::Resource& resource : at(egress, "istio-system/egress-to-berlin-vpc.yaml")) {
    const std::vector<std::string> own{"."};
    if (const auto* entry = std::get_if<k8s::ServiceEntry>(&resource)) CHECK(entry->export_to == own);
    if (const auto* rule = std::get_if<k8s::DestinationRule>(&resource)) CHECK(rule->export_to == own);
    if (const auto* route = std::get_if<k8s::VirtualService>(&resource)) CHECK(route->export_to == own);
  }
}

TEST_CASE("a team's own DestinationRule is the only one") {
  const std::string merged = "merge = [\"tokyo\"]\n";
  const ClusterPlan plan = plan_of(shop("to = [\"tokyo\"]\n", merged + "destination_rule = false\n"), "tokyo-1");
  const Resources& resources = at(plan, "cart/cart.mesh.global.yaml");
  REQUIRE(resources.size() == 2);
  CHECK(std::holds_alternative<k8s::WorkloadEntry>(resources[1]));
}

TEST_CASE("what an existing gateway passes already is not passed a second time") {
  const auto hosts = [](const std::string& passes) {
    const std::string gateway =
        "gateway = { addresses = [\"198.51.100.10\"], deploy = false, selector = { a = \"b\" }" +
        (passes.empty() ? "" : ", passes = [" + passes + "]") + " }";
    const std::string mail =
        "[export.mail]\nnamespace = \"mail\"\ncanonical_name = \"mail\"\nhost = \"mail.example\"\n"
        "ports = [{ name = \"http\", number = 8080 }]\nfrom = [\"berlin\"]\nto = [\"tokyo\"]\n";
    const ClusterPlan plan = plan_of(shop("gateway.addresses = [\"198.51.100.10\"]", gateway, mail), "berlin-1");
    const Resources& written = at(plan, "istio-system/eastwest-gateway.yaml");
    return written.empty() ? std::vector<std::string>{} : std::get<k8s::IstioGateway>(written[0]).servers[0].hosts;
  };
  using Hosts = std::vector<std::string>;
  CHECK(hosts("") == Hosts{"cart.mesh.global", "mail.example"});
  CHECK(hosts("\"*.mesh.global\"") == Hosts{"mail.example"});
  CHECK(hosts("\"*.global\", \"*.local\"") == Hosts{"mail.example"});
  CHECK(hosts("\"cart.mesh.global\"") == Hosts{"mail.example"});
  CHECK(hosts("\"mesh.global\", \"*.cart.mesh.global\"") == Hosts{"cart.mesh.global", "mail.example"});
  CHECK(hosts("\"*\"") == Hosts{});
}

TEST_CASE("callers become the principals that are not denied, where the workloads are") {
  const std::string callers = "callers = [\"tokyo/shop/web\", \"berlin/*\"]\n";
  const ClusterPlan plan = plan_of(shop("", "", callers), "berlin-1");
  REQUIRE(at(plan, "cart/cart.mesh.global.yaml").size() == 2);
  CHECK(at(plan, "cart/cart.mesh.global.yaml")[1] ==
        k8s::Resource(k8s::AuthorizationPolicy{
            .meta = {.name = "cart.mesh.global", .ns = "cart", .labels = kOurs},
            .selector = {{std::string(model::kCanonicalNameLabel), "cart"}},
            .rules = {{.not_principals = {"cluster.local/*", "cluster.local/ns/shop/sa/web"}, .ports = {8080}}}}));
  CHECK(at(plan_of(shop("", "", callers), "tokyo-1"), "cart/cart.mesh.global.yaml").size() == 1);
}

TEST_CASE("by an egress gateway, one route leads to each network, with all its hosts in order") {
  const std::string more =
      "[export.basket]\nnamespace = \"cart\"\ncanonical_name = \"basket\"\n"
      "ports = [{ name = \"http\", number = 90 }, { name = \"grpc\", number = 80 }]\n"
      "from = [\"berlin\"]\nto = [\"tokyo\"]\nservice_accounts = [\"basket\"]\n";
  const ClusterPlan plan =
      plan_of(shop("network = \"tokyo-vpc\"", "network = \"tokyo-vpc\"\negress = \"gateway\"", more), "tokyo-1");
  const Resources& way = at(plan, "istio-system/egress-to-berlin-vpc.yaml");
  REQUIRE(way.size() == 4);
  const auto& route = std::get<k8s::VirtualService>(way[3]);
  CHECK(route.hosts == std::vector<std::string>{"*.basket.mesh.global", "*.cart.mesh.global"});
  REQUIRE(route.tls.size() == 1);
  REQUIRE(route.tls[0].match.size() == 1);
  CHECK(route.tls[0].match[0].sni_hosts == std::vector<std::string>{"outbound_.80_._.basket.mesh.global",
                                                                    "outbound_.90_._.basket.mesh.global",
                                                                    "outbound_.8080_._.cart.mesh.global"});
  CHECK(std::get<k8s::IstioGateway>(way[0]).servers[0].hosts == route.hosts);
  REQUIRE(at(plan, "istio-system/egress-gateway.yaml").size() == 1);
  const auto& gateway = std::get<k8s::Gateway>(at(plan, "istio-system/egress-gateway.yaml")[0]);
  CHECK(gateway.listeners == std::vector<k8s::Gateway::Listener>{{.name = "berlin-vpc", .port = 15443}});
}

TEST_CASE("what the caller knows already is named, and made of nothing") {
  std::vector<std::string> asked;
  const ClusterPlan plan = plan_of(shop(), "tokyo-1", [&](std::string_view shared) {
    asked.emplace_back(shared);
    return true;
  });
  REQUIRE(asked.size() == 1);
  CHECK(plan.files.back().shared == asked.front());
  CHECK(plan.files.back().resources.empty());
  const ClusterPlan serving = plan_of(shop(), "berlin-1", [&](std::string_view shared) {
    asked.emplace_back(shared);
    return true;
  });
  CHECK(asked.size() == 1);  // a file of local workloads is nobody else's
  CHECK(serving.files.back().shared.empty());
}

const std::string kRome =
    "[mesh.rome]\ntrust_domain = \"rome.example\"\n[network.rome-vpc]\n[cluster.rome-1]\nmesh = \"rome\"\nnetwork = "
    "\"rome-vpc\"\nlocality = \"eu-south-1/a\"\ngateway.addresses = [\"203.0.113.8\"]\n";

TEST_CASE("what differs by place: the workloads of each cluster, and the identities of those that serve") {
  const std::string toml = shop(
      "from = [\"berlin\"]", "from = [\"berlin\", \"rome\"]\nmerge = [\"tokyo\"]\ncallers = [\"tokyo/*\", \"rome/*\"]",
      kRome +
          "[export.cart.at.tokyo]\nnamespace = \"cart-t\"\ntargets = { http = 9090 }\n"
          "[export.cart.at.tokyo-1]\nselector = { app = \"cart-1\" }\n"
          "[export.cart.at.rome]\nnamespace = \"cart-r\"\nservice_accounts = [\"r1\", \"r2\"]\n");
  const ClusterPlan plan = plan_of(toml, "tokyo-1");
  const auto& resources = at(plan, "cart-t/cart.mesh.global.yaml");
  REQUIRE(resources.size() == 5);  // ServiceEntry, two WorkloadEntries, DestinationRule, AuthorizationPolicy
  const auto& entry = std::get<k8s::ServiceEntry>(resources[0]);
  CHECK(entry.workload_selector == StringMap{{"app", "cart-1"}});
  CHECK(entry.ports.front().target_port == 9090);
  CHECK(entry.subject_alt_names ==
        std::vector<std::string>{"spiffe://cluster.local/ns/cart-t/sa/cart", "spiffe://cluster.local/ns/cart/sa/cart",
                                 "spiffe://rome.example/ns/cart-r/sa/r1", "spiffe://rome.example/ns/cart-r/sa/r2"});
  CHECK(std::get<k8s::WorkloadEntry>(resources[1]).meta.labels.at("app") == "cart-1");
  CHECK(std::get<k8s::WorkloadEntry>(resources[1]).meta.ns == "cart-t");
  const auto& policy = std::get<k8s::AuthorizationPolicy>(resources[4]);
  CHECK(policy.meta.ns == "cart-t");
  CHECK(policy.selector == StringMap{{"app", "cart-1"}});
  CHECK(policy.rules.front().ports == std::vector<std::int64_t>{9090});
  CHECK(at(plan_of(toml, "rome-1"), "cart-r/cart.mesh.global.yaml").size() == 2);
  CHECK(at(plan_of(toml, "berlin-1"), "cart/cart.mesh.global.yaml").size() == 2);
}

TEST_CASE("an import lives where its place says, over import_namespace") {
  const std::string imports = "dns_capture = true\nimport_namespace = \"imports\"\n";
  CHECK(at(plan_of(shop("dns_capture = true\n", imports), "tokyo-1"), "imports/cart.mesh.global.yaml").size() == 1);
  const std::string toml = shop("dns_capture = true\n", imports, "[export.cart.at.tokyo]\nnamespace = \"shop\"\n");
  CHECK(at(plan_of(toml, "tokyo-1"), "shop/cart.mesh.global.yaml").size() == 1);
  CHECK(at(plan_of(toml, "berlin-1"), "cart/cart.mesh.global.yaml").size() == 1);
}

TEST_CASE("a share becomes a distribution, by the region of local pods and the names of networks") {
  const std::string toml =
      shop("from = [\"berlin\"]\nto = [\"tokyo\"]", "from = [\"berlin\"]\nto = [\"tokyo\"]\nmerge = [\"rome\"]",
           kRome + "[export.cart.at.rome]\nshare = { local = 80, berlin-vpc = 20 }\n");
  const std::vector<k8s::Resource> resources = at(plan_of(toml, "rome-1"), "cart/cart.mesh.global.yaml");
  REQUIRE(resources.size() == 3);
  CHECK(std::get<k8s::WorkloadEntry>(resources[1]).locality == "berlin-vpc");
  const auto& locality = std::get<k8s::DestinationRule>(resources[2]).locality_lb;
  REQUIRE(locality.has_value());
  CHECK(locality->enabled);
  CHECK(locality->failover_priority.empty());
  REQUIRE(locality->distribute.has_value());
  CHECK(locality->distribute->from == "*");
  CHECK(locality->distribute->to == std::map<std::string, std::int64_t>{{"eu-south-1", 80}, {"berlin-vpc", 20}});
}

TEST_CASE("consumers have one file where they say the same, and files of their own where they do not") {
  std::string clusters;
  for (const char* name : {"a", "b", "c"})
    clusters += fmt::format("[network.net-{0}]\n[cluster.{0}]\nmesh = \"tokyo\"\nnetwork = \"net-{0}\"\n", name);
  const std::string toml = shop("from = [\"berlin\"]", "from = [\"berlin\", \"rome\"]",
                                kRome + clusters +
                                    "[export.cart.at.tokyo]\nshare = { berlin-vpc = 50, rome-vpc = 50 }\n"
                                    "[export.cart.at.c]\nshare = { berlin-vpc = 90, rome-vpc = 10 }\n");
  const auto shared = [&](std::string_view cluster) { return plan_of(toml, cluster).files.back().shared; };
  CHECK(!shared("a").empty());
  CHECK(shared("a") == shared("b"));
  CHECK(shared("a") != shared("c"));
}

TEST_CASE("a Service's remote networks have the accounts that serve there") {
  const std::string toml = shop("canonical_name = \"cart\"", "naming = \"service\"",
                                "[export.cart.at.berlin]\nservice_accounts = [\"cart-b\"]\n");
  const std::vector<k8s::Resource> resources = at(plan_of(toml, "tokyo-1"), "cart/cart.cart.svc.cluster.local.yaml");
  REQUIRE(resources.size() == 2);
  CHECK(std::get<k8s::WorkloadEntry>(resources[1]).service_account == "cart-b");
}

}  // namespace
}  // namespace meshfed::testing
