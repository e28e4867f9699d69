// The YAML that this compiler writes, as a value: null, bool, integer, string, list, map. There are no floats:
// Kubernetes spells quantities as strings. Knows no Kubernetes.
//
// Values are built as nested literals that read like the YAML they become:
//
//   Map{
//       {"host", rule.host},
//       {"exportTo", if_any(rule.export_to)},  // dropped when empty
//       {"weight", entry.weight},              // a std::optional, dropped when it has no value
//       {"ports", each(rule.ports, [](const Port& port) -> Map { return {
//           {"name", port.name},
//           {"number", port.number}}; })},
//   }
//
// Traps, each met in practice:
// - In a nested literal always name `List{…}` or `Map{…}`. A bare `{x}` would be the scalar x, a bare `{}`
//   nothing at all.
// - `List{list}` is a list that holds a list, not a copy.
// - Only `bool` itself makes a boolean. With an unconstrained constructor every string literal, a pointer,
//   becomes `true`.
// - A field that is not there is dropped here, by `if_any` or an empty optional; `nullptr` writes the word `null`.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace meshfed::yaml {

class Value;
struct Entry;
struct Field;
struct Item;

// Values in order.
class List {
 public:
  List() = default;
  List(std::initializer_list<Item> items);
  List(const std::vector<std::string>& strings);

  void add(Value value);
  void reserve(std::size_t size);
  bool empty() const;
  std::size_t size() const;
  const Value* begin() const;
  const Value* end() const;
  bool operator==(const List& other) const;

 private:
  std::vector<Value> items_;
};

// Keys with their values, in the order they were added; the caller keeps keys unique.
class Map {
 public:
  Map() = default;
  Map(std::initializer_list<Field> fields);
  Map(const std::map<std::string, std::string>& strings);

  void add(std::string key, Value value);
  void append(Map other);  // the entries of `other` after the ones that are there
  bool empty() const;
  std::size_t size() const;
  const Entry* begin() const;
  const Entry* end() const;
  bool operator==(const Map& other) const;

 private:
  std::vector<Entry> entries_;
};

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t> &&
                  (std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t));

// Any of the six. Owns everything below it. Strings are UTF-8. Literals need its constructors implicit.
class Value {
 public:
  using Data = std::variant<std::nullptr_t, bool, std::int64_t, std::string, List, Map>;

  Value();
  Value(std::nullptr_t);
  Value(std::same_as<bool> auto flag);
  Value(Integer auto number);
  Value(const char* text);
  Value(std::string_view text);
  Value(std::string text);
  Value(List list);
  Value(Map map);
  Value(const std::vector<std::string>& strings);
  Value(const std::map<std::string, std::string>& strings);

  const Data& data() const { return data_; }
  bool operator==(const Value& other) const = default;

 private:
  Data data_;
};

struct Entry {
  std::string key;
  Value value;
  bool operator==(const Entry& other) const = default;
};

// From here on everything that a Value can hold is complete.
inline bool List::empty() const { return items_.empty(); }
inline std::size_t List::size() const { return items_.size(); }
inline bool Map::empty() const { return entries_.empty(); }
inline std::size_t Map::size() const { return entries_.size(); }
inline Value::Value() : data_(nullptr) {}
inline Value::Value(std::nullptr_t) : data_(nullptr) {}
Value::Value(std::same_as<bool> auto flag) : data_(flag) {}
Value::Value(Integer auto number) : data_(static_cast<std::int64_t>(number)) {}
inline Value::Value(const char* text) : data_(std::string(text)) {}
inline Value::Value(std::string_view text) : data_(std::string(text)) {}
inline Value::Value(std::string text) : data_(std::move(text)) {}
inline Value::Value(List list) : data_(std::move(list)) {}
inline Value::Value(Map map) : data_(std::move(map)) {}
inline Value::Value(const std::vector<std::string>& strings) : data_(List(strings)) {}
inline Value::Value(const std::map<std::string, std::string>& strings) : data_(Map(strings)) {}

template <class T>
concept Literal = std::constructible_from<Value, T>;

// A list element in a literal. Only lives inside an initializer list, which is const: `mutable` lets List move out of
// it instead of copying every subtree once per level.
struct Item {
  template <Literal T>
  Item(T&& from) : value(std::forward<T>(from)) {}
  mutable Value value;
};

// A key and its value in a literal; no value means that Map drops it. Lives where Item does.
struct Field {
  template <Literal T>
  Field(std::string_view name, T&& from) : key(name), value(Value(std::forward<T>(from))) {}
  template <Literal T>
  Field(std::string_view name, std::optional<T> from) : key(name) {
    if (from) value = Value(std::move(*from));
  }
  mutable std::string key;
  mutable std::optional<Value> value;
};

template <class T>
concept Container = requires(const T& container) {
  { container.empty() } -> std::same_as<bool>;
};

// The value, or nothing when it is empty, for a field that is then left out. Takes strings, lists, maps, and the
// standard ones that a Value is made of.
template <Container T>
std::optional<T> if_any(T container) {
  if (container.empty()) return std::nullopt;
  return std::optional<T>(std::move(container));
}

// The list of what `make` returns for each element, in order.
template <std::ranges::input_range Range, class Make>
List each(const Range& range, Make make) {
  List list;
  if constexpr (std::ranges::sized_range<const Range>) list.reserve(std::ranges::size(range));
  for (const auto& element : range) list.add(make(element));
  return list;
}

}  // namespace meshfed::yaml
