#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

constexpr std::size_t kNamed = 10;

template <class... Args>
void put(std::string& out, fmt::format_string<const Args&...> format, const Args&... args) {
  fmt::format_to(std::back_inserter(out), format, args...);
}

std::string ends_of(const Answer& answer) {
  std::vector<std::string> parts;
  for (const End& end : answer.ends) parts.push_back(percent(end.share) + " " + end.cluster);
  return base::join(parts, ", ", kNamed);
}

std::string codes_of(const Answer& answer) {
  std::vector<std::string> parts;
  for (const Cause& cause : answer.causes) parts.push_back(diag::code_text(cause.row->code));
  return base::join(parts, ", ", kNamed);
}

void put_causes(std::string& out, const std::vector<Cause>& causes) {
  for (const Cause& cause : causes)
    put(out, "- **{}** {} ({})\n", diag::code_text(cause.row->code), cell(cause.message), cell(cause.place));
}

void put_story(std::string& out, const Answer& answer) {
  put(out, "\n");
  for (const Hop& hop : answer.hops) {
    put(out, "1. {} {}: {}", percent(hop.share), cell(hop.cluster), cell(hop.text));
    if (!hop.object.empty()) put(out, " ({}, {})", cell(hop.object), cell(hop.field));
    put(out, "\n");
  }
  if (!answer.causes.empty()) put(out, "\n");
  put_causes(out, answer.causes);
}

void put_assumptions(std::string& out, const std::vector<std::string>& assumptions) {
  if (assumptions.empty()) return;
  put(out, "\nTaken for granted:\n\n");
  for (const std::string& one : assumptions) put(out, "- {}\n", cell(one));
}

}  // namespace

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : base::escaped(text)) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '[' || c == '`' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

void add_markdown_row(std::string& rows, const Answer& answer) {
  put(rows, "| {} | {} | {} | {} | {} |\n", cell(name_of(answer.question.client)), cell(name_of(answer.question)),
      word(answer.verdict), cell(ends_of(answer)), codes_of(answer));
}

Frame markdown_frame(const std::vector<std::string>& assumptions) {
  std::string after;
  put_assumptions(after, assumptions);
  return {.begin = "| client | host | answer | answered by | because |\n|---|---|---|---|---|\n",
          .first = {},
          .between = "\n",
          .end = "\n" + after,
          .none = after};
}

std::string markdown_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions) {
  std::string rows;
  for (const Answer& answer : answers) add_markdown_row(rows, answer);
  std::string out = framed(markdown_frame({}), rows);
  for (const Answer& answer : answers) put_story(out, answer);
  put_assumptions(out, assumptions);
  return out;
}

std::string markdown_of(const Exposure& exposure) {
  std::string out = "| cluster | gateway | port | name | needed by |\n|---|---|---|---|---|\n";
  for (const Passed& one : exposure.passed) {
    const std::string needed = one.host.empty()     ? "a route: " + one.object
                               : one.needed.empty() ? "nobody"
                                                    : base::join(one.needed, ", ", kNamed);
    put(out, "| {} | {} | {} | {} | {} |\n", cell(one.cluster), cell(one.gateway), one.port, cell(one.sni),
        cell(needed));
  }
  if (!exposure.causes.empty()) put(out, "\n");
  put_causes(out, exposure.causes);
  return out;
}

}  // namespace meshfed::ask
