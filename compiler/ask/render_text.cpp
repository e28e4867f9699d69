#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

class Writer {
 public:
  explicit Writer(std::string before = {}) : out_(std::move(before)) {}

  std::string take() && { return std::move(out_); }

  void story(const Answer& answer) {
    const Question& question = answer.question;
    put("{}: {} calls {}\n", word(answer.verdict), base::escaped(name_of(question.client)),
        base::escaped(name_of(question)));
    if (!answer.identity.empty()) put("  the caller is {}\n", base::escaped(answer.identity));
    if (!answer.accepted.empty()) put("  and accepts {}\n", base::escaped(base::join(answer.accepted, ", ", kNamed)));
    out_ += '\n';
    for (const Hop& hop : answer.hops) step(hop);
    if (!answer.hops.empty()) out_ += '\n';
    for (const Cause& one : answer.causes) cause(one, true);
    for (const End& end : answer.ends) {
      put("{:>7}  answered by {} of cluster {}, port {}\n", percent(end.share), base::escaped(end.workload),
          base::escaped(end.cluster), end.port);
    }
  }

  /// There may be millions of them, so none of it is formatted.
  void row(const Answer& answer) {
    const std::string_view verdict = word(answer.verdict);
    out_.append(verdict).append(kVerdictWidth - verdict.size(), ' ').append("  ");
    base::append_escaped(out_, name_of(answer.question.client));
    out_ += "  ";
    base::append_escaped(out_, answer.question.host);
    out_.append(":").append(std::to_string(answer.question.port));
    std::string_view separator = "  ";
    for (const End& end : answer.ends) {
      out_.append(separator).append(percent(end.share)).append(" ");
      base::append_escaped(out_, end.cluster);
      separator = ", ";
    }
    for (const Cause& one : answer.causes) put(" {}", diag::code_text(one.row->code));
    out_ += '\n';
  }

  void passed(const Passed& one) {
    put("{}  {} port {}  {}", base::escaped(one.cluster), base::escaped(one.gateway), one.port, base::escaped(one.sni));
    if (one.host.empty())
      put("  by {}\n", base::escaped(one.object));
    else if (one.needed.empty())
      put("  nobody needs it\n");
    else
      put("  for {}\n", base::escaped(base::join(one.needed, ", ", kNamed)));
  }

  void cause(const Cause& one, bool with_help) {
    const bool is_error = one.row->severity == diag::Severity::error;
    put("{}: {}[{}]: {}\n", base::escaped(one.place), is_error ? "error" : "warning", diag::code_text(one.row->code),
        base::escaped(one.message));
    if (one.share > 0 && one.share < 1) put("  = note: this ends {} of the calls\n", percent(one.share));
    if (with_help && !one.row->help.empty()) put("  = help: {}\n", one.row->help);
    if (with_help) put("  = run \"meshfedc explain {}\"\n\n", diag::code_text(one.row->code));
  }

  void assumptions(const std::vector<std::string>& all) {
    if (all.empty()) return;
    put("\nTaken for granted:\n");
    for (const std::string& one : all) put("  {}\n", base::escaped(one));
  }

 private:
  static constexpr std::size_t kNamed = 10;
  static constexpr std::size_t kVerdictWidth = 11;  // of the longest, "unreachable"

  template <class... Args>
  void put(fmt::format_string<const Args&...> format, const Args&... args) {
    fmt::format_to(std::back_inserter(out_), format, args...);
  }

  void step(const Hop& hop) {
    put("{:>7}  {}: {}\n", percent(hop.share), base::escaped(hop.cluster), base::escaped(hop.text));
    if (!hop.object.empty()) put("{:>7}  by {}, {}\n", "", base::escaped(hop.object), hop.field);
  }

  std::string out_;
};

}  // namespace

std::string percent(double share) {
  constexpr double kWhole = 1e-9;
  const double value = share * 100;
  const double rounded = std::round(value);
  if (std::abs(value - rounded) < kWhole) return std::to_string(std::lround(rounded)) + " %";
  return fmt::format("{:.2f} %", value);
}

std::string name_of(const Question& question) {
  return question.port == 0 ? question.host : question.host + ":" + std::to_string(question.port);
}

std::string name_of(const Client& client) {
  std::string name = client.cluster;
  if (!client.ns.empty()) name += "/" + client.ns;
  if (!client.account.empty()) name += "/" + client.account;
  return name;
}

std::string text_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions) {
  Writer writer;
  for (const Answer& answer : answers) writer.story(answer);
  writer.assumptions(assumptions);
  return std::move(writer).take();
}

void add_text_row(std::string& rows, const Answer& answer) {
  Writer writer(std::move(rows));
  writer.row(answer);
  rows = std::move(writer).take();
}

std::string text_of(const Exposure& exposure) {
  Writer writer;
  for (const Passed& one : exposure.passed) writer.passed(one);
  for (const Cause& one : exposure.causes) writer.cause(one, false);
  return std::move(writer).take();
}

}  // namespace meshfed::ask
