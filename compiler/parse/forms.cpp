#include "parse/forms.hpp"
#include "syntax/literal.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/ascii.hpp"
#include "base/closest.hpp"
#include "base/text.hpp"
#include "model/words.hpp"
#include "parse/foreign.hpp"

namespace meshfed::parse {
namespace {

using syntax::boolean_of;
using syntax::Node;
using syntax::toml_key;
using syntax::toml_string;

struct Example {
  std::string_view table;  // empty: of every table that has the key
  std::string_view key;
  std::string_view value;
};

// For keys whose type alone does not show what is wanted.
constexpr Example kExamples[] = {
    {"", "accept", "[\"MF0409\"]"},
    {"", "addresses", "[\"203.0.113.1\"]"},
    {"", "alias", "[\"orders.shop.example\"]"},
    {"", "annotations", "{ \"example.com/load-balancer\" = \"internal\" }"},
    {"[discover.*]", "at", "[\"west-mesh\"]"},
    {"", "at", "{ east-mesh = { namespace = \"orders-east\" } }"},
    {"", "callers", "[\"east-mesh/shop/frontend\"]"},
    {"", "canonical_name", "\"orders\""},
    {"", "cluster", "{ east = { mesh = \"east-mesh\", network = \"east-network\" } }"},
    {"", "cluster_domain", "\"cluster.local\""},
    {"", "connection_pool", "{ tcp = { maxConnections = 100 } }"},
    {"", "defaults", "{ istio = \"1.31\" }"},
    {"", "discover",
     "{ shop = { manifests = [\"k8s/**/*.yaml\"], selector = { exported = \"true\" }, at = [\"west-mesh\"] } }"},
    {"", "domain", "\"mesh.example.com\""},
    {"", "egress_gateway", "{ namespace = \"istio-egress\" }"},
    {"", "errors", "5"},
    {"", "export",
     "{ orders = { namespace = \"shop\", ports = [{ name = \"http\", number = 80 }], from = [\"west-mesh\"] } }"},
    {"", "federation", "{ name = \"demo\" }"},
    {"", "fragment", "{ \"teams/*.toml\" = { namespaces = [\"shop\"] } }"},
    {"", "from", "[\"west-mesh\"]"},
    {"", "gateway", "{ addresses = [\"203.0.113.1\"] }"},
    {"", "host", "\"orders.mesh.example.com\""},
    {"[export.*.connection_pool]", "http", "{ http1MaxPendingRequests = 100 }"},
    {"", "import_namespace", "\"remote-services\""},
    {"", "imports", "[\"orders\"]"},
    {"", "include", "[\"teams/*.toml\"]"},
    {"", "locality", "\"eu-west/eu-west-1a\""},
    {"", "manifests", "[\"k8s/**/*.yaml\"]"},
    {"", "max", "5"},
    {"", "max_percent", "50"},
    {"", "merge", "[\"east-mesh\"]"},
    {"", "mesh", "\"east-mesh\""},
    {"", "min", "2"},
    {"federation.toml", "mesh", "{ east-mesh = { trust_domain = \"east.example.com\" } }"},
    {"[federation]", "name", "\"demo\""},
    {"[cluster.*.gateway]", "name", "\"eastwest-gateway\""},
    {"[cluster.*.egress_gateway]", "name", "\"egress-gateway\""},
    {"[export.*.ports]", "name", "\"http\""},
    {"[cluster.*.egress_gateway]", "namespace", "\"istio-egress\""},
    {"[cluster.*.gateway]", "namespace", "\"istio-ingress\""},
    {"", "namespace", "\"shop\""},
    {"", "namespaces", "[\"shop\"]"},
    {"federation.toml", "network", "{ east-network = {} }"},
    {"", "network", "\"east-network\""},
    {"", "number", "80"},
    {"", "outlier", "{ errors = 5 }"},
    {"", "parameters", "\"gateway-parameters\""},
    {"", "passes", "[\"*.local\"]"},
    {"[cluster.*.egress_gateway]", "ports", "[15443]"},
    {"", "ports", "[{ name = \"http\", number = 80, target = 8080 }]"},
    {"", "replicas", "2"},
    {"", "revision", "\"1-31\""},
    {"", "root_namespace", "\"istio-system\""},
    {"", "router", "{ addresses = [\"router.apps.example.com\"] }"},
    {"", "seen_from", "{ east-network = { addresses = [\"203.0.113.1\"] } }"},
    {"", "selector", "{ app = \"orders\" }"},
    {"", "service", "\"orders\""},
    {"", "service_accounts", "[\"orders\"]"},
    {"", "share", "{ local = 80, west-network = 20 }"},
    {"", "target", "8080"},
    {"", "targets", "{ http = 8080 }"},
    {"[export.*.connection_pool]", "tcp", "{ maxConnections = 100 }"},
    {"", "tcpKeepalive", "{ time = \"5m\" }"},
    {"", "to", "[\"east-mesh\"]"},
    {"", "trust_domain", "\"east.example.com\""},
    {"", "version", "1"},
    {"", "vip", "[\"240.0.0.10\"]"},
    {"", "vips", "[\"240.10.0.0/16\"]"},
    {"", "visible_to", "[\"frontend\"]"},
};

bool is_scalar(const Node& node) {
  return node.kind != Node::Kind::table && node.kind != Node::Kind::array && node.kind != Node::Kind::date &&
         node.kind != Node::Kind::unreadable;
}

bool is_text(const Node& node) { return node.kind == Node::Kind::string; }

/// What a scalar says, without quotes.
std::string said(const Node& node, const source::Manager& files) {
  return is_text(node) ? node.text : std::string(files.text(node.span));
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find_first_not_of(separators), text.size());
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return parts;
}

std::optional<std::string> list_of(const std::vector<std::string>& items) {
  if (items.empty()) return std::nullopt;
  return fmt::format("[{}]", base::join(items));
}

std::optional<std::string> table_of_pairs(const std::vector<std::string>& pairs) {
  if (pairs.empty()) return std::nullopt;
  return fmt::format("{{ {} }}", base::join(pairs));
}

const Node* only_item(const Node& node) {
  const bool holds = node.kind == Node::Kind::array || node.kind == Node::Kind::table;
  return holds && node.items.size() == 1 ? &node.items.front() : nullptr;
}

// --- Scalars

std::optional<std::string> to_boolean(const Node& node, const source::Manager& files) {
  if (!is_scalar(node)) return std::nullopt;
  const auto word = boolean_of(said(node, files));
  return word ? std::optional<std::string>(*word) : std::nullopt;
}

std::optional<std::string> to_integer(const Node& node, const source::Manager& files) {
  if (const Node* item = node.kind == Node::Kind::array ? only_item(node) : nullptr) return to_integer(*item, files);
  if (node.kind == Node::Kind::integer) return said(node, files);
  if (!is_scalar(node)) return std::nullopt;
  std::string text = said(node, files);
  for (const std::string_view ending : {".0", "/tcp", "/TCP", "%"}) {
    if (text.ends_with(ending)) text.erase(text.size() - ending.size());
  }
  return all_digits(text) ? std::optional<std::string>(text) : std::nullopt;
}

/// `{ region = "eu", zone = "a" }` as `eu/a`.
std::optional<std::string> to_locality(const Node& node) {
  std::string text;
  for (const std::string_view part : {"region", "zone", "subzone"}) {
    const Node* found = node.find(part);
    if (!found) break;
    if (!is_text(*found)) return std::nullopt;
    text += (text.empty() ? "" : "/") + found->text;
  }
  return text.empty() ? std::nullopt : std::optional<std::string>(toml_string(text));
}

std::optional<std::string> to_word(const Key& key, std::string_view boolean) {
  const bool yes = boolean == "true";
  if (key.type == Type::egress) return yes ? "\"gateway\"" : "\"direct\"";
  if (key.words.data() == model::kWords<model::Mtls>) return yes ? "\"strict\"" : "\"unmanaged\"";
  if (key.words.data() == model::kWords<model::Namespaces>) return yes ? "\"create\"" : "\"assume\"";
  return std::nullopt;
}

/// The text as the key takes it, if that is near.
std::string in_form(const Key& key, const std::string& text) {
  if (!key.words.empty()) {
    if (const auto near = base::closest(text, key.words); near && !key.rule.version) return std::string(*near);
    return std::string(meant_word(text, key.words).value_or(text));
  }
  const std::string mended = flaw_of(key.rule.format, text) ? mended_form(key.rule.format, text) : std::string();
  return mended.empty() ? text : mended;
}

/// `10`, `"10 seconds"` or `0.5`; a number without a unit is one of seconds.
std::optional<std::string> to_duration(const Node& node, const source::Manager& files) {
  if (!is_scalar(node)) return std::nullopt;
  const std::string meant = meant_duration(said(node, files));
  return meant.empty() ? std::nullopt : std::optional<std::string>(toml_string(meant));
}

/// `true` and a number of errors as tables.
std::optional<std::string> to_outlier(const Node& node, const source::Manager& files) {
  if (node.kind == Node::Kind::integer) return fmt::format("{{ errors = {} }}", files.text(node.span));
  const auto on = to_boolean(node, files);
  if (!on) return std::nullopt;
  return *on == "true" ? "{}" : "false";
}

std::optional<std::string> to_string(const Key& key, const Node& node, const source::Manager& files) {
  if (node.kind == Node::Kind::table && key.rule.format == Format::locality) return to_locality(node);
  if (const Node* item = only_item(node)) return is_scalar(*item) ? to_string(key, *item, files) : std::nullopt;
  if (!is_scalar(node)) return std::nullopt;
  if (node.kind == Node::Kind::boolean && !key.words.empty()) return to_word(key, said(node, files));
  return toml_string(in_form(key, said(node, files)));
}

// --- Lists and tables

std::optional<std::string> to_strings(const Key& key, const Node& node, const source::Manager& files) {
  std::vector<std::string> items;
  if (is_scalar(node)) {
    const std::string text = said(node, files);
    for (const std::string_view word : {"all", "any", "everyone", "everybody"}) {
      if ((key.rule.star || key.rule.all) && text == word) return "\"*\"";
    }
    for (const std::string_view part : split(text, ", ")) items.push_back(toml_string(in_form(key, std::string(part))));
    return list_of(items);
  }
  if (node.kind != Node::Kind::table) return std::nullopt;
  for (const Node& item : node.items) {
    const bool party = item.key == "mesh" || item.key == "cluster" || item.key == "name";
    if (item.kind == Node::Kind::boolean && item.boolean)
      items.push_back(toml_string(item.key));  // { east = true }
    else if (party && is_text(item))
      items.push_back(toml_string(item.text));  // { mesh = "east" }
    else
      return std::nullopt;
  }
  return list_of(items);
}

/// `15443`, or `"15443, 15444"`.
std::optional<std::string> to_integers(const Node& node, const source::Manager& files) {
  if (!is_scalar(node)) return std::nullopt;
  const std::string text = said(node, files);
  std::vector<std::string> items;
  for (const std::string_view part : split(text, ", ")) {
    if (!all_digits(part)) return std::nullopt;
    items.emplace_back(part);
  }
  return list_of(items);
}

/// `app=orders` or `app: orders`, as pairs of TOML.
bool take_label(std::string_view text, std::vector<std::string>& pairs) {
  const std::size_t at = text.find_first_of("=:");
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view name = text.substr(0, at);
  std::string_view value = text.substr(at + 1);
  value.remove_prefix(std::min(value.find_first_not_of("= "), value.size()));
  pairs.push_back(fmt::format("{} = {}", toml_key(name), toml_string(value)));
  return true;
}

bool take_labels(const Node& node, const source::Manager& files, std::vector<std::string>& pairs) {
  if (is_text(node)) {
    const std::vector<std::string_view> parts = split(node.text, ",");
    return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) {
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      return take_label(part, pairs);
    });
  }
  if (node.kind == Node::Kind::table) {
    const Node* name = node.find("key") ? node.find("key") : node.find("name");
    const Node* value = node.find("value");
    if (name && value && is_text(*name) && is_scalar(*value)) {
      pairs.push_back(fmt::format("{} = {}", toml_key(name->text), toml_string(said(*value, files))));
      return true;
    }
    for (const Node& item : node.items) {
      if (!is_scalar(item)) return false;
      pairs.push_back(fmt::format("{} = {}", toml_key(item.key), toml_string(said(item, files))));
    }
    return true;
  }
  if (node.kind != Node::Kind::array) return false;
  return std::all_of(node.items.begin(), node.items.end(),
                     [&](const Node& item) { return take_labels(item, files, pairs); });
}

// --- Ports

/// "80", "80:8080", "http:80" or "80/tcp" as a table.
std::optional<std::string> to_port(std::string_view text, std::string_view name) {
  std::string_view protocol;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    protocol = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  std::vector<std::string_view> parts = split(text, ":");
  if (!protocol.empty() && protocol != "tcp" && protocol != "TCP") name = protocol;
  if (parts.size() > 1 && !all_digits(parts.front())) {
    name = parts.front();
    parts.erase(parts.begin());
  }
  if (parts.empty() || parts.size() > 2 || !std::all_of(parts.begin(), parts.end(), all_digits)) return std::nullopt;
  const std::string shown = name.empty() ? name_of_port(parts.front()) : std::string(name);
  const std::string target = parts.size() == 2 ? fmt::format(", target = {}", parts[1]) : "";
  return fmt::format("{{ name = {}, number = {}{} }}", toml_string(shown), parts.front(), target);
}

std::optional<std::string> port_item(const Node& item, const source::Manager& files) {
  if (item.kind == Node::Kind::integer || is_text(item)) return to_port(said(item, files), {});
  return std::nullopt;
}

std::optional<std::string> to_ports(const Node& node, const source::Manager& files) {
  std::vector<std::string> items;
  if (node.kind == Node::Kind::table && (node.find("number") || node.find("name"))) {
    return fmt::format("[{}]", files.text(node.span));
  }
  if (is_text(node)) {
    for (const std::string_view part : split(node.text, ", ")) {
      const auto port = to_port(part, {});
      if (!port) return std::nullopt;
      items.push_back(*port);
    }
    return list_of(items);
  }
  if (node.kind == Node::Kind::integer) return list_of({*to_port(said(node, files), {})});
  for (const Node& item : node.items) {
    const bool named = node.kind == Node::Kind::table && (item.kind == Node::Kind::integer || is_text(item));
    const auto port = named                            ? to_port(said(item, files), item.key)
                      : node.kind == Node::Kind::array ? port_item(item, files)
                                                       : std::nullopt;
    if (!port) return std::nullopt;
    items.push_back(*port);
  }
  return list_of(items);
}

// --- Tables

/// `gateway = "203.0.113.1"` or a list of addresses: the table's one key that says it.
std::optional<std::string> to_table(const Table& table, const Node& node, const source::Manager& files) {
  if (const Key* addresses = find_key(table, "addresses")) {
    if (is_text(node)) return fmt::format("{{ addresses = {} }}", to_strings(*addresses, node, files).value_or("[]"));
    const bool strings = node.kind == Node::Kind::array && !node.items.empty() &&
                         std::all_of(node.items.begin(), node.items.end(), is_text);
    if (strings) return fmt::format("{{ addresses = {} }}", files.text(node.span));
  }
  if (is_text(node) && find_key(table, "name")) return fmt::format("{{ name = {} }}", files.text(node.span));
  return std::nullopt;
}

}  // namespace

std::string example_of(const Table& table, const Key& key) {
  const auto find = [&](std::string_view title) {
    return std::find_if(std::begin(kExamples), std::end(kExamples),
                        [&](const Example& row) { return row.key == key.name && row.table == title; });
  };
  for (const std::string_view title : {table.title, std::string_view()}) {
    const auto found = find(title);
    // `namespaces` is a list in one table, and a word in others.
    if (found != std::end(kExamples) && key.type != Type::word) return std::string(found->value);
  }
  switch (key.type) {
    case Type::boolean:
      return "true";
    case Type::integer:
    case Type::weight:
      return std::to_string(std::clamp(15443, key.rule.min, key.rule.max));
    case Type::word:
    case Type::egress:
    case Type::version:
      return toml_string(key.words.back());
    case Type::duration:
      return "\"10s\"";
    default:
      return key.fallback.empty() ? "\"…\"" : std::string(key.fallback);
  }
}

std::optional<std::string> converted(const Key& key, const Node& node, const source::Manager& files) {
  switch (key.type) {
    case Type::boolean:
      return to_boolean(node, files);
    case Type::integer:
    case Type::numbers:
    case Type::weight:
    case Type::or_number:
      return to_integer(node, files);
    case Type::duration:
      return to_duration(node, files);
    case Type::or_false:
      return to_outlier(node, files);
    case Type::string:
    case Type::word:
    case Type::egress:
    case Type::version:
      return to_string(key, node, files);
    case Type::strings:
      return to_strings(key, node, files);
    case Type::integers:
      return to_integers(node, files);
    case Type::selection:
      if (const auto word = to_boolean(node, files)) return *word == "true" ? "\"*\"" : "[]";
      return to_strings(key, node, files);
    case Type::labels: {
      std::vector<std::string> pairs;
      return take_labels(node, files, pairs) ? table_of_pairs(pairs) : std::nullopt;
    }
    case Type::rows:
      return to_ports(node, files);
    case Type::table:
      return to_table(key.table(), node, files);
    case Type::tables:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> converted_item(const Key& key, const Node& item, const source::Manager& files) {
  if (key.type == Type::integers) return to_integer(item, files);
  if (key.type == Type::rows) return port_item(item, files);
  if (key.type == Type::tables) return to_table(key.table(), item, files);
  const Node* name = item.kind == Node::Kind::table ? item.find("name") : nullptr;
  const Node* only = name ? name : only_item(item);
  const Node& said_by = only ? *only : item;
  return is_scalar(said_by) ? std::optional<std::string>(toml_string(in_form(key, said(said_by, files))))
                            : std::nullopt;
}

std::string name_of_port(std::string_view number) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"80", "http"},    {"8080", "http"},  {"8000", "http"},   {"443", "https"},  {"8443", "https"},
      {"3306", "mysql"}, {"6379", "redis"}, {"27017", "mongo"}, {"50051", "grpc"}, {"9090", "http"},
      {"3000", "http"},  {"5000", "http"},  {"9080", "http"},   {"8081", "http"},
  };
  const auto known =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& row) { return row.first == number; });
  return known != std::end(kNames) ? std::string(known->second) : fmt::format("tcp-{}", number);
}

std::string caller_of_identity(std::string_view identity, const Node& document) {
  const std::size_t scheme = identity.find("://");
  if (scheme != std::string_view::npos) identity.remove_prefix(scheme + 3);
  const std::vector<std::string_view> parts = split(identity, "/");
  if (parts.size() != 5 || parts[1] != "ns" || parts[3] != "sa") return {};
  const Node* meshes = document.find("mesh");
  if (!meshes || meshes->kind != Node::Kind::table) return {};
  std::string_view found;
  for (const Node& mesh : meshes->items) {
    const Node* domain = mesh.find("trust_domain");
    if ((domain ? std::string_view(domain->text) : "cluster.local") != parts[0]) continue;
    if (!found.empty()) return {};
    found = mesh.key;
  }
  return found.empty() ? std::string() : fmt::format("{}/{}/{}", found, parts[2], parts[4]);
}

std::optional<std::string_view> meant_word(std::string_view text, std::span<const std::string_view> words) {
  constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {"istiomutual", "strict"}, {"mutual", "strict"},
      {"enabled", "strict"},     {"required", "strict"},
      {"svc", "service"},        {"loadbalanced", "spread"},
      {"roundrobin", "spread"},  {"random", "spread"},
      {"locality", "nearest"},   {"closest", "nearest"},
      {"h2c", "http2"},          {"postgres", "tcp"},
      {"postgresql", "tcp"},     {"amqp", "tcp"},
      {"kafka", "tcp"},          {"ssl", "tls"},
      {"lb", "LoadBalancer"},    {"sidecar", "direct"},
      {"alpha", "experimental"},
  };
  const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  const std::string plain = plain_word(text);
  for (const auto& [other, word] : kOthers) {
    if (plain == other && has(word)) return word;
  }
  std::optional<std::string_view> found;
  for (const std::string_view word : words) {
    const bool version = base::is_digit(word.front());
    const std::string_view bare = text.starts_with('v') ? text.substr(1) : text;
    const bool patch =
        bare == word || (bare.starts_with(word) && (bare[word.size()] == '.' || bare[word.size()] == '-'));
    const bool part = word.size() > 3 && plain.find(plain_word(word)) != std::string::npos;
    if (version ? !patch : !part) continue;
    if (found) return std::nullopt;
    found = word;
  }
  return found;
}

}  // namespace meshfed::parse
