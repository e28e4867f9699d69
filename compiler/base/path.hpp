// Paths with `/` between their components, as text: nothing here looks at a file system.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::base {

/// "a/b" of "a/b/c", "" of "a".
std::string_view parent_of(std::string_view path);
std::string_view name_of(std::string_view path);

/// Where a file that a user named stands: "." of "a", "/" of "/a".
std::string directory_of(std::string_view file);

/// "b" for an empty directory, else "a/b".
std::string below(std::string_view directory, std::string_view path);

}  // namespace meshfed::base
