// Every `bad` example of the catalog gives its code and no other error; every `good` one gives neither that code nor an
// error. How examples are read: compiler/diag/catalog/README.md.
#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "cli/command/starter.hpp"
#include "diag/catalog.hpp"
#include "process.hpp"
#include "support/temp_dir.hpp"

namespace meshfed::testing {
namespace {

/// A header, without what follows the bracket, and the lines up to the next; what comes before all has none.
using Tables = std::vector<std::pair<std::string, std::string>>;

Tables tables_of(const std::string& toml) {
  Tables tables{{"", ""}};
  std::istringstream lines(toml);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) tables.emplace_back(line.substr(0, line.find(']') + 1), "");
    tables.back().second += line + "\n";
  }
  return tables;
}

/// Each table of the example takes the place of the one with its header, or is added.
std::string with_tables(const std::string& seed, const std::string& example) {
  Tables all = tables_of(seed);
  for (const auto& [header, text] : tables_of(example)) {
    const auto same = [&, name = header](const auto& table) { return table.first == name; };
    const auto old = std::find_if(all.begin(), all.end(), same);
    if (header.empty())
      old->second += text;
    else if (old != all.end())
      old->second = text;
    else
      all.emplace_back(header, text);
  }
  std::string toml;
  for (const auto& [header, text] : all) toml += text;
  return toml;
}

std::string script_of(const std::string& example) {
  std::string script;
  std::istringstream lines(example);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("$ ")) script += line.substr(2) + "\n";
  }
  return script;
}

std::string without_leading_lines(std::string_view example) {
  example.remove_prefix(std::min(example.find_first_not_of('\n'), example.size()));
  return std::string(example);
}

std::string outcome(std::string_view text) {
  const std::string example = without_leading_lines(text);
  const TempDir around;  // examples may write beside their directory
  const std::string directory = around / "shop";
  std::filesystem::create_directory(directory);
  const std::string seed(cli::starter());
  const bool whole = example.starts_with("version");
  const bool commands = example.starts_with("$ ");
  write_text(directory + "/federation.toml", commands ? seed : whole ? example : with_tables(seed, example));
  return commands ? standard_error(directory, script_of(example)) : validated(directory);
}

void examples_are_true(const diag::Row& row) {
  const std::string code = diag::code_text(row.code);
  CHECK_MESSAGE(!row.why.empty(), "`why` is empty");
  REQUIRE_MESSAGE(!row.bad.empty(), "there is no bad example");
  REQUIRE_MESSAGE(!row.good.empty(), "there is no good example");

  const std::string bad = outcome(row.bad);
  CHECK_MESSAGE(codes_of(reports_in(bad)).contains(code),
                fmt::format("the bad example does not give {}:\n{}", code, bad));
  std::set<std::string> others = error_codes_of(reports_in(bad));
  others.erase(code);
  CHECK_MESSAGE(others.empty(), fmt::format("the bad example gives other errors:\n{}", bad));

  const std::string good = outcome(row.good);
  CHECK_MESSAGE(!codes_of(reports_in(good)).contains(code), fmt::format("the good example gives {}:\n{}", code, good));
  CHECK_MESSAGE(error_codes_of(reports_in(good)).empty(), fmt::format("the good example gives errors:\n{}", good));
}

#define MF_DIAG(CODE, NAME, ...) \
  TEST_CASE("explain: " #CODE " " #NAME) { examples_are_true(diag::NAME##Row::kRow); }
#include "diag/catalog/all.def"
#undef MF_DIAG

}  // namespace
}  // namespace meshfed::testing
