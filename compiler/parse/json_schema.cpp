#include "parse/json_schema.hpp"

#include <nlohmann/json.hpp>

#include <fmt/core.h>

#include "parse/keys.hpp"

namespace meshfed::parse {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLabelPattern = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

/// A pattern that every string of the format matches; the compiler is stricter where a pattern would be unreadable.
std::string pattern_of(Format format) {
  switch (format) {
    case Format::dns_label:
      return fmt::format("^{}$", kLabelPattern);
    case Format::dns_name:
    case Format::dns_subdomain:
    case Format::revision:
      return fmt::format("^{0}(\\.{0})*$", kLabelPattern);
    case Format::host_pattern:
      return fmt::format("^\\*$|^(\\*\\.)?{0}(\\.{0})*$", kLabelPattern);
    case Format::label_key:
    case Format::annotation_key:
      return "^([a-z0-9]([-.a-z0-9]*[a-z0-9])?/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$";
    case Format::label_value:
      return "^([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$";
    case Format::address:
      return "^[0-9A-Fa-f:.]+$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$";
    case Format::ip:
      return "^[0-9A-Fa-f:.]+$";
    case Format::block:
      return "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$";
    case Format::locality:
      return "^[^/]+(/[^/]+){0,2}$";
    case Format::caller:
      return "^[^/*]+/(\\*|[^/*]+/([^/*]+|\\*))$";
    case Format::code:
      return "^MF[0-9]{4}$";
    case Format::path:
      return "^[^/].*$";
    case Format::any:
      return "";
  }
  return "";
}

Json text(const Rule& rule) {
  Json schema = {{"type", "string"}};
  const std::string pattern = pattern_of(rule.format);
  if (!pattern.empty())
    schema["pattern"] = rule.star || rule.all ? "^\\*$|" + pattern : pattern;
  else if (rule.format == Format::any)
    schema["minLength"] = 1;
  return schema;
}

Json integer(const Rule& rule) { return {{"type", "integer"}, {"minimum", rule.min}, {"maximum", rule.max}}; }

Json list(Json items, const Rule& rule) {
  Json schema = {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}};
  if (rule.max_items != SIZE_MAX) schema["maxItems"] = rule.max_items;
  return schema;
}

Json words(const Key& key) {
  Json values = Json::array();
  for (const std::string_view word : key.words) values.push_back(word);
  return {{"type", "string"}, {"enum", std::move(values)}};
}

/// A patch release of one of the versions.
Json patches(const Key& key) {
  std::string versions;
  for (const std::string_view word : key.words) {
    versions += versions.empty() ? "" : "|";
    for (const char c : word) versions += c == '.' ? "\\." : std::string(1, c);
  }
  return {{"description", "An exact version: bugs that it has fixed are not reported."},
          {"pattern", fmt::format("^({})\\.(0|[1-9][0-9]{{0,2}})$", versions)}};
}

Json words_by_network(const Key& key) {
  return {{"description", "A table with a value for each remote network; `default` applies to all others."},
          {"type", "object"},
          {"additionalProperties", words(key)}};
}

/// A table whose keys are names: as patternProperties where names have a form.
Json by_name(const Rule& rule, Json item) {
  const std::string pattern = pattern_of(rule.format);
  if (pattern.empty()) return {{"type", "object"}, {"additionalProperties", std::move(item)}};
  return {{"type", "object"}, {"patternProperties", {{pattern, std::move(item)}}}, {"additionalProperties", false}};
}

Json labels(const Rule& rule) {
  Json schema = by_name(rule, text({.format = rule.value_format}));
  if (rule.value_format == Format::any) schema = by_name(rule, {{"type", "string"}});
  schema["minProperties"] = 1;
  if (rule.max_items != SIZE_MAX) schema["maxProperties"] = rule.max_items;
  return schema;
}

/// One of several types. What a schema says of a type (a pattern, a range, items) is about values of that type alone,
/// so one schema will do, and an editor shows its description once.
Json either(Json one, const Json& other) {
  one["type"] = Json::array({one["type"], other["type"]});
  for (const auto& [keyword, value] : other.items()) {
    if (keyword != "type") one[keyword] = value;
  }
  return one;
}

Json table_schema(const Table& table);

Json key_schema(const Key& key) {
  switch (key.type) {
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::integer:
      return integer(key.rule);
    case Type::string:
      return text(key.rule);
    case Type::word:
      return words(key);
    case Type::strings: {
      Json schema = list(text(key.rule), key.rule);
      schema["uniqueItems"] = true;
      if (!key.rule.star && !key.rule.all) return schema;
      return either({{"type", "string"}, {"pattern", "^\\*$"}}, schema);
    }
    case Type::integers: {
      Json schema = list(integer(key.rule), key.rule);
      schema["uniqueItems"] = true;
      return schema;
    }
    case Type::labels:
      return labels(key.rule);
    case Type::table:
      return table_schema(key.table());
    case Type::tables:
      return by_name(key.rule, table_schema(key.table()));
    case Type::rows:
      return list(table_schema(key.table()), key.rule);
    case Type::egress:
      return {{"anyOf", Json::array({words(key), words_by_network(key)})}};
    case Type::weight:
      return either(integer(key.rule), {{"type", "object"}, {"additionalProperties", integer(key.rule)}});
    case Type::numbers: {
      Json schema = by_name(key.rule, integer(key.rule));
      schema["minProperties"] = 1;
      return schema;
    }
    case Type::version: {
      Json minors = words(key);
      minors.erase("type");  // editors would offer an empty string for the other form
      return {{"type", "string"}, {"anyOf", Json::array({std::move(minors), patches(key)})}};
    }
    case Type::duration:
      return {{"type", "string"}, {"pattern", "^[0-9]{1,9}(ms|s|m|h)$"}};
    case Type::or_false:
      return {{"anyOf", Json::array({table_schema(key.table()),
                                     {{"description", "Turned off."}, {"enum", Json::array({false})}}})}};
    case Type::or_number:
      return either(integer(key.rule), table_schema(key.table()));
    case Type::selection:
      return either({{"type", "string"}, {"pattern", "^\\*$"}},
                    {{"type", "array"}, {"items", text(key.rule)}, {"uniqueItems", true}});
  }
  return {};
}

std::string description(const Key& key) {
  std::string words(key.meaning);
  if (key.required)
    words += " Required.";
  else if (!key.fallback.empty())
    words += fmt::format(" Default: {}.", key.fallback);
  return words;
}

void add_properties(const Table& table, Json& properties) {
  for (const Key& key : table.keys) {
    Json schema = {{"description", description(key)}};
    schema.update(key_schema(key));
    if (schema.contains("anyOf")) {  // of which editors offer each, with a description of its own
      schema["anyOf"][0]["description"] = std::move(schema["description"]);
      schema.erase("description");
    }
    properties[std::string(key.name)] = std::move(schema);
  }
  if (table.inherited) add_properties(table.inherited(), properties);
}

Json table_schema(const Table& table) {
  Json properties = Json::object();
  add_properties(table, properties);
  Json required = Json::array();
  for (const Key& key : table.keys) {
    if (key.required) required.push_back(key.name);
  }
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

// --- the reference
// -----------------------------------------------------------------------------------------------------------

std::string type_text(const Key& key) {
  std::string list;
  for (const std::string_view word : key.words) list += fmt::format("{}`\"{}\"`", list.empty() ? "" : " \\| ", word);
  switch (key.type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return key.rule.min == key.rule.max ? fmt::format("{}", key.rule.min)
                                          : fmt::format("{} to {}", key.rule.min, key.rule.max);
    case Type::string:
      return "string";
    case Type::word:
      return list;
    case Type::strings:
      return key.rule.star || key.rule.all ? "`\"*\"`, or a list of strings" : "list of strings";
    case Type::integers:
      return fmt::format("list of numbers from {} to {}", key.rule.min, key.rule.max);
    case Type::labels:
      return "table of strings";
    case Type::table:
      return "table";
    case Type::tables:
      return "tables by name";
    case Type::rows:
      return "list of tables";
    case Type::egress:
      return list + ", or a table of these";
    case Type::selection:
      return "`\"*\"`, or a list of strings";
    case Type::version:
      return list + ", or a patch version of one";
    case Type::duration:
      return "duration: `\"10s\"`, `\"500ms\"`, `\"2m\"`";
    case Type::or_false:
      return "table, or `false`";
    case Type::or_number:
      return fmt::format("{} to {}, or a table", key.rule.min, key.rule.max);
    case Type::weight:
      return fmt::format("{} to {}, or a table of these", key.rule.min, key.rule.max);
    case Type::numbers:
      return fmt::format("table of {} to {}", key.rule.min, key.rule.max);
  }
  return "";
}

/// The schema of each table in [export.*] and the like.
Json& item_schema(Json& tables) {
  return tables.contains("patternProperties") ? tables["patternProperties"].begin().value()
                                              : tables["additionalProperties"];
}

}  // namespace

std::string json_schema() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "federation.toml"},
                 {"description", "What meshfedc compiles: meshes, networks, clusters and exports of one federation."}};
  // A fragment holds exports only, so nothing is required at the top.
  Json root = table_schema(root_table());
  root.erase("required");
  // What [discover.*] finds, [export.*] of the same name need not say. A condition keeps what editors say of a missing
  // key.
  Json& exported = item_schema(root["properties"]["export"]);
  const Json required = std::move(exported["required"]);
  exported.erase("required");
  const Json complete = by_name({}, {{"required", required}});
  root["if"] = {{"required", {"discover"}}};
  root["else"] = {{"properties", {{"export", complete}}}};
  schema.update(root);
  return schema.dump(2) + "\n";
}

std::string key_reference() {
  std::string out;
  for (const Table* table : all_tables()) {
    out += fmt::format("### {}\n\n{}\n\n", table->name.empty() ? "top level" : fmt::format("`{}`", table->name),
                       table->meaning);
    out += "| key | type | default | meaning |\n|---|---|---|---|\n";
    for (const Key& key : table->keys) {
      const std::string fallback = key.required ? "required" : std::string(key.fallback);
      out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, type_text(key), fallback, key.meaning);
    }
    out += "\n";
  }
  return out;
}

}  // namespace meshfed::parse
