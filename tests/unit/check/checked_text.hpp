// What the rules say about a federation.toml, as lines that a test can compare.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "check/checked.hpp"
#include "parse/load.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Lines = std::vector<std::string>;

/// "MF0410 "west-2"": code and guilty bytes of each report whose code lies in [first, last], in the order of the file.
inline Lines found(MemoryFs& fs, int first, int last) {
  source::Manager files;
  diag::Sink sink;
  if (auto federation = parse::load(fs, "federation.toml", files, sink)) check::run(std::move(*federation), sink);
  sink.finish();
  Lines lines;
  for (const diag::Report& report : sink.reports()) {
    const int code = report.row->code;
    if (code < first || code > last) continue;
    const std::string_view bytes = report.span.known() ? files.text(report.span) : std::string_view();
    lines.push_back(fmt::format("{} {}", diag::code_text(report.row->code), bytes));
  }
  return lines;
}

inline Lines found(const std::string& toml, int first, int last) {
  MemoryFs fs;
  fs.put("federation.toml", toml);
  return found(fs, first, last);
}

/// What is said of the file once the edit of its first report of `code` is made as it is printed; "no edit" without
/// one.
inline Lines mended(const std::string& toml, int code) {
  MemoryFs fs;
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  if (auto federation = parse::load(fs, "federation.toml", files, sink)) check::run(std::move(*federation), sink);
  sink.finish();
  for (const diag::Report& report : sink.reports()) {
    if (report.row->code != code || !report.fix) continue;
    const source::Span& span = report.fix->span;
    return found(std::string(toml).replace(span.begin, span.end - span.begin, report.fix->replacement), 1, 9999);
  }
  return {"no edit"};
}

/// The help of the first report of `code`.
inline std::string help_for(const std::string& toml, int code) {
  MemoryFs fs;
  fs.put("federation.toml", toml);
  source::Manager files;
  diag::Sink sink;
  if (auto federation = parse::load(fs, "federation.toml", files, sink)) check::run(std::move(*federation), sink);
  for (const diag::Report& report : sink.reports())
    if (report.row->code == code) return report.help.empty() ? std::string(report.row->help) : report.help;
  return "";
}

/// `text` with its one occurrence of `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error(fmt::format("there is no `{}`", from));
  return text.replace(at, from.size(), to);
}

}  // namespace meshfed::testing
