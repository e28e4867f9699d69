#include "base/clock.hpp"

#include <ctime>
#include <thread>

namespace meshfed::base {

Clock::Date SystemClock::date() {
  const std::time_t now = std::time(nullptr);
  std::tm local = {};
  localtime_r(&now, &local);
  return {now, static_cast<int>(local.tm_gmtoff / 60)};
}

std::chrono::milliseconds SystemClock::steady() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace meshfed::base
