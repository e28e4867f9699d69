// Time, as a value that a test can make.
#pragma once

#include <chrono>
#include <cstdint>

namespace meshfed::base {

class Clock {
 public:
  struct Date {
    std::int64_t seconds = 0;  // since 1970
    int offset_minutes = 0;    // of the local time then, east of UTC
  };

  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual Date date() = 0;
  /// The time since some moment. Never goes back.
  virtual std::chrono::milliseconds steady() = 0;
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

/// The system's.
class SystemClock final : public Clock {
 public:
  Date date() override;
  std::chrono::milliseconds steady() override;
  void sleep(std::chrono::milliseconds time) override;
};

}  // namespace meshfed::base
