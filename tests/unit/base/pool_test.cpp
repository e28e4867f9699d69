#include "base/pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using meshfed::base::for_each_index;

TEST_CASE("for_each_index calls the body once for each index") {
  for (const unsigned jobs : {0U, 1U, 2U, 3U, 16U}) {
    for (const std::size_t count : {0U, 1U, 2U, 5U, 1000U}) {
      std::vector<int> calls(count);
      for_each_index(count, jobs, [&](std::size_t index) { ++calls[index]; });
      CHECK(calls == std::vector<int>(count, 1));
    }
  }
}

TEST_CASE("for_each_index with one job keeps to the order and to this thread") {
  const std::thread::id here = std::this_thread::get_id();
  std::vector<std::size_t> order;
  for_each_index(5, 1, [&](std::size_t index) {
    CHECK(std::this_thread::get_id() == here);
    order.push_back(index);
  });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("for_each_index has that many bodies at work at a time") {
  std::mutex mutex;
  std::condition_variable changed;
  int at_work = 0;
  for_each_index(3, 3, [&](std::size_t) {
    std::unique_lock lock(mutex);
    ++at_work;
    changed.notify_all();
    // Nobody leaves before all have come. The time is for a pool that never lets them, which fails.
    CHECK(changed.wait_for(lock, std::chrono::seconds(30), [&] { return at_work == 3; }));
  });
}

TEST_CASE("for_each_index has no more than that many bodies at work") {
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  for_each_index(200, 3, [&](std::size_t) {
    const int now = ++at_work;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::yield();
    --at_work;
  });
  CHECK(most <= 3);
}

TEST_CASE("for_each_index rethrows, and begins nothing more") {
  for (const unsigned jobs : {1U, 4U}) {
    std::atomic<std::size_t> begun = 0;
    const auto body = [&](std::size_t index) {
      ++begun;
      if (index == 3) throw std::runtime_error("three");
    };
    CHECK_THROWS_WITH(for_each_index(1000000, jobs, body), "three");
    CHECK(begun < 1000000);
  }
}
