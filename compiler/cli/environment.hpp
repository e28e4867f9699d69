// The process's environment as a value: main reads it once, and what a command takes from it is seen where it is used.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace meshfed::cli {

using Environment = std::map<std::string, std::string, std::less<>>;  // by name

/// Empty if it is not set.
std::string value_of(const Environment& environment, std::string_view name);

/// Of a name that is there twice, the first.
Environment process_environment();

}  // namespace meshfed::cli
