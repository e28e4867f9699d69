#include "ask/facts_file.hpp"

#include <set>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "interpret/fields.hpp"
#include "yaml/json.hpp"

namespace meshfed::ask {
namespace {

using interpret::ClusterFacts;
using interpret::Door;
using interpret::Facts;
using interpret::Fields;
using interpret::GatewayWorkload;
using interpret::Labels;
using interpret::LoadBalancer;
using interpret::Workload;
using Json = nlohmann::ordered_json;

Json labels_json(const Labels& labels) {
  Json object = Json::object();
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

Json workload_json(const Workload& workload) {
  return {{"namespace", workload.ns},    {"name", workload.name},   {"labels", labels_json(workload.labels)},
          {"account", workload.account}, {"ports", workload.ports}, {"replicas", workload.replicas},
          {"sidecar", workload.sidecar}};
}

Json gateway_json(const GatewayWorkload& gateway) {
  return {{"namespace", gateway.ns},
          {"name", gateway.name},
          {"labels", labels_json(gateway.labels)},
          {"network_view", gateway.view}};
}

Json cluster_json(const ClusterFacts& cluster) {
  Json object{{"name", cluster.name},
              {"mesh", cluster.mesh},
              {"network", cluster.network},
              {"trust_domain", cluster.trust_domain},
              {"accepted_domains", cluster.accepted_domains},
              {"domain_aliases", cluster.domain_aliases},
              {"root_namespace", cluster.root_namespace},
              {"cluster_domain", cluster.cluster_domain},
              {"dns_capture", cluster.dns_capture},
              {"istio", fmt::format("1.{}", cluster.istio)},
              {"alpha_gateway_api", cluster.alpha_gateway_api},
              {"locality", cluster.locality},
              {"reads", cluster.reads},
              {"cluster_local", cluster.cluster_local}};
  object["workloads"] = Json::array();
  for (const Workload& one : cluster.workloads) object["workloads"].push_back(workload_json(one));
  object["gateways"] = Json::array();
  for (const GatewayWorkload& one : cluster.gateways) object["gateways"].push_back(gateway_json(one));
  object["balancers"] = Json::array();
  for (const LoadBalancer& one : cluster.balancers)
    object["balancers"].push_back({{"namespace", one.ns}, {"service", one.service}, {"addresses", one.addresses}});
  object["objects"] = Json::array();
  for (const yaml::Value& one : cluster.objects) object["objects"].push_back(yaml::to_json(one));
  return object;
}

Json door_json(const Door& door) {
  return {{"address", door.address}, {"port", door.port},       {"viewers", door.viewers},   {"cluster", door.cluster},
          {"namespace", door.ns},    {"gateway", door.gateway}, {"listener", door.listener}, {"router", door.router}};
}

Workload workload_of(Fields& fields) {
  Workload workload{.ns = fields.text("namespace"),
                    .name = fields.text("name"),
                    .labels = fields.labels("labels"),
                    .account = fields.text("account"),
                    .ports = fields.numbers("ports")};
  if (fields.has("replicas")) workload.replicas = fields.number("replicas");
  workload.sidecar = fields.flag("sidecar", true);
  return workload;
}

/// `1.30`, or a patch of it. Unquoted it is a number with a fraction to YAML, which stays text.
std::int64_t minor_of(Fields& fields) {
  const std::string version = fields.text("istio");
  constexpr std::string_view kMajor = "1.";
  std::int64_t minor = 0;
  bool right = version.starts_with(kMajor) && version.size() > kMajor.size();
  for (const char c : std::string_view(version).substr(right ? kMajor.size() : version.size())) {
    if (c == '.') break;
    right = right && c >= '0' && c <= '9' && minor < 1000;
    if (right) minor = minor * 10 + (c - '0');
  }
  if (!right) fields.gap("istio");
  return minor;
}

ClusterFacts cluster_of(Fields& fields) {
  ClusterFacts cluster;
  cluster.name = fields.text("name");
  cluster.mesh = fields.text("mesh");
  cluster.network = fields.text("network");
  for (const std::string_view key : {"name", "network"}) {
    if (!fields.has(key)) fields.gap(key);
  }
  if (fields.has("trust_domain")) cluster.trust_domain = fields.text("trust_domain");
  cluster.accepted_domains = fields.texts("accepted_domains");
  cluster.domain_aliases = fields.texts("domain_aliases");
  if (fields.has("root_namespace")) cluster.root_namespace = fields.text("root_namespace");
  if (fields.has("cluster_domain")) cluster.cluster_domain = fields.text("cluster_domain");
  cluster.dns_capture = fields.flag("dns_capture", false);
  cluster.istio = minor_of(fields);
  cluster.alpha_gateway_api = fields.flag("alpha_gateway_api", false);
  cluster.locality = fields.text("locality");
  cluster.reads = fields.texts("reads");
  cluster.cluster_local = fields.texts("cluster_local");
  fields.each("balancers", [&](Fields& one) {
    cluster.balancers.push_back(
        {.ns = one.text("namespace"), .service = one.text("service"), .addresses = one.texts("addresses")});
  });
  fields.each("workloads", [&](Fields& one) { cluster.workloads.push_back(workload_of(one)); });
  fields.each("gateways", [&](Fields& one) {
    cluster.gateways.push_back({.ns = one.text("namespace"),
                                .name = one.text("name"),
                                .labels = one.labels("labels"),
                                .view = one.flag("network_view", false)});
  });
  for (const yaml::Value& object : fields.take("objects").items()) cluster.objects.push_back(object);
  return cluster;
}

Door door_of(Fields& fields) {
  return {.address = fields.text("address"),
          .port = fields.number("port"),
          .viewers = fields.texts("viewers"),
          .cluster = fields.text("cluster"),
          .ns = fields.text("namespace"),
          .gateway = fields.text("gateway"),
          .listener = fields.number("listener"),
          .router = fields.flag("router", false)};
}

}  // namespace

std::string to_json(const Facts& facts) {
  Json document{{"version", kFactsVersion}, {"assumptions", facts.assumptions}};
  document["clusters"] = Json::array();
  for (const ClusterFacts& cluster : facts.clusters) document["clusters"].push_back(cluster_json(cluster));
  document["doors"] = Json::array();
  for (const Door& door : facts.doors) document["doors"].push_back(door_json(door));
  return document.dump(2) + "\n";
}

std::string read_facts(yaml::View document, Facts& facts) {
  interpret::Object said;
  {
    Fields fields(document, said);
    const std::int64_t version = fields.number("version");
    if (version != kFactsVersion) return fmt::format("their version is {}, not {}", version, kFactsVersion);
    facts.assumptions = fields.texts("assumptions");
    fields.each("clusters", [&](Fields& cluster) { facts.clusters.push_back(cluster_of(cluster)); });
    fields.each("doors", [&](Fields& door) { facts.doors.push_back(door_of(door)); });
  }
  std::set<std::string_view> names;
  for (const ClusterFacts& cluster : facts.clusters) {
    if (!names.insert(cluster.name).second) return fmt::format("cluster {} is there twice", base::quoted(cluster.name));
  }
  if (said.gaps.empty()) return {};
  return "these keys are unknown, missing or of another type: " + base::join(said.gaps, ", ", 10);
}

}  // namespace meshfed::ask
