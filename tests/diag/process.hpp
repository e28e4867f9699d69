// meshfedc, run as users run it, in a directory of its own: by a shell, or without a process of its own, which takes a
// hundredth of the time.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace meshfed::testing {

/// A report as it stands on standard error.
struct Reported {
  std::string path;  // "meshfedc" and line 0 where it is about no place in a file
  unsigned line = 0;
  std::string code;  // "MF0301"
  bool error = false;

  auto operator<=>(const Reported&) const = default;
};

/// What the shell commands print to standard error, run in `directory` with `meshfedc` on PATH. Fails the test case if
/// meshfedc is stopped by a signal or ends with an internal error.
std::string standard_error(const std::string& directory, const std::string& commands);

/// What `meshfedc validate` prints to standard error in `directory`. An internal error fails the test case.
std::string validated(const std::string& directory);

/// The first lines of the reports in a text, in its order.
std::vector<Reported> reports_in(const std::string& text);

std::set<std::string> codes_of(const std::vector<Reported>& reports);
std::set<std::string> error_codes_of(const std::vector<Reported>& reports);

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);

}  // namespace meshfed::testing
