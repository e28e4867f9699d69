// The one table of keys: what federation.toml may say. The binder, the JSON Schema and the key reference all read it,
// so a key is added in two places: a member in model/federation.hpp and a row in keys.cpp or keys_traffic.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "parse/formats.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

class Binder;
struct Table;

enum class Type : std::uint8_t {
  boolean,
  integer,
  string,
  word,       // one of `Key::words`
  strings,    // a list
  integers,   // a list
  labels,     // a table of strings
  table,      // one table, `Key::table`
  tables,     // tables by name
  rows,       // a list of tables
  egress,     // a word, or a table of words by network
  selection,  // "*" or a list
  weight,     // an integer, or a table of integers by network
  numbers,    // a table of integers by name
  version,    // one of `Key::words`, or a patch of it
  duration,   // a string: a number and its unit
  or_false,   // a table, `Key::table`, or false
  or_number,  // a table, `Key::table`, or an integer
};

/// What a value must be beyond its type.
struct Rule {
  Format format = Format::any;        // of strings; of the keys of labels and tables
  Format value_format = Format::any;  // of the values of labels
  int min = 0;                        // of integers, inclusive; of durations, in milliseconds
  int max = 0;
  std::size_t max_items = SIZE_MAX;  // of lists and labels
  bool star = false;                 // "*" is allowed among the strings, and alone instead of the list
  bool all = false;                  // "*" alone says what leaving the key out says
  bool version = false;              // of words: MF0701 instead of MF0206; of integers: MF0210 instead of MF0207
};

struct Key {
  std::string_view name;
  Type type;
  Rule rule;
  bool required;
  std::string_view fallback;  // as the reference prints it: the default when the key is left out; may be empty
  std::string_view meaning;   // one sentence or two
  std::span<const std::string_view> words;
  const Table& (*table)();  // of table, tables, rows, or_false, or_number; else null
  void (*read)(Binder& binder, const syntax::Node& node, const Key& key, void* object);
  void (*poison)(void* object);  // marks the value as reported already
  void (*attempt)(Binder& binder, const syntax::Node& node,
                  const Key& key);  // reads into an object that is thrown away
};

struct Table {
  std::string_view name;   // "cluster", "gateway"; empty for the top level
  std::string_view title;  // how a message speaks of such tables: "[cluster.*]"
  std::string_view meaning;
  std::span<const Key> keys;
  const Table& (*inherited)() = nullptr;          // keys that stand in several tables: the settings
  void* (*inherited_of)(void* object) = nullptr;  // where they go
};

/// The row of a key, also among the inherited ones; null if the table has no such key.
const Key* find_key(const Table& table, std::string_view name);

/// The row of the key at a path from the top level on, names of tables included: cluster, east, mesh. Null if there is
/// none.
const Key* key_at(std::span<const std::string_view> path);

/// The top level of a main file.
const Table& root_table();

/// Every table, each once, in the order of the key reference.
std::span<const Table* const> all_tables();

}  // namespace meshfed::parse
