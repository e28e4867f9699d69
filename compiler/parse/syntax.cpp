#include "parse/syntax.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "parse/duplicate.hpp"

namespace meshfed::parse {
namespace {

using source::FileId;
using source::Manager;
using source::Span;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

void replace(std::string& text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

/// "Error while parsing array: encountered end-of-file" names its place by itself.
std::string reworded(std::string_view description) {
  constexpr std::string_view kPrefix = "Error while parsing ";
  if (description.starts_with(kPrefix)) description.remove_prefix(kPrefix.size());
  const std::size_t colon = description.find(": ");
  if (colon == std::string_view::npos) return std::string(description);
  std::string what(description.substr(0, colon));
  std::string reason(description.substr(colon + 2));
  replace(what, "array", "list");
  replace(what, "root table", "line");
  replace(reason, "encountered end-of-file", "the file ends before it is complete");
  replace(reason, "saw '\\n'", "saw the end of the line");
  replace(reason, "expected bare key starting character or string delimiter",
          "a key without quotes is made of letters, digits, `-` and `_`");
  replace(reason, "expected keys, tables, whitespace or comments", "expected a key, a [header] or a comment");
  return fmt::format("cannot read the {}: {}", what, reason);
}

/// The word that begins at `offset`.
std::string_view word_at(std::string_view text, std::uint32_t offset) {
  const std::string_view rest = text.substr(offset);
  return rest.substr(0, std::min(rest.find_first_of(" \t\r\n,]}#\"'="), rest.size()));
}

bool is_bare(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
}

/// `name = demo`: a word where a value should be.
void report_word(FileId file, std::uint32_t offset, std::string_view word, diag::Sink& sink) {
  const Span span{file, offset, offset + static_cast<std::uint32_t>(word.size())};
  const std::string text = fmt::format("`{}` is no value: strings stand in quotes", base::shortened(word, 200));
  diag::Report& report = sink.report(span, diag::Syntax, text);
  if (is_bare(word)) report.replace(span, fmt::format("\"{}\"", word));
}

bool is_conflict_marker(std::string_view line) {
  return line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>");
}

}  // namespace

void report_syntax(const Manager& files, FileId file, std::uint32_t offset, std::string_view description,
                   diag::Sink& sink) {
  const bool extended = contains(description, "cannot insert") || contains(description, "as dotted key-value pair");
  if (extended || contains(description, "cannot redefine")) {
    report_duplicate(files, {file, offset, offset}, extended, sink);
    return;
  }
  const std::string_view text = files.text(file);
  const Span here{file, offset, offset};
  const std::string_view line = files.line(file, files.begin(here).line);
  if (is_conflict_marker(line)) {
    sink.report({file, offset, offset + 7}, diag::Syntax, "a merge conflict is not resolved here")
        .advise("keep what is meant of both sides, and remove the three marks");
    return;
  }
  const bool at_end_of_line = offset < text.size() && (text[offset] == '\n' || text[offset] == '\r');
  const bool inside = offset < text.size() && !at_end_of_line;
  const Span one{file, offset, offset + (inside ? 1U : 0U)};
  if (inside && contains(description, "could not determine value type")) {
    if (const std::string_view word = word_at(text, offset); !word.empty()) {
      report_word(file, offset, word, sink);
      return;
    }
  }
  if (at_end_of_line && contains(description, "string") && contains(description, "control characters")) {
    sink.report(one, diag::Syntax, "the string does not end on its line")
        .advise("close it with its quote; strings of several lines stand between \"\"\" and \"\"\"");
    return;
  }
  sink.report(one, diag::Syntax, reworded(description));
}

}  // namespace meshfed::parse
