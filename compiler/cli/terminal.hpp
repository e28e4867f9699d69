// Where a command's words go. A value with two functions, so that a test catches them in strings.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "cli/environment.hpp"

namespace meshfed::cli {

struct Terminal {
  /// Writes all of a result to standard output: 0, or the errno that kept it from being written whole. A command calls
  /// it at most once, after everything else succeeded.
  std::function<int(std::string_view)> out;
  /// Writes to standard error; what cannot be written there is lost. Safe to call from
  /// several threads.
  std::function<void(std::string_view)> err;
  bool color_out = false;
  bool color_err = false;
  /// The time since some moment, if somebody watches standard error; null: nobody does.
  std::function<std::chrono::milliseconds()> progress_clock = nullptr;
};

/// The process's own streams, in colour where they are terminals and the environment (NO_COLOR, TERM) does not object.
/// A descriptor 0, 1 or 2 that is closed is taken first, so that no file opened later is mistaken for it; writing to
/// standard output then fails with EBADF. From here on a closed pipe is an error, not a signal. Call once, before
/// opening anything.
Terminal standard_streams(const Environment& environment);

}  // namespace meshfed::cli
