// Paths in an output directory: `/` between components of [a-z0-9.-]. Nothing else is ever written, read or removed
// there, so no path climbs, hides, needs quoting, or means something else on another system.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/path.hpp"

namespace meshfed::publish {

using base::below;
using base::name_of;
using base::parent_of;

inline constexpr std::string_view kLockName = ".meshfedc.lock";
inline constexpr std::string_view kTemporaryPrefix = ".meshfedc.tmp-";
inline constexpr std::size_t kMaxComponent = 255;
inline constexpr std::size_t kMaxPath = 1024;

// One component: [a-z0-9.-]+ that begins with a letter or digit (so it is neither `.`, `..`, `.git` nor one of our own
// dot-files) and does not end with a dot, at most kMaxComponent bytes.
bool is_component(std::string_view name);

// Relative, components only, at most kMaxPath bytes.
bool is_path(std::string_view path);

// ASCII lower case: how a name looks to a case-insensitive file system.
std::string folded(std::string_view name);

}  // namespace meshfed::publish
