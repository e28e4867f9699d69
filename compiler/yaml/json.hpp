// Values as JSON, keys in their order.
#pragma once

#include <nlohmann/json.hpp>

#include "yaml/value.hpp"

namespace meshfed::yaml {

nlohmann::ordered_json to_json(const Value& value);
nlohmann::ordered_json to_json(const Map& map);

}  // namespace meshfed::yaml
