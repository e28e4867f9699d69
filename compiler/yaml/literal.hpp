// How a Value is built: as a nested literal that reads like the YAML it becomes.
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
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

#include "yaml/value.hpp"

namespace meshfed::yaml {

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
