// Differences for people, and for comments.
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

constexpr std::size_t kNamed = 10;
constexpr std::array kTurns = {Turn::unreachable, Turn::reachable, Turn::shares,
                               Turn::way,         Turn::verdict,   Turn::unclear};

template <class... Args>
void put(std::string& out, fmt::format_string<const Args&...> format, const Args&... args) {
  fmt::format_to(std::back_inserter(out), format, args...);
}

/// Who answers; where that is the same as before, what is called on the way there.
std::string ends_of(const Answer& answer, Turn turn) {
  std::vector<std::string> parts;
  if (turn == Turn::way) {
    for (const Endpoint& one : answer.endpoints) {
      if (one.share <= 0) continue;
      const std::string& where = one.workload.empty() ? one.address : one.workload;
      parts.push_back(fmt::format("{} by {} port {}", percent(one.share), where, one.port));
    }
    return base::join(parts, ", ", kNamed);
  }
  for (const End& end : answer.ends)
    parts.push_back(fmt::format("{} {} of {} port {}", percent(end.share), end.workload, end.cluster, end.port));
  return base::join(parts, ", ", kNamed);
}

std::string told(const std::optional<Answer>& answer, Turn turn) {
  if (!answer) return "no such cluster";
  const std::string ends = ends_of(*answer, turn);
  return ends.empty() ? std::string(word(answer->verdict)) : fmt::format("{}: {}", word(answer->verdict), ends);
}

bool has_cause(const std::optional<Answer>& answer, const Cause& cause) {
  if (!answer) return false;
  for (const Cause& one : answer->causes) {
    if (one.row == cause.row && one.place == cause.place && one.message == cause.message) return true;
  }
  return false;
}

/// Why calls end now that did not before.
std::vector<const Cause*> new_causes(const Change& change) {
  std::vector<const Cause*> found;
  if (!change.now) return found;
  for (const Cause& one : change.now->causes) {
    if (!has_cause(change.before, one)) found.push_back(&one);
  }
  return found;
}

std::string_view severity(const Cause& cause) {
  return cause.row->severity == diag::Severity::error ? "error" : "warning";
}

/// `2 of 12 answers differ: 1 unreachable, 1 shares`
std::string summary(const Difference& difference) {
  if (difference.changes.empty())
    return fmt::format("no differences in {}\n", base::plural(difference.asked, "answer"));
  std::string text = fmt::format("{} of {} {}:", difference.changes.size(), base::plural(difference.asked, "answer"),
                                 difference.changes.size() == 1 ? "differs" : "differ");
  std::string_view separator = " ";
  for (const Turn turn : kTurns) {
    std::size_t count = 0;
    for (const Change& one : difference.changes) count += one.turn == turn ? 1 : 0;
    if (count == 0) continue;
    put(text, "{}{} {}", separator, count, word(turn));
    separator = ", ";
  }
  return text + "\n";
}

}  // namespace

std::string text_of(const Difference& difference) {
  std::string out;
  for (const Change& change : difference.changes) {
    put(out, "{}: {} calls {}\n", word(change.turn), base::escaped(name_of(change.question().client)),
        base::escaped(name_of(change.question())));
    put(out, "  before  {}\n", base::escaped(told(change.before, change.turn)));
    put(out, "  now     {}\n", base::escaped(told(change.now, change.turn)));
    for (const Cause* one : new_causes(change))
      put(out, "  {}: {}[{}]: {}\n", base::escaped(one->place), severity(*one), diag::code_text(one->row->code),
          base::escaped(one->message));
    out += '\n';
  }
  return out + summary(difference);
}

std::string markdown_of(const Difference& difference) {
  std::string out = summary(difference);
  if (difference.changes.empty()) return out;
  out += "\n| change | client | host | before | now | because |\n|---|---|---|---|---|---|\n";
  for (const Change& change : difference.changes) {
    std::vector<std::string> codes;
    for (const Cause* one : new_causes(change)) codes.push_back(diag::code_text(one->row->code));
    put(out, "| {} | {} | {} | {} | {} | {} |\n", word(change.turn), cell(name_of(change.question().client)),
        cell(name_of(change.question())), cell(told(change.before, change.turn)), cell(told(change.now, change.turn)),
        base::join(codes, ", ", kNamed));
  }
  return out;
}

}  // namespace meshfed::ask
