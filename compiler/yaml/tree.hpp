// Text to a tree of nodes that know their bytes: YAML that people write for others, read for what it says about a few
// of its objects. Where only values matter, reader.hpp is simpler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::yaml {

struct Node {
  // number: one that is no decimal integer, such as 1.10
  enum class Kind : std::uint8_t { null, boolean, integer, number, string, list, map };

  Kind kind = Kind::null;
  std::uint32_t begin = 0;  // bytes of the text: of a scalar as it is written, of lists and maps their first one. Of
  std::uint32_t end = 0;    // what an alias stands for, where it is written out
  std::uint32_t key_begin = 0;
  std::uint32_t key_end = 0;
  std::int64_t integer = 0;
  std::string key;          // in a map
  std::string text;         // of a scalar, decoded
  std::vector<Node> items;  // of a list or map, in the order of the text; what `<<` merges comes last

  /// Of a map, the value of a key; null if there is none, or if this is no map.
  const Node* find(std::string_view wanted) const;
  bool is(Kind wanted) const { return kind == wanted; }
};

struct Tree {
  std::vector<Node> documents;  // in their order; an empty one is null
  std::string problem;          // not empty: why the text cannot be read, and there are no documents
  std::uint32_t begin = 0;      // where the problem is
};

/// The documents of a text that is believed nothing: at most kMaxDepth levels deep (reader.hpp), no key twice in a map,
/// no tags of one's own. Aliases, and maps merged by `<<`, are replaced by what they stand for, as long as this makes
/// the tree no larger than in proportion to the text; so time and memory are, too.
Tree read_tree(std::string_view text);

}  // namespace meshfed::yaml
