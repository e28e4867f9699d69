// Text to values: YAML that others may have edited. Reads what the writer writes, and what a person makes of it.
//
// Scalars mean what Kubernetes' reader takes them for: unquoted `true`, `yes`, `on` and the like are booleans, decimal
// numbers integers, `~` and nothing null, all else strings. A number with a fraction or in another base stays text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "yaml/value.hpp"

namespace meshfed::yaml {

struct Reading {
  std::vector<Value> documents;  // in their order; an empty one is null
  std::string problem;  // not empty: why it cannot be read, "line 3, column 5: …", and there are no documents
};

/// The documents of a text that is believed nothing. Refused, besides bad YAML: aliases (a few of them stand for
/// gigabytes), keys that are no scalars or stand twice, tags of one's own, more than kMaxDepth levels or kMaxValues
/// values. Memory is bounded by kMaxValues and the text, time by the text.
Reading read(const std::string& text);

/// The same without the short way for what the writer writes (written.hpp).
Reading read_any(const std::string& text);

inline constexpr std::size_t kMaxDepth = 100;
inline constexpr std::size_t kMaxValues = 4'000'000;

}  // namespace meshfed::yaml
