#include "cli/trace.hpp"

#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

namespace meshfed::cli {
namespace {

class TerminalSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit TerminalSink(const Terminal& terminal) : terminal_(terminal) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    terminal_.err(std::string_view(line.data(), line.size()));
  }
  void flush_() override {}

  const Terminal& terminal_;
};

}  // namespace

base::Trace make_trace(const Terminal& terminal) {
  auto logger = std::make_shared<spdlog::logger>("meshfedc", std::make_shared<TerminalSink>(terminal));
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("meshfedc: +%o ms: %v", spdlog::pattern_time_type::local, "\n"));
  return base::Trace([logger = std::move(logger)](std::string_view step) { logger->info(step); });
}

}  // namespace meshfed::cli
