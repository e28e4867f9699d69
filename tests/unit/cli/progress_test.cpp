#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace meshfed::cli;
using std::chrono::milliseconds;

namespace {

struct Watched {
  std::string text;
  milliseconds time{5000};
  Terminal terminal{.out = [](std::string_view) { return 0; },
                    .err = [this](std::string_view words) { text += words; },
                    .progress_clock = [this] { return time; }};
};

}  // namespace

TEST_CASE("progress is shown after a second, ten times a second at most, and cleared") {
  Watched watched;
  {
    ProgressLine line(watched.terminal);
    line.show({.done = 0, .clusters = 50, .files = 0, .bytes = 0});
    watched.time += milliseconds(999);
    line.show({.done = 1, .clusters = 50, .files = 10, .bytes = 1 << 20});
    CHECK(watched.text.empty());
    watched.time += milliseconds(1);
    line.show({.done = 2, .clusters = 50, .files = 30, .bytes = 3 << 20});
    CHECK(watched.text == "\r\x1b[K2 of 50 clusters, 30 files, 3 MB written");
    watched.time += milliseconds(99);
    line.show({.done = 3, .clusters = 50, .files = 31, .bytes = 3 << 20});
    watched.time += milliseconds(1);
    line.show({.done = 4, .clusters = 50, .files = 32, .bytes = 3 << 20});
    CHECK(watched.text.ends_with("\r\x1b[K4 of 50 clusters, 32 files, 3 MB written"));
    watched.text.clear();
  }
  CHECK(watched.text == "\r\x1b[K");
}

TEST_CASE("a short build, and one that nobody watches, show nothing") {
  Watched watched;
  { ProgressLine(watched.terminal).show({.done = 1, .clusters = 1, .files = 1, .bytes = 1}); }
  watched.terminal.progress_clock = nullptr;
  watched.time += milliseconds(100000);
  { ProgressLine(watched.terminal).show({.done = 1, .clusters = 1, .files = 1, .bytes = 1}); }
  CHECK(watched.text.empty());
}
