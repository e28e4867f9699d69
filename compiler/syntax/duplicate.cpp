#include "syntax/duplicate.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "syntax/edits.hpp"

namespace meshfed::syntax {
namespace {

using Path = std::vector<std::string_view>;
using source::FileId;
using source::Manager;
using source::Span;

bool is_header(const Statement& it) {
  return it.kind == Statement::Kind::header || it.kind == Statement::Kind::list_header;
}

/// The key of a pair, or a whole [header].
Span name_span(FileId file, const Statement& it) {
  const std::size_t end = is_header(it) ? std::max(it.key_end, it.begin + 1) : std::max(it.key_end, it.begin);
  return {file, static_cast<std::uint32_t>(it.begin), static_cast<std::uint32_t>(end)};
}

bool begins(const Path& path, const Path& with) {
  return path.size() >= with.size() && std::equal(with.begin(), with.end(), path.begin());
}

/// How an earlier statement forbids a later one, the surest first.
enum class Clash { same, complete, inside, none };

Clash clash_of(const Statement& early, const Path& early_path, const Statement& late, const Path& late_path,
               bool own_header) {
  if (early_path.empty() || own_header) return Clash::none;
  if (early_path == late_path) return Clash::same;
  if (begins(late_path, early_path)) {
    if (early.kind == Statement::Kind::pair) return Clash::complete;
    // A dotted key below another header reaches into a table that has a header of its own.
    const bool reaches_in = late.kind == Statement::Kind::pair && late.path.size() > 1;
    return reaches_in && early_path.size() > late_path.size() - late.path.size() ? Clash::complete : Clash::none;
  }
  return begins(early_path, late_path) ? Clash::inside : Clash::none;
}

struct First {
  Clash clash = Clash::none;
  std::size_t index = 0;
};

First first_definition(const std::vector<Statement>& statements, const std::vector<bool>& gone, std::size_t index) {
  const Path path = full_path(statements, index);
  First first;
  for (std::size_t i = 0; i < index; ++i) {
    if (gone[i] || statements[i].path.empty()) continue;
    const bool own = !is_header(statements[index]) && statements[index].header == i;
    const Clash clash = clash_of(statements[i], full_path(statements, i), statements[index], path, own);
    if (clash < first.clash || (clash == Clash::complete && first.clash == Clash::complete)) first = {clash, i};
  }
  return first;
}

/// A second definition that says the same as the first can go, as can a second header with nothing below it.
bool says_nothing_new(std::string_view text, const std::vector<Statement>& statements, std::size_t first,
                      std::size_t again) {
  const Statement& a = statements[first];
  const Statement& b = statements[again];
  if (is_header(b)) {
    const bool empty = again + 1 == statements.size() || is_header(statements[again + 1]);
    return empty && a.kind == b.kind && b.kind == Statement::Kind::header;
  }
  return a.kind == Statement::Kind::pair && b.kind == Statement::Kind::pair &&
         text.substr(a.value, a.end - a.value) == text.substr(b.value, b.end - b.value);
}

}  // namespace

bool defines_again(const std::vector<Statement>& statements, const std::vector<bool>& gone, std::size_t index) {
  return first_definition(statements, gone, index).clash != Clash::none;
}

bool is_duplicate(std::string_view description) {
  const auto contains = [&](std::string_view part) { return description.find(part) != std::string_view::npos; };
  return contains("cannot redefine") || contains("cannot insert") || contains("as dotted key-value pair");
}

void report_duplicate(const Manager& files, FileId file, const std::vector<Statement>& statements,
                      const std::vector<bool>& gone, std::size_t index, diag::Sink& sink) {
  const std::string_view text = files.text(file);
  const Statement& again = statements[index];
  const Span span = name_span(file, again);
  const First first = first_definition(statements, gone, index);
  if (first.clash == Clash::none) {
    sink.report(span, diag::DuplicateKey, files.text(span));
    return;
  }
  const Span there = name_span(file, statements[first.index]);
  if (first.clash == Clash::complete) {
    diag::Report& report = sink.report(span, diag::ClosedTable, files.text(there));
    report.note(there, "defined here");
    if (is_header(statements[first.index])) report.advise(fmt::format("write the key below {}", files.text(there)));
    return;
  }
  diag::Report& report = sink.report(span, diag::DuplicateKey, files.text(span));
  report.note(there, "first defined here");
  if (first.clash == Clash::same && says_nothing_new(text, statements, first.index, index)) {
    const auto end = static_cast<std::uint32_t>(again.end);
    fix_with(report, files, {removal(files, {file, span.begin, std::max(span.end, end)})});
  }
}

}  // namespace meshfed::syntax
