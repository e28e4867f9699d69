// How TOML writes keys and scalars.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meshfed::syntax {

/// A basic string of TOML that means `text`.
std::string toml_string(std::string_view text);

/// `text` as a key: in quotes if it needs them.
std::string toml_key(std::string_view text);

/// "true" or "false", for the words by which people mean them.
std::optional<std::string_view> boolean_of(std::string_view word);

}  // namespace meshfed::syntax
