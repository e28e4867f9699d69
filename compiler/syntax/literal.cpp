#include "syntax/literal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"

namespace meshfed::syntax {

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string toml_key(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '_';
  });
  return bare ? std::string(text) : toml_string(text);
}

std::optional<std::string_view> boolean_of(std::string_view word) {
  const auto is = [&](std::string_view other) {
    return std::equal(word.begin(), word.end(), other.begin(), other.end(),
                      [](char a, char b) { return base::to_lower(a) == b; });
  };
  for (const std::string_view yes : {"true", "yes", "on", "y", "1", "enabled", "enable"}) {
    if (is(yes)) return "true";
  }
  for (const std::string_view no : {"false", "no", "off", "n", "0", "disabled", "disable"}) {
    if (is(no)) return "false";
  }
  return std::nullopt;
}

}  // namespace meshfed::syntax
