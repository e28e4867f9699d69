// Contents that files of several clusters have in common, each rendered once and kept as long as the store lives.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "emit/tree.hpp"

namespace meshfed::emit {

// Safe to use from several threads. What it returned stays where it is.
class Store {
 public:
  // Null if there is none of that name.
  const Content* find(std::string_view name) const;

  // The first content of a name stays: who comes later, with an equal one, gets that.
  const Content& add(std::string_view name, Content content);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Content, Hash, std::equal_to<>> contents_;
};

}  // namespace meshfed::emit
