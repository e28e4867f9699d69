// The types of keys and the kinds of values.
#pragma once

#include <string_view>

#include "parse/keys.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

/// How a message names the type of a key: "a list, or "*"".
std::string_view type_name(const Key& key);

/// The value is of a kind that the key takes; whether it takes this value is another question.
bool fits(const syntax::Node& node, const Key& key);

}  // namespace meshfed::parse
