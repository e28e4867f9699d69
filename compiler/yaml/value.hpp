// The YAML that this compiler writes, as a value: null, bool, integer, string, list, map. There are no floats:
// Kubernetes spells quantities as strings. Knows no Kubernetes.
//
// Values are built as nested literals: see literal.hpp, which code that builds any includes.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
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

}  // namespace meshfed::yaml
