#include "unit/parse/loaded.hpp"

#include <string_view>

#include "parse/load.hpp"

namespace meshfed::testing {

Loaded::Loaded(const std::string& toml, const std::vector<std::pair<std::string, std::string>>& others) {
  fs.put("federation.toml", toml);
  for (const auto& [path, text] : others) fs.put(path, text);
  load();
}

void Loaded::load() { federation = parse::load(fs, "federation.toml", files, sink); }

Lines Loaded::reports() {
  sink.finish();
  Lines lines;
  for (const diag::Report& report : sink.reports()) {
    const std::string_view bytes = report.span.known() ? files.text(report.span) : std::string_view(report.place);
    lines.push_back(fmt::format("{} {}", diag::code_text(report.row->code), bytes));
  }
  return lines;
}

std::string with(const std::string& more) {
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
