#include "ask/schemas.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "ask/facts_file.hpp"
#include "ask/render.hpp"

namespace meshfed::ask {
namespace {

using Json = nlohmann::ordered_json;
using Properties = std::initializer_list<std::pair<std::string_view, Json>>;

Json of_type(std::string_view type) { return {{"type", type}}; }
Json text() { return of_type("string"); }
Json flag() { return of_type("boolean"); }
Json port() { return {{"type", "integer"}, {"minimum", 0}, {"maximum", 65535}}; }
Json share() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 1.000001}}; }
Json list(const Json& items) { return {{"type", "array"}, {"items", items}}; }
Json word(std::initializer_list<std::string_view> words) { return {{"enum", words}}; }

/// All keys of `required` are there, those of `optional` may be, and there are no others.
Json object(Properties required, Properties optional = {}) {
  Json schema{{"type", "object"}, {"required", Json::array()}, {"properties", Json::object()}};
  for (const auto& [name, property] : required) {
    schema["required"].push_back(name);
    schema["properties"][std::string(name)] = property;
  }
  for (const auto& [name, property] : optional) schema["properties"][std::string(name)] = property;
  schema["additionalProperties"] = false;
  return schema;
}

Json cause() {
  return object({{"code", {{"type", "string"}, {"pattern", "^MF[0-9]{4}$"}}},
                 {"severity", word({"error", "warning"})},
                 {"message", text()},
                 {"place", text()},
                 {"share", share()}});
}

Json answer() {
  return object(
      {{"client", object({{"cluster", text()}, {"namespace", text()}, {"account", text()}})},
       {"host", text()},
       {"port", port()},
       {"verdict", word({"reached", "partly", "refused", "unreachable", "unresolved", "unknown"})},
       {"identity", text()},
       {"accepted", list(text())},
       {"endpoints", list(object({{"port", port()}, {"network", text()}, {"share", share()}},
                                 {{"workload", text()}, {"address", text()}}))},
       {"ends",
        list(object(
            {{"cluster", text()}, {"workload", text()}, {"identity", text()}, {"port", port()}, {"share", share()}}))},
       {"causes", list(cause())}},
      {{"hops",
        list(object(
            {{"cluster", text()}, {"text", text()}, {"object", text()}, {"field", text()}, {"share", share()}}))}});
}

Json passed() {
  return object({{"cluster", text()}, {"gateway", text()}, {"port", port()}, {"sni", text()}, {"object", text()}},
                {{"host", text()}, {"host_port", port()}, {"needed_by", list(text())}});
}

Json labels() { return {{"type", "object"}, {"additionalProperties", text()}}; }

/// Whoever writes facts may leave out what has a default.
Json cluster() {
  return object(
      {{"name", text()}, {"network", text()}, {"istio", {{"type", "string"}, {"pattern", "^1\\.[0-9]+(\\.[0-9]+)?$"}}}},
      {{"mesh", text()},
       {"trust_domain", text()},
       {"accepted_domains", list(text())},
       {"domain_aliases", list(text())},
       {"root_namespace", text()},
       {"cluster_domain", text()},
       {"dns_capture", flag()},
       {"alpha_gateway_api", flag()},
       {"locality", text()},
       {"reads", list(text())},
       {"cluster_local", list(text())},
       {"workloads",
        list(object({{"namespace", text()}, {"labels", labels()}}, {{"name", text()},
                                                                    {"account", text()},
                                                                    {"ports", list(port())},
                                                                    {"replicas", {{"type", "integer"}, {"minimum", 0}}},
                                                                    {"sidecar", flag()}}))},
       {"gateways",
        list(object({{"namespace", text()}, {"name", text()}, {"labels", labels()}}, {{"network_view", flag()}}))},
       {"balancers", list(object({{"namespace", text()}, {"service", text()}, {"addresses", list(text())}}))},
       {"objects", list(of_type("object"))}});
}

Json door() {
  return object({{"address", text()},
                 {"port", port()},
                 {"cluster", text()},
                 {"namespace", text()},
                 {"gateway", text()},
                 {"listener", port()}},
                {{"viewers", list(text())}, {"router", flag()}});
}

std::string document(std::string_view title, int version, Json schema) {
  Json whole{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  schema["properties"]["version"] = {{"const", version}};
  whole.update(schema);
  return whole.dump(2) + "\n";
}

}  // namespace

std::string trace_schema() {
  return document("What meshfedc trace --format json prints", kAnswersVersion,
                  object({{"version", {}}, {"assumptions", list(text())}, {"answers", list(answer())}}));
}

std::string trace_against_schema() {
  const Json client = object({{"cluster", text()}, {"namespace", text()}, {"account", text()}});
  const Json change = object({{"change", word({"reachable", "unreachable", "shares", "way", "verdict", "unclear"})},
                              {"client", client},
                              {"host", text()},
                              {"port", port()}},
                             {{"before", answer()}, {"now", answer()}});
  return document("What meshfedc trace --against --format json prints", kAnswersVersion,
                  object({{"version", {}},
                          {"assumptions", list(text())},
                          {"asked", {{"type", "integer"}, {"minimum", 0}}},
                          {"changes", list(change)}}));
}

std::string exposure_schema() {
  return document(
      "What meshfedc exposure --format json prints", kAnswersVersion,
      object({{"version", {}}, {"assumptions", list(text())}, {"passed", list(passed())}, {"causes", list(cause())}}));
}

std::string facts_schema() {
  return document("What meshfedc facts prints, and --facts reads", kFactsVersion,
                  object({{"version", {}}, {"clusters", list(cluster())}, {"doors", list(door())}},
                         {{"assumptions", list(text())}}));
}

}  // namespace meshfed::ask
