#include "cli/options.hpp"

#include <algorithm>
#include <thread>

namespace meshfed::cli {
namespace {

constexpr unsigned kMaxJobs = 1024;

}  // namespace

Argument output_option(std::string& directory, std::string meaning) {
  return {.names = {"-o", "--output"},
          .meaning = std::move(meaning),
          .target = &directory,
          .value = "DIR",
          .preset = kDefaultOutput,
          .flaw = [](const std::string& path) -> std::string { return path.empty() ? "the path is empty" : ""; }};
}

Argument clusters_option(std::vector<std::string>& names) {
  return {.names = {"--cluster"},
          .meaning = "Restrict the command to this cluster; may be repeated",
          .target = &names,
          .value = "NAME"};
}

Argument jobs_option(unsigned& jobs) {
  return {.names = {"--jobs"},
          .meaning = "Number of clusters to process in parallel; default: one per processor",
          .target = Number{&jobs, 1, kMaxJobs},
          .value = "N"};
}

unsigned default_jobs() { return std::clamp(std::thread::hardware_concurrency(), 1U, kMaxJobs); }

Argument quiet_option(bool& quiet) {
  return {.names = {"-q", "--quiet"},
          .meaning = "Print no progress and no summary; warnings and errors are still printed",
          .target = &quiet};
}

Argument format_option(Format& format) {
  return word_option<Format>(
      "--format", "Format of the diagnostics on standard error", format,
      {{"text", Format::text}, {"json", Format::json}, {"github", Format::github}, {"sarif", Format::sarif}});
}

}  // namespace meshfed::cli
