// Lines as Git sees them: what it merges, what it leaves where it cannot, and what it makes of their ends at checkout.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meshfed::base {

/// The next line, without what ends it ("\n" or "\r\n"); none at the end of the text.
std::optional<std::string_view> next_line(std::string_view& text);

inline constexpr std::size_t kLineCode = 5;

/// Stands for a line: kLineCode characters of [0-9A-Za-z_-], the same for ever. Of two lines that differ, one pair in
/// 2^30 has the same.
std::string line_code(std::string_view line);

/// The codes of all lines, in order, without anything in between.
std::string line_codes(std::string_view text);

/// A line that Git writes where two branches change the same lines: seven characters `<`, `|`, `=` or `>`, or more, and
/// perhaps a name.
bool is_conflict_marker(std::string_view line);

bool has_conflict_markers(std::string_view text);

/// Without the `\r` before each `\n`.
std::string with_unix_line_ends(std::string_view text);

}  // namespace meshfed::base
