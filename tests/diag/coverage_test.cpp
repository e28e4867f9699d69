// Every diagnostic is shown by a folder, and every folder shows one.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "diag/catalog.hpp"
#include "diag_test.hpp"
#include "process.hpp"
#include "support/tests_dir.hpp"

namespace meshfed::testing {
namespace {

TEST_CASE("coverage: every diagnostic has a folder") {
  const std::vector<std::string> folders = diag_folders();
  for (const diag::Row& row : diag::catalog()) {
    const std::string code = diag::code_text(row.code);
    const bool shown =
        std::any_of(folders.begin(), folders.end(), [&](const std::string& f) { return f.starts_with(code + "-"); });
    CHECK_MESSAGE(shown, fmt::format("tests/diag has no folder for {} {}", code, row.name));
  }
}

TEST_CASE("coverage: every folder has a diagnostic") {
  for (const std::string& folder : diag_folders()) {
    if (!folder.starts_with("MF")) continue;
    const bool formed = folder.size() > 7 && folder[6] == '-';
    CHECK_MESSAGE((formed && diag::find_row(folder.substr(0, 6))), fmt::format("tests/diag/{}: no such code", folder));
  }
}

TEST_CASE("coverage: thirty mistakes are reported in one run") {
  const std::string text = read_text(tests_dir() + "/diag/thirty-mistakes/stderr.txt");
  CHECK(error_codes_of(reports_in(text)).size() >= 30);
}

}  // namespace
}  // namespace meshfed::testing
