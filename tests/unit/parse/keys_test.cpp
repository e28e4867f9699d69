// The table of keys says of each default what an empty table binds to.
#include "parse/keys.hpp"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using parse::Key;
using parse::Table;

std::string literal(bool value) { return value ? "true" : "false"; }
std::string literal(int value) { return std::to_string(value); }
std::string literal(const std::string& value) { return fmt::format("\"{}\"", value); }
template <class Enum>
requires std::is_enum_v<Enum> std::string literal(Enum value) { return fmt::format("\"{}\"", model::word(value)); }
std::string literal(model::Duration value) { return fmt::format("\"{}\"", parse::duration_text(value)); }
template <class T>
std::string literal(const model::Value<T>& value) {
  CHECK(value.state == model::State::absent);
  return literal(*value);
}

/// Every default that is a value, as an empty table has it.
std::map<std::string, std::string> bound_defaults() {
  const model::Federation federation;
  const model::Settings settings;
  const model::Mesh mesh;
  const model::Gateway gateway;
  const model::EgressGateway egress;
  const model::Export exported;
  const model::Outlier outlier;
  return {
      {"federation.domain", literal(federation.domain)},
      {"federation.naming", literal(federation.naming)},
      {"defaults.gateway_api_channel", literal(settings.gateway_api_channel)},
      {"defaults.alpha_gateway_api", literal(settings.alpha_gateway_api)},
      {"defaults.dataplane", literal(settings.dataplane)},
      {"defaults.mtls", literal(settings.mtls)},
      {"defaults.egress", literal(settings.egress->fallback)},
      {"defaults.dns_capture", literal(settings.dns_capture)},
      {"defaults.cluster_domain", literal(settings.cluster_domain)},
      {"defaults.namespaces", literal(settings.namespaces)},
      {"defaults.kustomization", literal(settings.kustomization)},
      {"defaults.files", literal(settings.files)},
      {"defaults.install", literal(settings.install->by)},
      {"cluster.*.install.apply", literal(model::Install{}.apply)},
      {"cluster.*.install.update", literal(model::Install{}.update)},
      {"trust.mode", literal(model::Trust{}.mode)},
      {"trust.domains", literal(model::Trust{}.domains)},
      {"trust.cacerts", literal(model::Trust{}.cacerts->from)},
      {"mesh.*.trust_domain", literal(mesh.trust_domain)},
      {"mesh.*.root_namespace", literal(mesh.root_namespace)},
      {"mesh.*.remote_secrets", literal(mesh.remote_secrets)},
      {"network.*.egress_port", literal(model::Network{}.egress_port)},
      {"cluster.*.imports", model::Selection{}.all ? "\"*\"" : ""},
      {"cluster.*.gateway.port", literal(gateway.port)},
      {"cluster.*.gateway.pending", literal(gateway.pending)},
      {"cluster.*.gateway.name", literal(gateway.name)},
      {"cluster.*.gateway.deploy", literal(gateway.deploy)},
      {"cluster.*.gateway.view", literal(gateway.view)},
      {"cluster.*.gateway.protect", literal(gateway.protect)},
      {"export.*.outlier.errors", literal(outlier.errors)},
      {"export.*.outlier.count", literal(outlier.count)},
      {"export.*.outlier.interval", literal(outlier.interval)},
      {"export.*.outlier.ejection", literal(outlier.ejection)},
      {"export.*.outlier.max_percent", literal(outlier.max_percent)},
      {"cluster.*.gateway.service_type", literal(gateway.service_type)},
      {"cluster.*.egress_gateway.name", literal(egress.name)},
      {"cluster.*.egress_gateway.deploy", literal(egress.deploy)},
      {"cluster.*.egress_gateway.route", literal(egress.route)},
      {"cluster.*.egress_gateway.backend", literal(egress.backend)},
      {"export.*.destination_rule", literal(exported.destination_rule)},
      {"export.*.prefer", literal(exported.prefer)},
      {"export.*.weight", literal(exported.weight->fallback)},
  };
}

bool is_literal(std::string_view fallback) {
  return fallback == "true" || fallback == "false" || fallback.starts_with('"') ||
         (!fallback.empty() && fallback.find_first_not_of("0123456789") == std::string_view::npos);
}

TEST_CASE("defaults in the table of keys are those of the model") {
  std::map<std::string, std::string> told;
  for (const Table* table : parse::all_tables()) {
    for (const Key& key : table->keys) {
      if (is_literal(key.fallback)) told[fmt::format("{}.{}", table->name, key.name)] = key.fallback;
    }
  }
  CHECK(told == bound_defaults());
}

TEST_CASE("a default that is written out changes nothing but that it is given") {
  for (const Table* table : parse::all_tables()) {
    if (table->name != "defaults") continue;
    for (const Key& key : table->keys) {
      if (!is_literal(key.fallback)) continue;
      CAPTURE(key.name);
      Loaded loaded(
          fmt::format("version = 1\n[federation]\nname = \"x\"\n[defaults]\n{} = {}\n", key.name, key.fallback));
      CHECK(loaded.reports().empty());
    }
  }
}

TEST_CASE("every key says what it means, and required ones have no default") {
  for (const Table* table : parse::all_tables()) {
    std::set<std::string_view> names;
    for (const Key& key : table->keys) {
      CAPTURE(table->name);
      CAPTURE(key.name);
      CHECK(names.insert(key.name).second);
      CHECK_FALSE(key.meaning.empty());
      CHECK((!key.required || key.fallback.empty()));
      const bool has_words = key.type == parse::Type::word || key.type == parse::Type::egress ||
                             key.type == parse::Type::version || key.type == parse::Type::or_word;
      CHECK(key.words.empty() != has_words);
      CHECK(parse::find_key(*table, key.name) == &key);
    }
  }
}

TEST_CASE("settings are keys of meshes and clusters too") {
  for (const Table* table : parse::all_tables()) {
    const bool inherits = table->name == "mesh.*" || table->name == "cluster.*";
    CHECK((parse::find_key(*table, "dns_capture") != nullptr) == (inherits || table->name == "defaults"));
  }
}

}  // namespace
}  // namespace meshfed::testing
