// What a job of the compiler works with: nothing here knows of a terminal or a command line, so that a test or a server
// can have a federation built, checked or compared as well as a command can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/fs.hpp"
#include "base/trace.hpp"
#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::driver {

/// How far writing is.
struct Progress {
  std::size_t done = 0;  // of the clusters
  std::size_t clusters = 0;
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

/// All of it outlives the job. What is wrong goes to the sink, which the caller sorts (diag::Sink::finish).
struct Job {
  base::Fs& fs;
  source::Manager& files;
  diag::Sink& sink;
  base::Trace trace = {};
  /// Called when writing begins and after each cluster, by one thread at a time, though not always the same.
  std::function<void(const Progress&)> progress = nullptr;
  std::optional<std::int64_t> at = std::nullopt;  // when certificates are to be valid, in seconds since 1970

  bool failed() const { return sink.errors() > 0; }
  Job reading_from(base::Fs& other) const { return {other, files, sink, trace, progress, at}; }
};

}  // namespace meshfed::driver
