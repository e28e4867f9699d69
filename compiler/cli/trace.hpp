// What `-v` shows on standard error.
#pragma once

#include "base/trace.hpp"
#include "cli/terminal.hpp"

namespace meshfed::cli {

/// Each step on a line of its own, with the time since the one before. The terminal outlives it.
base::Trace make_trace(const Terminal& terminal);

}  // namespace meshfed::cli
