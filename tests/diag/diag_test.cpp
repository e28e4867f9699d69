#include "diag_test.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "process.hpp"
#include "support/temp_dir.hpp"
#include "support/tests_dir.hpp"

namespace meshfed::testing {
namespace {

namespace fs = std::filesystem;

std::string show(const std::vector<Reported>& reports) {
  std::string text;
  for (const Reported& report : reports) text += fmt::format("  {}:{} {}\n", report.path, report.line, report.code);
  return text.empty() ? "  nothing\n" : text;
}

/// The marks of one line: what stands behind `#~`, each `^` being a line further up.
void take_marks(const std::string& line, const std::string& path, unsigned number, std::vector<Reported>& marks) {
  std::size_t at = line.find("#~");
  if (at == std::string::npos) return;
  for (at += 2; at < line.size() && line[at] == '^'; ++at) --number;
  std::istringstream codes(line.substr(at));
  for (std::string code; codes >> code;) marks.push_back({path, number, code, false});
}

/// What the marks in a folder's TOML files and manifests say.
std::vector<Reported> marks_below(const fs::path& folder) {
  std::vector<Reported> marks;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const bool marked = entry.path().extension() == ".toml" || entry.path().extension() == ".yaml";
    if (!marked || !entry.is_regular_file()) continue;
    std::istringstream lines(read_text(entry.path()));
    unsigned number = 0;
    for (std::string line; std::getline(lines, line);) {
      take_marks(line, entry.path().lexically_relative(folder).string(), ++number, marks);
    }
  }
  std::sort(marks.begin(), marks.end());
  return marks;
}

/// The reports about the folder's own files; what a script makes has no marks.
std::vector<Reported> about_files_of(const fs::path& folder, std::vector<Reported> reports) {
  std::erase_if(reports, [&](const Reported& r) { return r.line == 0 || !fs::is_regular_file(folder / r.path); });
  for (Reported& report : reports) report.error = false;
  std::sort(reports.begin(), reports.end());
  return reports;
}

/// What the folder's commands print, run in a copy of it. Status 1 to 64 is an answer, not a failure of the test.
std::string outcome(const fs::path& folder, const std::string& copy) {
  if (fs::exists(folder / "script.sh")) return standard_error(copy, read_text(folder / "script.sh"));
  if (fs::exists(folder / "cmd")) return standard_error(copy, fmt::format("meshfedc {}", read_text(folder / "cmd")));
  return validated(copy);
}

}  // namespace

void diag_case(const std::string& name) {
  const fs::path folder = fs::path(tests_dir()) / "diag" / name;
  const TempDir copy;
  fs::copy(folder, copy.path(), fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  for (const char* ours : {"stderr.txt", "cmd", "script.sh"}) fs::remove(fs::path(copy.path()) / ours);

  const std::string actual = outcome(folder, copy.path());

  const std::vector<Reported> reports = reports_in(actual);
  const std::vector<Reported> expected = marks_below(folder);
  const std::vector<Reported> found = about_files_of(folder, reports);
  CHECK_MESSAGE(expected == found, fmt::format("marked:\n{}reported:\n{}", show(expected), show(found)));
  if (name.starts_with("MF"))
    CHECK_MESSAGE(codes_of(reports).contains(name.substr(0, 6)), fmt::format("{} is not reported", name.substr(0, 6)));

  const fs::path golden = folder / "stderr.txt";
  if (std::getenv("MESHFED_UPDATE") != nullptr) {
    write_text(golden, actual);
  } else {
    CHECK_MESSAGE(fs::exists(golden), "stderr.txt is missing; MESHFED_UPDATE=1 writes it");
    CHECK(read_text(golden) == actual);
  }
}

std::vector<std::string> diag_folders() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(tests_dir()) / "diag")) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace meshfed::testing
