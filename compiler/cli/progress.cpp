#include "cli/progress.hpp"

#include <fmt/format.h>

namespace meshfed::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::chrono::milliseconds kPause{100};
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(const Terminal& terminal, std::size_t clusters) : terminal_(terminal), clusters_(clusters) {
  if (terminal_.progress_clock) next_ = terminal_.progress_clock() + kPatience;
}

Progress::~Progress() {
  if (shown_) terminal_.err(kClearLine);
}

void Progress::add(std::size_t files, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  ++done_;
  files_ += files;
  bytes_ += bytes;
  if (!terminal_.progress_clock) return;
  const std::chrono::milliseconds now = terminal_.progress_clock();
  if (now < next_) return;
  next_ = now + kPause;
  shown_ = true;
  terminal_.err(
      fmt::format("{}{} of {} clusters, {} files, {} MB written", kClearLine, done_, clusters_, files_, bytes_ >> 20U));
}

}  // namespace meshfed::cli
