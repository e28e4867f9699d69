// yaml-cpp's opinion of what the writer wrote.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::yaml_oracle {

struct Comparison {
  std::size_t compared = 0;              // scalars, keys and empty collections
  std::vector<std::string> differences;  // one line each

  bool operator==(const Comparison&) const = default;
};

// Reads `text` and compares it with `expected`: structure, order, strings, and that no unquoted string reads as
// something else. yaml-cpp keeps a key that occurs twice, which counts as a difference here.
Comparison compare_with_yaml_cpp(const std::string& text, const yaml::Map& expected);

}  // namespace meshfed::yaml_oracle
