// A change line by line, as text and Markdown show it.
#pragma once

#include <string>
#include <vector>

#include "diff/change.hpp"

namespace meshfed::diff {

struct Line {
  char sign;         // '+' comes, '-' goes, '~' changes from one value to another
  std::string text;  // in one line, harmless on a terminal; indented as YAML

  bool operator==(const Line&) const = default;
};

/// The fields of a change, `path: old -> new` where both are short; else the whole object as YAML.
std::vector<Line> lines_of(const Change& change);

}  // namespace meshfed::diff
