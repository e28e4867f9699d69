// The document that every reader is asked to read.
#pragma once

#include <string>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::yaml_oracle {

// Holds each string four times: as an item of the list `items`, as a value (`values`: {v0: …, v1: …}), as a key
// (`keys`: its index is the value), deep below lists and maps (`nested`: [{outer: [[{text: …, index: 0}]]}]); and under
// `types` one value of each type besides, the same in every document.
yaml::Map document(const std::vector<std::string>& strings);

}  // namespace meshfed::yaml_oracle
