// Two versions of one object, field by field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::diff {

/// One field that differs: added without `before`, removed without `after`, else changed.
///
/// Paths read `spec.ports[name=http].number`, `spec.rules[0].from`, `metadata.labels["app.kubernetes.io/part-of"]`.
/// `spec.hosts[]` is an item that a list of scalars has on one side only; `spec.hosts` itself, with both sides, is such
/// a list, or the keys of a list of maps, in another order.
struct FieldChange {
  std::string path;
  std::optional<yaml::Value> before;
  std::optional<yaml::Value> after;

  bool operator==(const FieldChange&) const = default;
};

/// In the order of the fields of `before`, then of those that are new. Empty iff both say the same; the order of keys
/// says nothing. Items of lists are matched by the first of name, number, port, network, … that tells all of them
/// apart, else by their position.
std::vector<FieldChange> compare_fields(const yaml::Map& before, const yaml::Map& after);

}  // namespace meshfed::diff
