// A TOML document as meshfedc reads it: an ordered tree in which everything knows its bytes. No toml++ type leaves
// document.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/span.hpp"

namespace meshfed::syntax {

struct Node {
  // unreadable: something was written, and is reported already.
  enum class Kind : std::uint8_t { table, array, string, integer, floating, boolean, date, unreadable };

  Kind kind = Kind::table;
  bool boolean = false;
  bool incomplete = false;  // a table of which something could not be read, and is reported already
  std::int64_t integer = 0;
  std::string key;          // in a table
  source::Span key_span;    // of the key, as written; for a table made by dotted keys, of its first mention
  source::Span span;        // of the value; of a [header] table, its header
  std::string text;         // of a string, decoded
  std::vector<Node> items;  // of a table or array, in the order of the file

  const Node* find(std::string_view wanted) const {
    for (const Node& item : items) {
      if (item.key == wanted) return &item;
    }
    return nullptr;
  }
};

/// A table that a [header] or a dotted key made: its value has no bytes of its own.
inline bool has_header(const Node& node) {
  return node.key_span.begin >= node.span.begin && node.key_span.end <= node.span.end;
}

/// "a string", "an integer", …: as messages say it.
std::string_view kind_name(Node::Kind kind);

}  // namespace meshfed::syntax
