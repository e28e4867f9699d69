// What makes a federation fit for production: failing endpoints, numbers of pods, limits and aliases, as values.
#include <doctest/doctest.h>

#include <variant>

#include "model/naming.hpp"
#include "unit/lower/planned.hpp"

namespace meshfed::testing {
namespace {

using k8s::DestinationRule;
using Resources = std::vector<k8s::Resource>;

const DestinationRule& rule_of(const Resources& resources) {
  for (const k8s::Resource& resource : resources)
    if (const auto* rule = std::get_if<DestinationRule>(&resource)) return *rule;
  FAIL("there is no DestinationRule");
  return std::get<DestinationRule>(resources.front());
}

const std::string kMergedFile = "cart/cart.mesh.global.yaml";

k8s::ClusterPlan merged(const std::string& keys, const std::string& settings = "") {
  std::string text = shop("to = [\"tokyo\"]\n", "merge = [\"tokyo\"]\n" + keys);
  return plan_of(text.replace(text.find("mtls ="), 0, settings), "tokyo-1");
}

TEST_CASE("an endpoint that fails is left out, and an application that answers 500 stays") {
  using namespace std::chrono_literals;
  CHECK(rule_of(at(merged(""), kMergedFile)).outlier_detection ==
        DestinationRule::OutlierDetection{.consecutive_5xx_errors = 0,
                                          .consecutive_gateway_errors = 5,
                                          .interval = 10s,
                                          .base_ejection_time = 30s,
                                          .max_ejection_percent = 100,
                                          .min_health_percent = 1});
}

TEST_CASE("outlier detection is what the export says, over what holds in the cluster") {
  using namespace std::chrono_literals;
  const k8s::ClusterPlan plan = merged("outlier = { errors = 3, interval = \"500ms\" }\n",
                                       "outlier = { count = \"5xx\", errors = 7, max_percent = 50 }\n");
  CHECK(rule_of(at(plan, kMergedFile)).outlier_detection ==
        DestinationRule::OutlierDetection{.consecutive_5xx_errors = 3,
                                          .interval = 500ms,
                                          .base_ejection_time = 30s,
                                          .max_ejection_percent = 50,
                                          .min_health_percent = 1});
  const k8s::ClusterPlan off = merged("outlier = false\n");
  CHECK_FALSE(rule_of(at(off, kMergedFile)).outlier_detection.has_value());
  CHECK(rule_of(at(off, kMergedFile)).locality_lb.has_value());
  const k8s::ClusterPlan on = merged("outlier = {}\n", "outlier = false\n");
  CHECK(rule_of(at(on, kMergedFile)).outlier_detection->consecutive_gateway_errors == 5);
}

TEST_CASE("gateways that an egress gateway dials fail over as the cluster says") {
  std::string text = shop("\"198.51.100.10\"", "\"198.51.100.10\", \"198.51.100.11\"");
  text.replace(text.find("network = \"tokyo-vpc\"\n"), 0, "egress = \"gateway\"\noutlier = { errors = 2 }\n");
  const k8s::ClusterPlan plan = plan_of(text, "tokyo-1");
  CHECK(rule_of(at(plan, "istio-system/egress-to-berlin-vpc.yaml")).outlier_detection->consecutive_gateway_errors == 2);
}

TEST_CASE("a host that files share is not shared by clusters that treat it otherwise") {
  std::string text = shop("[\"198.51.100.10\"]", "[\"198.51.100.10\", \"198.51.100.11\"]");
  text +=
      "[mesh.lima]\noutlier = { errors = 2 }\n[network.lima-vpc]\n[cluster.lima-1]\nmesh = \"lima\"\n"
      "network = \"lima-vpc\"\n";
  text.replace(text.find("to = [\"tokyo\"]"), 14, "to = [\"tokyo\", \"lima\"]");
  const auto shared = [&](const char* cluster) {
    for (const k8s::File& file : plan_of(text, cluster).files)
      if (file.path == kMergedFile) return file.shared;
    return std::string();
  };
  CHECK_FALSE(shared("tokyo-1").empty());
  CHECK(shared("tokyo-1") != shared("lima-1"));
}

TEST_CASE("limits of connections need no choice of endpoints") {
  using namespace std::chrono_literals;
  const std::string keys =
      "to = [\"tokyo\"]\nconnection_pool = { tcp = { maxConnections = 7, connectTimeout = \"1500ms\" }, "
      "http = { h2UpgradePolicy = \"UPGRADE\" } }\n";
  const k8s::ClusterPlan plan = plan_of(shop("to = [\"tokyo\"]\n", keys), "tokyo-1");
  const DestinationRule& rule = rule_of(at(plan, kMergedFile));
  CHECK(rule.connection_pool == k8s::ConnectionPool{.tcp = {.max_connections = 7, .connect_timeout = 1500ms},
                                                    .http = {.h2_upgrade_policy = "UPGRADE"}});
  CHECK_FALSE(rule.outlier_detection.has_value());
  CHECK_FALSE(rule.locality_lb.has_value());
  CHECK(at(plan_of(shop("to = [\"tokyo\"]\n", keys), "berlin-1"), kMergedFile).size() == 1);
}

const std::string kGatewayFile = "istio-system/eastwest-gateway.yaml";

k8s::ClusterPlan berlin(const std::string& lines) {
  const std::string addresses = "gateway.addresses = [\"198.51.100.10\"]\n";
  return plan_of(shop(addresses, addresses + lines), "berlin-1");
}

TEST_CASE("a number of pods, or a range and never a number beside it, stand before the Gateway") {
  const k8s::StringMap budget = {{"podDisruptionBudget", "spec:\n  maxUnavailable: 1"}};
  const k8s::ClusterPlan three = berlin("gateway.replicas = 3\n");
  const auto& number = std::get<k8s::ConfigMap>(at(three, kGatewayFile).at(0));
  CHECK(number.meta.name == "eastwest-gateway-parameters");
  CHECK(number.data.at("deployment") == "spec:\n  replicas: 3");
  CHECK(number.data.at("podDisruptionBudget") == budget.at("podDisruptionBudget"));
  CHECK(number.data.size() == 2);
  CHECK(std::get<k8s::Gateway>(at(three, kGatewayFile).at(1)).infrastructure.parameters == number.meta.name);
  const k8s::ClusterPlan range = berlin("gateway.replicas = { min = 2, max = 5 }\n");
  const auto& bounds = std::get<k8s::ConfigMap>(at(range, kGatewayFile).at(0));
  CHECK(bounds.data.at("horizontalPodAutoscaler") == "spec:\n  minReplicas: 2\n  maxReplicas: 5");
  CHECK(bounds.data.at("podDisruptionBudget") == budget.at("podDisruptionBudget"));
  CHECK(bounds.data.size() == 2);
}

TEST_CASE("whatever is written to a Gateway itself does not reach its pods") {
  const auto gateway = [](const std::string& lines) {
    return std::get<k8s::Gateway>(at(berlin(lines), kGatewayFile).at(0));
  };
  CHECK_FALSE(gateway("").infrastructure.annotations.empty());
  const k8s::Gateway plain = gateway("");
  const k8s::Gateway kept = gateway("gateway.protect = true\n");
  CHECK(plain.meta.annotations.empty());
  CHECK(kept.meta.annotations.at("kustomize.toolkit.fluxcd.io/prune") == "disabled");
  CHECK(kept.infrastructure == plain.infrastructure);
  CHECK(gateway("gateway.annotations = { a = \"b\" }\n").infrastructure.annotations == k8s::StringMap{{"a", "b"}});
  std::string text =
      shop("network = \"tokyo-vpc\"\n",
           "network = \"tokyo-vpc\"\negress = \"gateway\"\nrevision = \"r1\"\negress_gateway.replicas = 2\n");
  const k8s::ClusterPlan plan = plan_of(text, "tokyo-1");
  const Resources& egress = at(plan, "istio-system/egress-gateway.yaml");
  CHECK(std::get<k8s::ConfigMap>(egress.at(0)).meta.name == "egress-gateway-parameters");
  const auto& way_out = std::get<k8s::Gateway>(egress.at(1));
  CHECK_FALSE(way_out.infrastructure.annotations.empty());
  CHECK_FALSE(way_out.infrastructure.labels.empty());
  CHECK_FALSE(way_out.infrastructure.labels.contains(std::string(model::kNetworkLabel)));
  CHECK_FALSE(way_out.infrastructure.labels.contains(std::string(model::kRevisionLabel)));
}

TEST_CASE("an alias is a host of its own, with the same workloads and identities") {
  const std::string alias = "alias = [\"cart.shop.example\"]\n";
  const std::string file = "cart/cart.shop.example.yaml";
  const k8s::ClusterPlan imported = plan_of(shop("to = [\"tokyo\"]\n", "to = [\"tokyo\"]\n" + alias), "tokyo-1");
  REQUIRE(at(imported, file).size() == 1);
  auto second = std::get<k8s::ServiceEntry>(at(imported, file).front());
  CHECK(second.hosts == std::vector<std::string>{"cart.shop.example"});
  const auto& first = std::get<k8s::ServiceEntry>(at(imported, kMergedFile).front());
  CHECK(second.endpoints == first.endpoints);
  CHECK(second.subject_alt_names == first.subject_alt_names);

  const k8s::ClusterPlan serving = plan_of(shop("to = [\"tokyo\"]\n", "to = [\"tokyo\"]\n" + alias), "berlin-1");
  CHECK(std::get<k8s::ServiceEntry>(at(serving, file).at(0)).workload_selector ==
        std::get<k8s::ServiceEntry>(at(serving, kMergedFile).at(0)).workload_selector);
  CHECK(std::get<k8s::IstioGateway>(at(serving, kGatewayFile).at(1)).servers.at(0).hosts ==
        std::vector<std::string>{"cart.mesh.global", "cart.shop.example"});

  // The entries of the export's own host are its endpoints, too: a second set would count twice for both.
  const k8s::ClusterPlan plan = merged(alias + "vip = [\"240.0.0.1\"]\n");
  REQUIRE(at(plan, file).size() == 2);
  CHECK(std::get<k8s::ServiceEntry>(at(plan, file)[0]).addresses.empty());
  CHECK(std::holds_alternative<DestinationRule>(at(plan, file)[1]));
}

TEST_CASE("an alias of a Service is a ServiceEntry where the Service is the application's, and where it is ours") {
  std::string text = shop("canonical_name = \"cart\"",
                          "naming = \"service\"\nselector = { app = \"cart\" }\nalias = [\"cart.shop.example\"]");
  text.replace(text.find("number = 8080"), 13, "number = 80, target = 8080");
  const std::string file = "cart/cart.shop.example.yaml";
  const k8s::ClusterPlan serving = plan_of(text, "berlin-1");
  const auto& entry = std::get<k8s::ServiceEntry>(at(serving, file).at(0));
  CHECK(entry.workload_selector == k8s::StringMap{{"app", "cart"}});
  CHECK(entry.ports.at(0).target_port == 8080);
  const k8s::ClusterPlan imported = plan_of(text, "tokyo-1");
  CHECK(std::get<k8s::ServiceEntry>(at(imported, file).at(0)).endpoints.size() == 1);
}

TEST_CASE("consumers may have aliases and limits of their own, and who serves has all aliases") {
  const std::string osaka =
      "[network.osaka-vpc]\n[cluster.osaka-1]\nmesh = \"tokyo\"\nnetwork = \"osaka-vpc\"\n"
      "gateway.addresses = [\"203.0.113.8\"]\n";
  const std::string text =
      shop("to = [\"tokyo\"]\n", "to = [\"tokyo\"]\nalias = [\"a.example\"]\nconnection_pool.tcp.maxConnections = 9\n",
           "[export.cart.at.osaka-1]\nalias = [\"b.example\"]\n"
           "connection_pool.tcp.maxConnections = 3\n" +
               osaka);
  const auto has = [&](std::string_view cluster, const std::string& host) {
    return !at(plan_of(text, cluster), "cart/" + host + ".yaml").empty();
  };
  CHECK((has("tokyo-1", "a.example") && !has("tokyo-1", "b.example")));
  CHECK((!has("osaka-1", "a.example") && has("osaka-1", "b.example")));
  CHECK((has("berlin-1", "a.example") && has("berlin-1", "b.example")));
  CHECK(std::get<k8s::IstioGateway>(at(plan_of(text, "berlin-1"), kGatewayFile).at(1)).servers.at(0).hosts ==
        std::vector<std::string>{"a.example", "b.example", "cart.mesh.global"});
  const auto limit = [&](std::string_view cluster) {
    return std::get<DestinationRule>(at(plan_of(text, cluster), kMergedFile).at(1))
        .connection_pool->tcp.max_connections;
  };
  CHECK(limit("tokyo-1") == 9);
  CHECK(limit("osaka-1") == 3);
}

TEST_CASE("an egress gateway routes aliases, too") {
  std::string text = shop("to = [\"tokyo\"]\n", "to = [\"tokyo\"]\nalias = [\"a.example\"]\n");
  text.replace(text.find("network = \"tokyo-vpc\"\n"), 0, "egress = \"gateway\"\n");
  const k8s::ClusterPlan plan = plan_of(text, "tokyo-1");
  for (const k8s::Resource& resource : at(plan, "istio-system/egress-to-berlin-vpc.yaml")) {
    if (const auto* route = std::get_if<k8s::VirtualService>(&resource)) {
      CHECK(route->hosts == std::vector<std::string>{"*.a.example", "*.cart.mesh.global"});
      CHECK(route->tls.at(0).match.at(0).sni_hosts ==
            std::vector<std::string>{"outbound_.8080_._.a.example", "outbound_.8080_._.cart.mesh.global"});
    }
  }
}

}  // namespace
}  // namespace meshfed::testing
