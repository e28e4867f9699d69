#include "process.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/clock.hpp"
#include "base/disk_fs.hpp"
#include "cli/run.hpp"
#include "support/temp_dir.hpp"

namespace meshfed::testing {
namespace {

/// The process is in a directory while this lives.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::string& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~WorkingDirectory() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  std::filesystem::path before_;
};

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string standard_error(const std::string& directory, const std::string& commands) {
  const TempDir outside;  // so that a script does not find itself among its files
  write_text(outside / "script", commands);
  const std::string binaries = std::filesystem::path(MESHFEDC).parent_path().string();
  const std::string line = fmt::format(
      "cd '{0}' && env -u MESHFED_UPDATE HOME='{1}' LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
      "PATH='{2}':\"$PATH\" sh '{1}/script' >'{1}/out' 2>'{1}/err' </dev/null",
      directory, outside.path(), binaries);
  const int status = std::system(line.c_str());
  const std::string text = read_text(outside / "err");
  REQUIRE_MESSAGE(WIFEXITED(status), text);
  const int code = WEXITSTATUS(status);
  REQUIRE_MESSAGE((code != 70 && code < 126), fmt::format("exit {}\n{}", code, text));
  return text;
}

std::string validated(const std::string& directory) {
  const WorkingDirectory here(directory);
  std::string text;
  std::mutex mutex;
  const cli::Terminal terminal{.out = [](std::string_view) { return 0; },
                               .err =
                                   [&](std::string_view part) {
                                     const std::lock_guard lock(mutex);
                                     text += part;
                                   }};
  base::DiskFs fs;
  base::SystemClock clock;
  cli::run({"validate"}, {}, fs, terminal, clock);
  return text;
}

namespace {

/// "path:12:5", or "path" alone.
void take_place(std::string_view place, Reported& report) {
  report.path = place;
  const std::size_t column = place.rfind(':');
  const std::size_t line = column == std::string_view::npos ? column : place.rfind(':', column - 1);
  if (line == std::string_view::npos) return;
  report.path = place.substr(0, line);
  report.line = static_cast<unsigned>(std::stoul(std::string(place.substr(line + 1, column - line - 1))));
}

std::optional<Reported> headline(std::string_view line) {
  for (const std::string_view severity : {": error[MF", ": warning[MF"}) {
    const std::size_t at = line.find(severity);
    if (at == std::string_view::npos || line.substr(at + severity.size() + 4, 2) != "]:") continue;
    Reported report;
    report.code = line.substr(at + severity.size() - 2, 6);
    report.error = severity.find("error") != std::string_view::npos;
    take_place(line.substr(0, at), report);
    return report;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Reported> reports_in(const std::string& text) {
  std::vector<Reported> reports;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (std::optional<Reported> report = headline(line)) reports.push_back(std::move(*report));
  }
  return reports;
}

std::set<std::string> codes_of(const std::vector<Reported>& reports) {
  std::set<std::string> codes;
  for (const Reported& report : reports) codes.insert(report.code);
  return codes;
}

std::set<std::string> error_codes_of(const std::vector<Reported>& reports) {
  std::set<std::string> codes;
  for (const Reported& report : reports) {
    if (report.error) codes.insert(report.code);
  }
  return codes;
}

}  // namespace meshfed::testing
