// How far a long build is, for a person at a terminal: one line that is written over, and gone at the end.
#pragma once

#include <chrono>

#include "cli/terminal.hpp"
#include "driver/job.hpp"

namespace meshfed::cli {

class ProgressLine {
 public:
  /// Nothing is shown if the terminal has no clock for it, nor in the first second of writing.
  explicit ProgressLine(const Terminal& terminal) : terminal_(terminal) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// From one thread at a time.
  void show(const driver::Progress& progress);
  void clear();

 private:
  const Terminal& terminal_;
  std::chrono::milliseconds next_{};  // when a line may be shown again
  bool begun_ = false;
  bool shown_ = false;
};

}  // namespace meshfed::cli
