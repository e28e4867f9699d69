// The steps of a run, for somebody who asked to see them. Never for diagnostics.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace meshfed::base {

class Trace {
 public:
  /// Nobody asked.
  Trace() = default;
  /// `write` takes a step at a time, from any thread.
  explicit Trace(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  template <class... Arguments>
  void operator()(fmt::format_string<Arguments...> step, Arguments&&... arguments) const {
    if (write_) write_(fmt::format(step, std::forward<Arguments>(arguments)...));
  }

 private:
  std::function<void(std::string_view)> write_;
};

}  // namespace meshfed::base
