// What a statement that is no TOML was meant to be: YAML, JSON, a word without quotes, a list that is not closed. Works
// on text alone; whether an edit really makes it valid is for the caller to try.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/outline.hpp"

namespace meshfed::syntax {

struct TextEdit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

struct Repair {
  std::string what;       // for the message
  std::string help;       // empty where the edits say it all
  std::size_t begin = 0;  // the bytes to blame
  std::size_t end = 0;
  std::vector<TextEdit> edits;  // none if nobody can know what was meant; in the order of the text
};

/// None if nothing is recognized. `boolean`: the key takes true or false.
std::optional<Repair> repair_statement(std::string_view text, const Statement& statement, bool boolean);

/// The same for the value of a pair, of which the rest is fine.
std::optional<Repair> repair_value(std::string_view text, std::size_t begin, std::size_t end, bool boolean);

/// True if a statement has the form of YAML or JSON: `key: value` or `- item`.
bool is_yaml(std::string_view text, const Statement& statement);

}  // namespace meshfed::syntax
