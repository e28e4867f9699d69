#include "parse/duplicate.hpp"

#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace meshfed::parse {
namespace {

using source::Span;

struct Line {
  std::string_view name;    // a key as written, or a whole [header]
  std::uint32_t begin = 0;  // of the name, in its line
  bool header = false;
};

/// The definition that a line begins with, if it looks like one.
std::optional<Line> definition(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || line[begin] == '#') return std::nullopt;
  const bool header = line[begin] == '[';
  const std::size_t end = header ? line.find_last_of(']') : line.find('=', begin);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view name = line.substr(begin, header ? end + 1 - begin : end - begin);
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  return Line{name, static_cast<std::uint32_t>(begin), header};
}

Span span_of(const source::Manager& files, source::FileId file, std::uint32_t line, const Line& found) {
  const std::uint32_t begin = files.line_begin(file, line) + found.begin;
  return {file, begin, begin + static_cast<std::uint32_t>(found.name.size())};
}

/// The first line before `last` that defines the same name below the same header.
std::optional<Span> first_definition(const source::Manager& files, source::FileId file, std::uint32_t last,
                                     const Line& wanted) {
  std::string_view section;
  for (std::uint32_t line = last; line > 0 && !wanted.header; --line) {
    const auto found = definition(files.line(file, line));
    if (found && found->header) {
      section = found->name;
      break;
    }
  }
  std::string_view current;
  for (std::uint32_t line = 1; line < last; ++line) {
    const auto found = definition(files.line(file, line));
    if (!found) continue;
    if (found->header) current = found->name;
    if (found->header == wanted.header && found->name == wanted.name && (wanted.header || current == section)) {
      return span_of(files, file, line, *found);
    }
  }
  return std::nullopt;
}

}  // namespace

void report_duplicate(const source::Manager& files, const Span& at, bool extended, diag::Sink& sink) {
  const std::uint32_t line = files.begin(at).line;
  const std::string_view text = files.line(at.file, line);
  const Line wanted = definition(text).value_or(Line{text, 0, false});
  const Span span = span_of(files, at.file, line, wanted);
  const std::string name = base::escaped(wanted.name);
  diag::Report& report =
      extended ? sink.report(span, diag::ClosedTable, name) : sink.report(span, diag::DuplicateKey, name);
  if (const auto first = first_definition(files, at.file, line, wanted)) report.note(*first, "first defined here");
}

}  // namespace meshfed::parse
