#include "diag/render_github.hpp"

#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"
#include "diag/render_text.hpp"

namespace meshfed::diag {
namespace {

// What the runner turns back into the characters that would end the command, or a property of it.
std::string command_escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

std::string position(const source::Span& span, const source::Manager& files, const Checkout& checkout) {
  const source::Place begin = files.begin(span);
  const source::Place end = files.end(span);
  const std::string path = base::escaped(path_in(checkout, begin.path));
  std::string out = fmt::format("file={},line={},endLine={},", command_escaped(path, true), begin.line, end.line);
  if (begin.line == end.line) out += fmt::format("col={},endColumn={},", begin.column, end.column);
  return out;
}

std::string annotation(const Report& report, const source::Manager& files, const Checkout& checkout) {
  std::string message = base::escaped(report.message);
  if (!report.span.known() && !report.place.empty()) message = base::escaped(report.place) + ": " + message;
  for (const std::string& line : remarks_of(report, files)) message += '\n' + base::escaped(line);
  return fmt::format("::{} {}title={}::{}\n", report.row->severity == Severity::error ? "error" : "warning",
                     report.span.known() ? position(report.span, files, checkout) : "", code_text(report.row->code),
                     command_escaped(message, false));
}

}  // namespace

std::string render_github(const Sink& sink, const source::Manager& files, const Checkout& checkout) {
  std::string out;
  for (const Report& report : sink.reports()) out += annotation(report, files, checkout);
  if (!sink.empty()) out += count_of(sink) + '\n';
  return out;
}

}  // namespace meshfed::diag
