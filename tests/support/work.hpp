// Work that a thread did, as a number that is the same on every machine and in every run. Counted only in builds with
// MESHFED_SANITIZE.
#pragma once

#include <cstdint>

namespace meshfed::testing {

struct Work {
  std::uint64_t blocks = 0;     // basic blocks of our code, and of the templates in it, that were entered
  std::uint64_t allocated = 0;  // bytes
};

/// What this thread did since it began. Bytes count from the first call on.
Work work_so_far();

}  // namespace meshfed::testing
