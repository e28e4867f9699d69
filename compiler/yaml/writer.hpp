// Value to text: block style, two spaces, sequences not indented under their key, LF, no line is ever wrapped.
//
// Every reader of YAML 1.1 and 1.2 gets back the same types and bytes, because what may stand unquoted is a whitelist,
// which cannot rot as readers change:
// - plain: starts with a letter or `/`, has only `[A-Za-z0-9._/-]`, and is none of the words `y n yes no on off true
//   false null nan inf` in any case; so everything that starts with a digit is quoted, and `.` too;
// - literal (`|`, `|-`): more than one line, all printable, no line ends in a blank, the first does not start with
//   one, at most one final newline;
// - double-quoted with escapes: the rest. Never single-quoted or folded, no anchors, no tags.
// Keys follow the same rule, without literals.
#pragma once

#include <string>
#include <string_view>

#include "yaml/value.hpp"

namespace meshfed::yaml {

// Appends `map` to `out` as one document, ended by one newline; no `---`. `out` may hold earlier documents.
// Strings are UTF-8: a byte that is not is written as U+FFFD. A key stays below 1,000 bytes as written: readers stop
// looking for its colon there.
void write(const Map& map, std::string& out);

// The same, as a new string.
std::string to_string(const Map& map);

// Whether `text` may stand unquoted, as the policy above says.
bool is_plain(std::string_view text);

}  // namespace meshfed::yaml
