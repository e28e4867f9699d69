// Keys of a gateway that have no effect, for it is deployed from here, or is not: one mistake, however many there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "model/value.hpp"

namespace meshfed::check {

class UselessKeys {
 public:
  /// `table` is as the keys of a cluster name it.
  UselessKeys(std::string_view table, const model::Value<bool>& deploy) : table_(table), deploy_(deploy) {}

  template <class T>
  void add(const model::Value<T>& value, std::string_view key) {
    if (value.given()) keys_.push_back({key, value.span});
  }

  bool none() const { return keys_.empty(); }

  /// The first one in the file; not if there is none.
  std::string_view key() const { return first().name; }
  const source::Span& span() const { return first().span; }

  /// Names the others in a report about the first one, and what to do.
  void explain(diag::Report& report) const;

 private:
  struct Key {
    std::string_view name;
    source::Span span;
  };
  const Key& first() const;

  std::string_view table_;
  const model::Value<bool>& deploy_;
  std::vector<Key> keys_;
};

}  // namespace meshfed::check
