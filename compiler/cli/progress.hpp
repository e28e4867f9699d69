// How far a long build is, for a person at a terminal: one line that is written over, and gone at the end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "cli/terminal.hpp"

namespace meshfed::cli {

class Progress {
 public:
  /// Of `clusters` to come. Nothing is shown if the terminal has no clock for it, nor in the first second.
  Progress(const Terminal& terminal, std::size_t clusters);
  ~Progress();

  /// One cluster more. Called from any thread.
  void add(std::size_t files, std::uint64_t bytes);

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  const Terminal& terminal_;
  std::size_t clusters_;
  std::chrono::milliseconds next_{};  // when a line may be shown again
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t files_ = 0;
  std::uint64_t bytes_ = 0;
  bool shown_ = false;
};

}  // namespace meshfed::cli
