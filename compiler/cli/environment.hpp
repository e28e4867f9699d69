// The process's environment as a value: main reads it once, and what a command takes from it is seen where it is used.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "git/options.hpp"

namespace meshfed::cli {

using Environment = std::map<std::string, std::string, std::less<>>;  // by name

/// Of a name that is there twice, the first.
Environment process_environment();

/// The value of a variable, a view into the environment; empty if it is not set.
std::string_view value_of(const Environment& environment, std::string_view name);

/// Where a build keeps what it remembers: `$XDG_CACHE_HOME/meshfedc`, else `~/.cache/meshfedc`; empty if there is
/// neither.
std::string cache_directory(const Environment& environment);

/// What Git is told, with the date of a commit that is made now.
git::Environment git_environment(const Environment& environment, base::Clock& clock);

}  // namespace meshfed::cli
