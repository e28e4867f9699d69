// A federation.toml in memory, loaded, and what was said about it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "diag/sink.hpp"
#include "parse/load.hpp"
#include "source/manager.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Lines = std::vector<std::string>;

struct Loaded {
  MemoryFs fs;
  source::Manager files;
  diag::Sink sink;
  std::optional<model::Federation> federation;

  explicit Loaded(const std::string& toml, const std::vector<std::pair<std::string, std::string>>& others = {}) {
    fs.put("federation.toml", toml);
    for (const auto& [path, text] : others) fs.put(path, text);
    load();
  }

  void load() { federation = parse::load(fs, "federation.toml", files, sink); }

  /// "MF0205 "yes"": the code and the guilty bytes of each report, in the order of the file.
  Lines reports() {
    sink.finish();
    Lines lines;
    for (const diag::Report& report : sink.reports()) {
      const std::string_view bytes = report.span.known() ? files.text(report.span) : std::string_view(report.place);
      lines.push_back(fmt::format("{} {}", diag::code_text(report.row->code), bytes));
    }
    return lines;
  }
};

/// The seed's tables, as short as they can be, with `more` at the end.
inline std::string with(const std::string& more) {
  return R"(version = 1
[federation]
name = "demo"
[mesh.m]
[network.n]
[cluster.c]
mesh = "m"
network = "n"
)" + more;
}

}  // namespace meshfed::testing
