#include "parse/duplicate.hpp"

#include <optional>
#include <string_view>

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

/// `[a.b]` or `a.b` without its last part; empty if it has one part only.
Line parent_of(Line line) {
  const std::size_t dot = line.name.rfind('.');
  line.name = line.name.substr(0, dot == std::string_view::npos ? 0 : dot);
  return line;
}

/// The complete thing that `wanted` would extend: the longest of its beginnings that is defined above it.
void report_extension(const source::Manager& files, const Span& span, std::uint32_t line, const Line& wanted,
                      diag::Sink& sink) {
  for (Line parent = parent_of(wanted); !wanted.header && !parent.name.empty(); parent = parent_of(parent)) {
    const auto first = first_definition(files, span.file, line, parent);
    if (!first) continue;
    sink.report(span, diag::ClosedTable, parent.name).note(*first, "defined here");
    return;
  }
  std::string_view name = wanted.name;
  if (wanted.header) name = parent_of({name.substr(0, name.find_last_of(']')), 0, true}).name.substr(1);
  sink.report(span, diag::ClosedTable, name);
}

}  // namespace

void report_duplicate(const source::Manager& files, const Span& at, bool extended, diag::Sink& sink) {
  std::uint32_t line = files.begin(at).line;
  // toml++ sees that a header extends something complete only when it is behind the header.
  if (extended && at.begin > 0 && at.begin == files.line_begin(at.file, line)) {
    const auto before = definition(files.line(at.file, line - 1));
    if (before && before->header) --line;
  }
  const std::string_view text = files.line(at.file, line);
  const Line wanted = definition(text).value_or(Line{text, 0, false});
  const Span span = span_of(files, at.file, line, wanted);
  if (extended) {
    report_extension(files, span, line, wanted, sink);
    return;
  }
  diag::Report& report = sink.report(span, diag::DuplicateKey, wanted.name);
  if (const auto first = first_definition(files, at.file, line, wanted)) report.note(*first, "first defined here");
}

}  // namespace meshfed::parse
