// What one measured run took, as the line of text that the benchmark's programs print and bench.py reads:
// "WALL USER SYSTEM PEAK", the times in seconds, the largest resident size in KiB.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdio>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// `usage` counts what was used since `before`. The peak cannot be split: 0 says that it means nothing.
inline void print_measurement(Clock::duration wall, const rusage& before, const rusage& usage, long peak_kib) {
  std::printf("%.6f %.6f %.6f %ld\n", std::chrono::duration<double>(wall).count(),
              seconds(usage.ru_utime) - seconds(before.ru_utime), seconds(usage.ru_stime) - seconds(before.ru_stime),
              peak_kib);
}

}  // namespace bench
