#include "unit/check/checked_text.hpp"

#include <utility>

#include "check/checked.hpp"
#include "diag/sink.hpp"
#include "parse/load.hpp"
#include "source/manager.hpp"

namespace meshfed::testing {
namespace {

struct Said {
  source::Manager files;
  diag::Sink sink;

  explicit Said(MemoryFs& fs) { load(fs); }
  explicit Said(const std::string& toml) {
    MemoryFs fs;
    fs.put("federation.toml", toml);
    load(fs);
  }

 private:
  void load(MemoryFs& fs) {
    if (auto federation = parse::load(fs, "federation.toml", files, sink)) check::run(std::move(*federation), sink);
    sink.finish();
  }
};

Lines within(const Said& said, int first, int last) {
  Lines lines;
  for (const diag::Report& report : said.sink.reports()) {
    const int code = report.row->code;
    if (code < first || code > last) continue;
    const std::string_view bytes = report.span.known() ? said.files.text(report.span) : std::string_view();
    lines.push_back(fmt::format("{} {}", diag::code_text(report.row->code), bytes));
  }
  return lines;
}

}  // namespace

Lines found(MemoryFs& fs, int first, int last) { return within(Said(fs), first, last); }

Lines found(const std::string& toml, int first, int last) { return within(Said(toml), first, last); }

Lines mended(const std::string& toml, int code) {
  const Said said(toml);
  for (const diag::Report& report : said.sink.reports()) {
    if (report.row->code != code || !report.fix) continue;
    const source::Span& span = report.fix->span;
    return found(std::string(toml).replace(span.begin, span.end - span.begin, report.fix->replacement), 1, 9999);
  }
  return {"no edit"};
}

std::string help_for(const std::string& toml, int code) {
  const Said said(toml);
  for (const diag::Report& report : said.sink.reports())
    if (report.row->code == code) return report.help.empty() ? std::string(report.row->help) : report.help;
  return "";
}

}  // namespace meshfed::testing
