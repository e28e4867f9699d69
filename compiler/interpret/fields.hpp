// Reading a manifest so that nothing in it is passed over in silence: each key is either asked for or known to change
// nothing; of what is left, the object keeps a gap.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/object.hpp"
#include "yaml/view.hpp"

namespace meshfed::interpret {

/// The keys of one map. When it ends, keys that nobody asked for become gaps; so does a value of an unexpected type.
class Fields {
 public:
  Fields(yaml::View map, Object& object) : Fields(map, object, nullptr, {}) {}
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields();

  /// Empty, 0 or the default if it is not there.
  std::string text(std::string_view key);
  std::int64_t number(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  std::vector<std::string> texts(std::string_view key);
  Labels labels(std::string_view key);
  /// Numbers, which policies write as strings.
  std::vector<std::int64_t> numbers(std::string_view key);

  /// The map below a key; without keys if there is none.
  Fields map(std::string_view key) { return Fields(take(key), object_, this, key); }
  bool has(std::string_view key) const { return map_[key].present(); }

  /// Calls `read(Fields&)` for each map of a list.
  template <class Read>
  void each(std::string_view key, Read read) {
    for (const yaml::Value& item : items(key)) {
      Fields fields(item, object_, this, key);
      read(fields);
    }
  }

  /// Keys that change nothing for calls between sidecars.
  void ignore(std::initializer_list<std::string_view> keys);
  /// The value of the key is more than is understood.
  void gap(std::string_view key);
  /// Whatever stands there, for who looks at it himself.
  yaml::View take(std::string_view key);

 private:
  Fields(yaml::View map, Object& object, const Fields* parent, std::string_view name);

  std::span<const yaml::Value> items(std::string_view key);
  std::string path(std::string_view key) const;

  yaml::View map_;
  Object& object_;
  const Fields* parent_;
  std::string_view name_;
  std::uint64_t asked_ = 0;  // a bit for each of the first keys, in their order
};

/// What a map of strings holds; other values become gaps.
Labels labels_of(yaml::View map);

}  // namespace meshfed::interpret
