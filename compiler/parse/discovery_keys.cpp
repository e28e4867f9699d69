// The table of [discover.*]: its own keys, and those of [export.*] that hold for all that is found.
#include <algorithm>
#include <array>
#include <vector>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

using model::Discovery;

constexpr std::array kDiscoveryKeys{
    key<&Discovery::manifests>(
        "manifests", Rule{.format = Format::path, .max_items = 256},
        {"",
         "The manifests: paths below the main file's directory, with `*` as the wildcard within one path component "
         "and `**` for any number of directories. They are plain YAML; templates and kustomizations are not rendered."},
        kRequired),
    key<&Discovery::selector>(
        "selector", Rule{.format = Format::label_key, .value_format = Format::label_value, .max_items = 256},
        {"", "The labels of the Services that become exports. A Service must have all of them."}, kRequired),
    key<&Discovery::namespaces>("namespaces", Rule{.format = Format::dns_label, .all = true},
                                {"all", "The namespaces of the Services that become exports."}),
    key<&Discovery::at>("at", Rule{.format = Format::dns_label},
                        {"",
                         "The meshes or clusters to which the manifests are applied: `from` of each export that is "
                         "found."},
                        kRequired),
};

/// What one Service has for itself, or what the manifests say.
constexpr std::array<std::string_view, 9> kOfOneService{"host",  "alias", "service", "selector", "canonical_name",
                                                        "ports", "from",  "vip",     "at"};

std::vector<Key> export_defaults() {
  std::vector<Key> keys;
  std::ranges::copy_if(table_of<model::Export>().keys, std::back_inserter(keys), [](const Key& one) {
    return std::ranges::find(kOfOneService, one.name) == kOfOneService.end();
  });
  for (Key& one : keys) {
    one.required = false;
    if (one.name == "namespace") {
      one.fallback = "none";
      one.meaning = "The namespace of objects in the manifests that do not name one.";
    } else if (one.name == "naming") {
      one.fallback = "`service`";
    } else if (one.name == "service_accounts") {
      one.fallback = "those of the workloads in the manifests";
    }
  }
  return keys;
}

const Table& defaults_table() {
  static const std::vector<Key> keys = export_defaults();
  static const Table table{
      .name = "discover.*", .title = "[export.*]", .meaning = "What all exports that are found share.", .keys = keys};
  return table;
}

constexpr Table kDiscoveryTable{
    .name = "discover.*",
    .title = "[discover.*]",
    .meaning =
        "Each Service in the manifests that has the labels is an export of its own name, by default with naming "
        "`service`; its namespace, ports, selector and service accounts are those of the manifests. Also takes the "
        "keys of [export.*], but for those of a single Service, as defaults. [export.NAME] overrides single keys.",
    .keys = kDiscoveryKeys,
    .inherited = &defaults_table,
    .inherited_of = [](void* object) -> void* { return &static_cast<Discovery*>(object)->defaults; }};

}  // namespace

template <>
const Table& table_of<Discovery>() {
  return kDiscoveryTable;
}

}  // namespace meshfed::parse
