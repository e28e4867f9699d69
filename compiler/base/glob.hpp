// Path patterns with one wildcard.
#pragma once

#include <string_view>

namespace meshfed::base {

/// True if `path` matches `pattern`, in which `*` stands for any bytes but `/`, and a leading dot of a component is
/// matched only by a dot. Both are relative, with `/` between components. O(pattern x path) at worst.
bool glob_matches(std::string_view pattern, std::string_view path);

}  // namespace meshfed::base
