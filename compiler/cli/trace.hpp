// What `-v` shows: the steps of a run with the time each took, on standard error. Never for diagnostics.
#pragma once

#include <spdlog/logger.h>

#include "cli/terminal.hpp"

namespace meshfed::cli {

/// A logger to the terminal, which outlives it. Level `off` until somebody raises it; a step is of level `debug`.
/// Threads may share it.
spdlog::logger make_trace(const Terminal& terminal);

}  // namespace meshfed::cli
