// What the process tells its caller.
#pragma once

#include <string_view>

#include "diag/sink.hpp"

namespace meshfed::cli {

enum Exit : int {
  kOk = 0,
  kChanged = 1,    // with --exit-code: something changed, or would change
  kInvalid = 2,    // the input is invalid
  kRefused = 3,    // nothing was done, to protect the work of others: edited and foreign files, other owners
  kIo = 4,         // reading or writing failed
  kUsage = 64,     // the command line is invalid
  kInternal = 70,  // a bug
};

struct ExitMeaning {
  Exit status;
  std::string_view meaning;
};

/// In words, for the manual.
inline constexpr ExitMeaning kExitMeanings[] = {
    {kOk, "Success."},
    {kChanged, "`build --exit-code`: something changed, or would change. `check` and `diff`: there are differences."},
    {kInvalid, "The input is invalid."},
    {kRefused,
     "Refused, to protect the work of others: an edited or foreign file, another federation's directory, a merge in "
     "progress."},
    {kIo, "Reading, writing or a Git operation failed."},
    {kUsage, "The command line is invalid."},
    {kInternal, "A bug in meshfedc."},
};

/// kOk without errors; else the largest of what each error stands for.
Exit exit_of(const diag::Sink& sink);

}  // namespace meshfed::cli
