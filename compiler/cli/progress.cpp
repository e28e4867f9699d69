#include "cli/progress.hpp"

#include <fmt/format.h>

namespace meshfed::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::chrono::milliseconds kPause{100};
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (shown_) terminal_.err(kClearLine);
  shown_ = false;
}

void ProgressLine::show(const driver::Progress& progress) {
  if (!terminal_.progress_clock) return;
  const std::chrono::milliseconds now = terminal_.progress_clock();
  if (!begun_) next_ = now + kPatience;
  begun_ = true;
  if (now < next_) return;
  next_ = now + kPause;
  shown_ = true;
  terminal_.err(fmt::format("{}{} of {} clusters, {} files, {} MB written", kClearLine, progress.done,
                            progress.clusters, progress.files, progress.bytes >> 20U));
}

}  // namespace meshfed::cli
