#include "diag/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace meshfed::diag {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view severity_word(const Row& row) { return row.severity == Severity::error ? "error" : "warning"; }

// Takes the first line, without its line feed, off the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// Without the blank lines around it; the first line keeps its indentation.
std::string_view trimmed_lines(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  const std::size_t line_end = text.rfind('\n', first);
  text.remove_prefix(line_end == std::string_view::npos ? 0 : line_end + 1);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    out += line.empty() ? "\n" : fmt::format("    {}\n", line);
  }
  return out;
}

// Appends the words of `line` to `out`, whose last line is `column` wide.
void flow(std::string_view line, std::size_t columns, std::string& out, std::size_t& column) {
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) return;
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    const std::size_t width = base::display_width(word);
    if (column > 0 && column + 1 + width > columns) {
      out += '\n';
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
  }
}

std::string example(std::string_view label, std::string_view text, bool color) {
  text = trimmed_lines(text);
  if (text.empty()) return {};
  const std::string heading = color ? fmt::format("\x1b[1m{}\x1b[0m", label) : std::string(label);
  return fmt::format("\n{}\n\n{}", heading, indented(text));
}

}  // namespace

std::string wrap(std::string_view prose, std::size_t columns) {
  prose = trimmed_lines(prose);
  std::string out;
  std::size_t column = 0;
  const auto end_line = [&] {
    if (column > 0) out += '\n';
    column = 0;
  };
  while (!prose.empty()) {
    const std::string_view line = take_line(prose);
    if (line.find_first_not_of(kBlanks) == std::string_view::npos) {
      end_line();
      out += '\n';
    } else if (line.front() == ' ') {
      end_line();
      out += fmt::format("{}\n", line);
    } else {
      flow(line, columns, out, column);
    }
  }
  end_line();
  return out;
}

std::string shown_pattern(std::string_view format) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    const bool doubled = i + 1 < format.size() && format[i + 1] == c;
    if (c == '{' && !doubled) {
      out += "…";
      i = std::min(format.find('}', i), format.size());
      continue;
    }
    out += c;
    if ((c == '{' || c == '}') && doubled) ++i;
  }
  return out;
}

std::string explain(const Row& row, bool color) {
  std::string out = fmt::format("{} {} ({})", code_text(row.code), row.name, severity_word(row));
  if (color) out = fmt::format("\x1b[1m{}\x1b[0m", out);
  out += fmt::format("\n\n{}", wrap(shown_pattern(row.message), kExplainColumns));
  if (const std::string why = wrap(row.why, kExplainColumns); !why.empty()) out += fmt::format("\n{}", why);
  out += example("Instead of", row.bad, color);
  out += example("write", row.good, color);
  if (!row.help.empty()) out += fmt::format("\n{}", wrap(fmt::format("help: {}", row.help), kExplainColumns));
  return out;
}

std::string explain_list() {
  std::size_t width = 0;
  for (const Row& row : catalog()) width = std::max(width, row.name.size());
  std::string out;
  for (const Row& row : catalog()) {
    out += fmt::format("{}  {:7}  {:{}}  {}\n", code_text(row.code), severity_word(row), row.name, width,
                       shown_pattern(row.message));
  }
  return out;
}

}  // namespace meshfed::diag
