// What check says of a cluster before anything is generated, against what is generated: of random federations.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "bounds/sizes.hpp"
#include "driver/compile.hpp"
#include "property/seeds.hpp"

namespace meshfed::testing {
namespace {

/// The bytes of a value as JSON, which is what limits count.
std::size_t json_bytes(const yaml::Value& value);

struct JsonBytes {
  std::size_t operator()(std::nullptr_t) const { return 4; }
  std::size_t operator()(bool flag) const { return flag ? 4 : 5; }
  std::size_t operator()(std::int64_t number) const { return std::to_string(number).size(); }
  std::size_t operator()(const std::string& text) const { return text.size() + 2; }
  std::size_t operator()(const yaml::List& list) const {
    std::size_t bytes = 2;
    for (const yaml::Value& item : list) bytes += json_bytes(item) + 1;
    return bytes;
  }
  std::size_t operator()(const yaml::Map& map) const {
    std::size_t bytes = 2;
    for (const yaml::Entry& entry : map) bytes += entry.key.size() + 4 + json_bytes(entry.value);
    return bytes;
  }
};

std::size_t json_bytes(const yaml::Value& value) { return std::visit(JsonBytes{}, value.data()); }

std::size_t bytes_of(const k8s::Resource& resource) { return json_bytes(k8s::document(resource)); }

/// Calls `visit(resolved, cluster, predicted, plan)` for every cluster of a federation.
template <class Visit>
void for_each_cluster_of(const check::Checked& checked, Visit visit) {
  const model::ResolvedFederation& resolved = checked.resolved();
  const std::vector<bounds::PredictedObjects> predicted =
      bounds::predict_objects(resolved, resolve::traffic_of(resolved));
  REQUIRE(predicted.size() == resolved.clusters.size());
  for (model::ClusterId id = 0; id < predicted.size(); ++id)
    visit(resolved, id, predicted[id], driver::plan(checked, id));
}

/// The same for every cluster of 200 federations.
template <class Visit>
void for_each_cluster(Visit visit) {
  for_each_checked(200, [&](const check::Checked& checked) { for_each_cluster_of(checked, visit); });
}

void check_objects(const model::ResolvedFederation& resolved, model::ClusterId id,
                   const bounds::PredictedObjects& predicted, const k8s::ClusterPlan& plan) {
  std::size_t objects = 0, slices = 0;
  for (const k8s::File& file : plan.files) {
    for (const k8s::Resource& resource : file.resources) {
      objects += std::holds_alternative<k8s::Namespace>(resource) ? 0U : 1U;
      slices += std::holds_alternative<k8s::EndpointSlice>(resource) ? 1U : 0U;
    }
  }
  INFO(*resolved.cluster(id).name);
  CHECK(slices <= 2 * predicted.remotes.size());
  // A way out by slices has one for each family; one is predicted.
  const std::size_t more = slices > predicted.remotes.size() ? slices - predicted.remotes.size() : 0;
  CHECK(predicted.objects + more == objects);
}

/// How many ServiceEntries and AuthorizationPolicies of exports were compared.
std::pair<std::size_t, std::size_t> check_entries(const model::ResolvedFederation& resolved,
                                                  const k8s::ClusterPlan& plan) {
  std::size_t entries = 0, policies = 0;
  for (const k8s::File& file : plan.files) {
    for (const k8s::Resource& resource : file.resources) {
      const std::string& name = k8s::meta_of(resource).name;
      const auto exported =
          std::ranges::find(resolved.exports, name, [](const model::ExportInfo& info) { return info.host; });
      if (exported == resolved.exports.end()) continue;
      const auto id = static_cast<model::ExportId>(exported - resolved.exports.begin());
      CAPTURE(k8s::object_id(resource));
      if (std::holds_alternative<k8s::ServiceEntry>(resource)) {
        CHECK(bytes_of(resource) <= bounds::entry_bytes(resolved, id));
        ++entries;
      } else if (std::holds_alternative<k8s::AuthorizationPolicy>(resource)) {
        CHECK(bytes_of(resource) <= bounds::policy_bytes(resolved, id));
        ++policies;
      }
    }
  }
  return {entries, policies};
}

TEST_CASE("sizes: as many objects are predicted as are made") { for_each_cluster(check_objects); }

TEST_CASE("sizes: what a team or another Gateway does already is not predicted") {
  const std::string meshes =
      "version = 1\n[federation]\nname = \"small\"\n[defaults]\nistio = \"1.31\"\ndns_capture = true\n"
      "mtls = \"strict\"\n[mesh.a]\n[mesh.b]\n[network.a]\n[network.b]\n"
      "[cluster.a-1]\nmesh = \"a\"\nnetwork = \"a\"\ngateway.addresses = [\"203.0.113.1\"]\n"
      "[cluster.b-1]\nmesh = \"b\"\nnetwork = \"b\"\ngateway.addresses = [\"203.0.113.2\"]\n";
  const std::string existing =
      "gateway.deploy = false\ngateway.selector = { a = \"b\" }\ngateway.view = true\ngateway.passes = ";
  const std::string exported =
      "[export.shop]\nnamespace = \"shop\"\ncanonical_name = \"shop\"\nports = [{ name = \"http\", number = 80 }]\n"
      "from = [\"a\", \"b\"]\nto = [\"a\", \"b\"]\nservice_accounts = [\"shop\"]\n";
  for (const std::string passes : {"[\"*.local\"]\n", "[\"*.mesh.global\"]\n", "[\"*\"]\n"}) {
    for (const std::string rule : {"true\n", "false\n"}) {
      const std::string text = meshes + existing + passes + exported + "destination_rule = " + rule;
      with_checked({{"federation.toml", text}},
                   [](const check::Checked& checked) { for_each_cluster_of(checked, check_objects); });
    }
  }
}

TEST_CASE("sizes: what clusters of one mesh find themselves is not predicted") {
  const std::string meshes =
      "version = 1\n[federation]\nname = \"small\"\n[defaults]\nistio = \"1.31\"\ndns_capture = true\n"
      "mtls = \"strict\"\n[mesh.a]\nremote_secrets = true\n[mesh.b]\n[network.a]\n[network.b]\n[network.c]\n"
      "[cluster.a-1]\nmesh = \"a\"\nnetwork = \"a\"\ngateway.addresses = [\"203.0.113.1\", \"203.0.113.4\"]\n"
      "[cluster.a-2]\nmesh = \"a\"\nnetwork = \"c\"\ngateway.addresses = [\"203.0.113.2\"]\n"
      "[cluster.a-3]\nmesh = \"a\"\nnetwork = \"a\"\n"
      "[cluster.b-1]\nmesh = \"b\"\nnetwork = \"b\"\ngateway.addresses = [\"203.0.113.3\"]\n"
      "egress = \"gateway\"\negress_gateway = { deploy = false, selector = { a = \"b\" }, service = \"out\", ports = "
      "[15443, 15444] }\n";
  const std::string exported =
      "[export.shop]\nnamespace = \"shop\"\nselector = { app = \"shop\" }\nports = [{ name = \"http\", number = 80 }]\n"
      "service_accounts = [\"shop\"]\n";
  const std::string distinct = "[network.c]\negress_port = 15444\n";
  std::string text = meshes;
  text.replace(text.find("[network.c]\n"), std::string("[network.c]\n").size(), distinct);
  for (const std::string roles :
       {"from = [\"a-1\"]\nto = [\"a-2\", \"a-3\", \"b\"]\n", "from = [\"a-1\", \"a-2\"]\nto = [\"b\"]\n",
        "from = [\"a-1\", \"a-2\", \"b\"]\nto = [\"a\", \"b\"]\n", "from = [\"a-2\"]\nto = [\"a-1\"]\n",
        "from = [\"b\"]\nto = [\"a\"]\n", "from = [\"b\"]\nmerge = [\"a-1\"]\nto = [\"a-3\"]\n"}) {
    for (const std::string naming : {"global", "service"}) {
      CAPTURE(roles);
      CAPTURE(naming);
      if (naming == "service" && roles.find("merge") != std::string::npos) continue;  // a-2 would find its entries
      with_checked({{"federation.toml", text + exported + roles + "naming = \"" + naming + "\"\n"}},
                   [](const check::Checked& checked) { for_each_cluster_of(checked, check_objects); });
    }
  }
}

TEST_CASE("sizes: no object is larger than predicted") {
  std::size_t compared = 0;
  for_each_cluster([&](const model::ResolvedFederation&, model::ClusterId, const bounds::PredictedObjects& predicted,
                       const k8s::ClusterPlan& plan) {
    std::size_t largest_route = 0;
    for (const bounds::RemoteNetwork& remote : predicted.remotes)
      largest_route = std::max(largest_route, remote.route_bytes);
    for (const k8s::File& file : plan.files) {
      for (const k8s::Resource& resource : file.resources) {
        const auto* gateway = std::get_if<k8s::IstioGateway>(&resource);
        const bool passes = gateway && gateway->servers[0].tls_mode == k8s::IstioGateway::TlsMode::AutoPassthrough;
        const bool routes =
            std::holds_alternative<k8s::VirtualService>(resource) || std::holds_alternative<k8s::TlsRoute>(resource);
        if (!passes && !routes) continue;
        CAPTURE(k8s::object_id(resource));
        CHECK(bytes_of(resource) <= (passes ? predicted.served_bytes : largest_route));
        ++compared;
      }
    }
  });
  CHECK(compared > 200);
}

TEST_CASE("sizes: accounts of pods that are merged are predicted") {
  std::string accounts;
  for (int i = 0; i < 60; ++i) accounts += fmt::format("{}\"an-account-with-a-rather-long-name-{}\"", i ? ", " : "", i);
  const std::string text =
      "version = 1\n[federation]\nname = \"small\"\n[defaults]\nistio = \"1.31\"\ndns_capture = true\n"
      "mtls = \"strict\"\n[mesh.a]\nremote_secrets = true\n[mesh.b]\n[network.a]\n[network.b]\n"
      "[cluster.a-1]\nmesh = \"a\"\nnetwork = \"a\"\ngateway.addresses = [\"203.0.113.1\"]\n"
      "[cluster.a-2]\nmesh = \"a\"\nnetwork = \"a\"\n"
      "[cluster.b-1]\nmesh = \"b\"\nnetwork = \"b\"\ngateway.addresses = [\"203.0.113.2\"]\n"
      "[export.shop]\nnamespace = \"shop\"\ncanonical_name = \"shop\"\nports = [{ name = \"http\", number = 80 }]\n"
      "service_accounts = [\"shop\"]\nfrom = [\"a-1\"]\n";
  for (const std::string roles : {"merge = [\"a-2\"]\nto = [\"b\"]\nat.a-2.", "merge = [\"b\"]\nat.b-1."}) {
    CAPTURE(roles);
    std::size_t entries = 0;
    with_checked({{"federation.toml", text + roles + "service_accounts = [" + accounts + "]\n"}},
                 [&](const check::Checked& checked) {
                   for_each_cluster_of(checked, [&](const model::ResolvedFederation& resolved, model::ClusterId,
                                                    const bounds::PredictedObjects&, const k8s::ClusterPlan& plan) {
                     entries += check_entries(resolved, plan).first;
                   });
                 });
    CHECK(entries >= 2);
  }
}

TEST_CASE("sizes: entries and policies are no larger than predicted") {
  std::size_t entries = 0, policies = 0;
  for_each_cluster([&](const model::ResolvedFederation& resolved, model::ClusterId, const bounds::PredictedObjects&,
                       const k8s::ClusterPlan& plan) {
    const auto [some_entries, some_policies] = check_entries(resolved, plan);
    entries += some_entries;
    policies += some_policies;
  });
  CHECK(entries > 200);
  CHECK(policies > 50);
}

}  // namespace
}  // namespace meshfed::testing
