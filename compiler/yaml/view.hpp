// A look at a Value without copying it: what is not there is a view as well, an absent one, so that a path can be asked
// for at once. The value outlives its views.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yaml/value.hpp"

namespace meshfed::yaml {

class View {
 public:
  View() = default;
  View(const Value& value) : value_(&value) {}

  /// Something stands there, and it is not null.
  bool present() const;
  /// Absent, unless this is a map that has the key. O(entries).
  View operator[](std::string_view key) const;

  /// None unless it is of that type.
  const std::string* text() const { return get<std::string>(); }
  std::optional<std::int64_t> number() const;
  std::optional<bool> flag() const;
  const Map* map() const { return get<Map>(); }
  const List* list() const { return get<List>(); }

  /// Empty unless it is a list, or a map.
  std::span<const Value> items() const;
  std::span<const Entry> entries() const;

 private:
  template <class T>
  const T* get() const {
    return value_ ? std::get_if<T>(&value_->data()) : nullptr;
  }

  const Value* value_ = nullptr;
};

}  // namespace meshfed::yaml
