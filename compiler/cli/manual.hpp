// The manual page, made of what `--help` says.
#pragma once

#include <string>
#include <string_view>

#include "cli/declaration.hpp"

namespace meshfed::cli {

/// meshfedc(1) in the man macros, pure ASCII. `date` (YYYY-MM-DD) is the page's, never the clock's.
std::string manual(const Command& tool, std::string_view version, std::string_view date);

}  // namespace meshfed::cli
