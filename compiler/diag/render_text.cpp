#include "diag/render_text.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "diag/excerpt.hpp"

namespace meshfed::diag {
namespace {

constexpr std::string_view kBold = "\x1b[1m", kRed = "\x1b[1;31m", kYellow = "\x1b[1;33m", kBlue = "\x1b[1;34m",
                           kCyan = "\x1b[1;36m", kReset = "\x1b[0m";

bool is_error(const Report& report) { return report.row->severity == Severity::error; }

std::string line_and_column(const source::Span& span, const source::Manager& files) {
  const source::Place place = files.begin(span);
  return fmt::format("{}:{}:{}", base::escaped(place.path), place.line, place.column);
}

std::string place_of(const Report& report, const source::Manager& files) {
  if (report.span.known()) return line_and_column(report.span, files);
  return report.place.empty() ? "meshfedc" : base::escaped(report.place);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::vector<std::string_view> lines;
  for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(std::min(text.size(), end + 1))) {
    end = text.find('\n');
    lines.push_back(text.substr(0, end));
  }
  return lines;
}

// Writes one report. The gutter is as wide as the largest line number that the report shows.
class Writer {
 public:
  Writer(const Report& report, const source::Manager& files, bool color, std::string& out)
      : report_(report), files_(files), color_(color), out_(out) {
    std::uint32_t largest = line_number(report.span);
    for (const Note& note : report.notes) largest = std::max(largest, line_number(note.span));
    gutter_ = fmt::formatted_size("{}", largest);
  }

  void write(bool with_pointer) {
    headline();
    if (report_.span.known()) {
      gutter("");
      out_ += '\n';
      snippet(report_.span, '^', severity_color());
    }
    for (const Note& note : report_.notes) write_note(note);
    if (const std::string_view help = help_of(report_); !help.empty()) attach("help", help);
    if (report_.fix) attach("help", fix_text(report_, files_));
    if (with_pointer) {
      equals_sign();
      out_ += fmt::format("see `meshfedc explain {}`\n", code_text(report_.row->code));
    }
  }

 private:
  using Line = std::pair<source::FileId, std::uint32_t>;

  std::uint32_t line_number(const source::Span& span) const { return span.known() ? files_.begin(span).line : 1; }
  std::string_view severity_color() const { return is_error(report_) ? kRed : kYellow; }

  void paint(std::string_view color, std::string_view text) {
    if (color_) out_ += color;
    out_ += text;
    if (color_) out_ += kReset;
  }

  void headline() {
    paint(kBold, place_of(report_, files_) + ':');
    out_ += ' ';
    paint(severity_color(),
          fmt::format("{}[{}]:", is_error(report_) ? "error" : "warning", code_text(report_.row->code)));
    out_ += ' ';
    paint(kBold, base::escaped(report_.message));
    out_ += '\n';
  }

  void gutter(std::string_view number) { paint(kBlue, fmt::format("{:>{}} |", number, gutter_)); }

  void equals_sign() { paint(kBlue, fmt::format("{:{}} = ", "", gutter_)); }

  void snippet(const source::Span& span, char mark, std::string_view color) {
    const std::uint32_t line = line_number(span);
    const std::uint32_t begin = files_.line_begin(span.file, line);
    const Excerpt excerpt = make_excerpt(files_.line(span.file, line), span.begin - begin, span.end - begin);
    gutter(fmt::format("{}", line));
    out_ += fmt::format("{}{}\n", excerpt.text.empty() ? "" : " ", excerpt.text);
    gutter("");
    out_ += std::string(excerpt.column + 1, ' ');
    paint(color, std::string(excerpt.width, mark));
    out_ += '\n';
    shown_.insert({span.file, line});
  }

  void write_note(const Note& note) {
    if (!note.span.known()) return attach("note", note.text);
    attach("note", fmt::format("{}: {}", line_and_column(note.span, files_), note.text));
    if (!shown_.contains({note.span.file, line_number(note.span)})) snippet(note.span, '-', kCyan);
  }

  // Further lines of the text stand under its first.
  void attach(std::string_view label, std::string_view text) {
    equals_sign();
    paint(kCyan, fmt::format("{}:", label));
    const std::string indent(gutter_ + 5 + label.size(), ' ');
    std::string_view before = " ";
    for (const std::string_view line : lines_of(text)) {
      out_ += fmt::format("{}{}\n", before, base::escaped(line));
      before = indent;
    }
  }

  const Report& report_;
  const source::Manager& files_;
  bool color_;
  std::string& out_;
  std::size_t gutter_ = 1;
  std::set<Line> shown_;
};

// Which reports are shown: errors first, whatever their place in the order.
std::vector<const Report*> chosen(const Sink& sink, std::size_t limit) {
  std::size_t errors = std::min(sink.errors(), limit);
  std::size_t warnings = std::min(sink.warnings(), limit - errors);
  std::vector<const Report*> reports;
  for (const Report& report : sink.reports()) {
    std::size_t& left = is_error(report) ? errors : warnings;
    if (left == 0) continue;
    --left;
    reports.push_back(&report);
  }
  return reports;
}

std::string counted(std::size_t errors, std::size_t warnings, std::string_view more) {
  std::vector<std::string> parts;
  if (errors > 0) parts.push_back(fmt::format("{} {}error{}", errors, more, errors == 1 ? "" : "s"));
  if (warnings > 0) parts.push_back(fmt::format("{} {}warning{}", warnings, more, warnings == 1 ? "" : "s"));
  return base::join(parts);
}

}  // namespace

std::string_view help_of(const Report& report) {
  if (!report.help.empty()) return report.help;
  return report.fix ? std::string_view() : report.row->help;
}

// Text of several lines follows in lines of its own.
std::string fix_text(const Report& report, const source::Manager& files) {
  const Fix& fix = *report.fix;
  const bool here = fix.span == report.span || !fix.span.known();
  const bool insertion = fix.span.begin == fix.span.end;
  const std::string where = here ? "" : fmt::format("at {}, ", line_and_column(fix.span, files));
  const std::string_view old = here ? std::string_view() : files.text(fix.span);
  const std::string what = old.empty() || old.find('\n') != std::string_view::npos
                               ? "it"
                               : base::quoted(base::shortened(old, kMaxShownValue));
  if (fix.replacement.empty()) return fmt::format("{}remove {}", where, what);
  const std::string verb = insertion ? "insert" : fmt::format("replace {} with", what);
  if (fix.replacement.find('\n') == std::string::npos) {
    return fmt::format("{}{} {}", where, verb, base::quoted(fix.replacement));
  }
  std::string text = fmt::format("{}{}:", where, verb);
  for (const std::string_view line : lines_of(fix.replacement)) text += fmt::format("\n  {}", line);
  return text;
}

std::vector<std::string> remarks_of(const Report& report, const source::Manager& files) {
  std::vector<std::string> remarks;
  const auto add = [&](std::string_view label, std::string_view text) {
    const std::size_t first = remarks.size();
    for (const std::string_view line : lines_of(text)) remarks.emplace_back(line);
    remarks[first].insert(0, fmt::format("{}: ", label));
  };
  for (const Note& note : report.notes) {
    const std::string where = note.span.known() ? line_and_column(note.span, files) + ": " : "";
    add("note", where + note.text);
  }
  if (const std::string_view help = help_of(report); !help.empty()) add("help", help);
  if (report.fix) add("help", fix_text(report, files));
  return remarks;
}

std::string count_of(const Sink& sink) { return counted(sink.errors(), sink.warnings(), ""); }

std::string render_text(const Sink& sink, const source::Manager& files, const TextOptions& options) {
  std::string out;
  if (sink.empty()) return out;
  const std::vector<const Report*> shown = chosen(sink, options.limit);
  std::set<std::uint16_t> pointed_at;
  std::size_t errors = 0;
  for (const Report* report : shown) {
    if (is_error(*report)) ++errors;
    const bool first_of_code = pointed_at.insert(report->row->code).second;
    Writer(*report, files, options.color, out).write(first_of_code);
    out += '\n';
  }
  const std::string hidden = counted(sink.errors() - errors, sink.warnings() - (shown.size() - errors), "more ");
  if (!hidden.empty()) out += fmt::format("… and {}\n", hidden);
  out += count_of(sink) + '\n';
  return out;
}

}  // namespace meshfed::diag
