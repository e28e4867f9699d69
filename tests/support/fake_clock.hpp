// A clock that stands still unless somebody sleeps.
#pragma once

#include <chrono>
#include <functional>

#include "base/clock.hpp"

namespace meshfed::testing {

struct FakeClock final : base::Clock {
  std::chrono::milliseconds slept{0};
  std::function<void()> after_sleep = nullptr;  // what others do meanwhile

  Date date() override { return {1'700'000'000, 0}; }
  std::chrono::milliseconds steady() override { return slept; }
  void sleep(std::chrono::milliseconds time) override {
    slept += time;
    if (after_sleep) after_sleep();
  }
};

}  // namespace meshfed::testing
