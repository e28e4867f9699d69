// The statements of a text as they were meant to be, whether they are TOML or not: what messages about syntax speak of.
// It never fails, and judges nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::syntax {

/// One part of a key, `east` in `cluster."east"`: decoded, and where it is written.
struct KeyPart {
  std::string name;
  std::size_t begin = 0;
  std::size_t end = 0;
};

using KeyPath = std::vector<KeyPart>;

struct Statement {
  static constexpr std::size_t kNone = SIZE_MAX;

  enum class Kind : std::uint8_t { pair, header, list_header, other };  // other: no `=` behind a key, or no key at all

  Kind kind = Kind::other;
  std::size_t begin = 0;     // of its first byte
  std::size_t end = 0;       // after its last one; a comment behind it is not part of it
  std::size_t line_end = 0;  // of the line that it ends on
  KeyPath path;              // of the key or the header; as much of it as can be read
  std::size_t key_end = 0;   // after the key, or after the `]` of a header
  std::size_t value = 0;     // of a pair: where its value begins; otherwise where whatever follows the key begins
  std::size_t header = kNone;
};

/// In the order of the text, which it is linear in. Lists and tables that are not closed end where the next statement
/// seems to begin.
std::vector<Statement> outline(std::string_view text);

/// The names of a statement from the top level on: those of its header, then its own.
std::vector<std::string_view> full_path(const std::vector<Statement>& statements, std::size_t index);

/// Skips a string that begins at `at`; returns the offset after it, or where the line or the text ends if it is open.
std::size_t after_string(std::string_view text, std::size_t at);

/// Reads the dotted key at `at` as far as it is one; moves `at` behind it.
KeyPath read_key(std::string_view text, std::size_t& at);

}  // namespace meshfed::syntax
