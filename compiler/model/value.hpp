// What a key of federation.toml holds: the value, where it stands, and whether it can be relied on.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "source/span.hpp"

namespace meshfed::model {

/// Absent: nobody wrote it, `value` is the default. Bad: written or required, but reported already; whoever meets it
/// stays silent.
enum class State : std::uint8_t { absent, given, bad };

template <class T>
struct Value {
  T value{};
  source::Span span{};  // of the value (for a table, of its name); unknown when absent
  State state = State::absent;

  Value() = default;
  explicit Value(T fallback) : value(std::move(fallback)) {}
  Value(T written, const source::Span& where) : value(std::move(written)), span(where), state(State::given) {}

  bool given() const { return state == State::given; }
  bool bad() const { return state == State::bad; }
  /// Given or absent: `value` means what the user meant.
  bool usable() const { return state != State::bad; }

  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

using Name = Value<std::string>;
using Names = Value<std::vector<Name>>;
using NumberList = Value<std::vector<Value<int>>>;

/// Labels or annotations, in the order of their keys' bytes.
using Labels = Value<std::vector<std::pair<Name, Name>>>;

}  // namespace meshfed::model
