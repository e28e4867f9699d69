// What a rule says of a field, whichever item of a list it stands in: `spec.ports.number` is the number of every port.
// Keys that are no simple words stand in brackets, as in `metadata.labels["istio.io/rev"]`.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "diff/fields.hpp"
#include "yaml/value.hpp"

namespace meshfed::diff {

/// The scalars at the path and below it, in whatever order; empty if nothing stands there, or only what is empty.
std::set<std::string> texts_at(const yaml::Map& document, std::string_view path);

/// Whether the change is one of the path, or of something below it; or of something above it that holds other values
/// there on its two sides. Another order of the same items is none; and an item that comes or goes is a change of its
/// list, but of no field in it.
bool concerns(const FieldChange& change, std::string_view path);

/// The path without what selects items of lists: `spec.ports.number` of `spec.ports[name=http].number`.
std::string general_path(std::string_view path);

}  // namespace meshfed::diff
