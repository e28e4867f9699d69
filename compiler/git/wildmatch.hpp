// Patterns for paths as Git's configuration has them.
#pragma once

#include <string_view>

namespace meshfed::git {

enum class Case { sensitive, ignored };

/// `*`, `?` and `[a-z]` stand for no slash; `**/`, `/**` and `/**/` for any number of directories. As gitignore(5)
/// describes them. O(pattern x text).
bool wildmatch(std::string_view pattern, std::string_view text, Case letters = Case::sensitive);

}  // namespace meshfed::git
