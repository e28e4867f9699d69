#include "cli/command/validate.hpp"

#include <ctime>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "driver/analysis.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Prints a summary if there are no errors; with --quiet, prints nothing.

Exit status: 0 no errors; 2 the input is invalid; 4 the input cannot be read.

Examples:
  meshfedc validate
  meshfedc validate prod/federation.toml --quiet
  meshfedc validate --format json 2> diagnostics.json)";

std::string verdict(const model::ResolvedFederation& resolved, bool warned) {
  return fmt::format("{}, {}, {}", base::plural(resolved.clusters.size(), "cluster"),
                     base::plural(resolved.exports.size(), "export"), warned ? "no errors" : "no problems");
}

/// The beginning of a day in UTC, in seconds since 1970; none if there is no such day.
std::optional<std::int64_t> day(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%Y-%m-%d", &parts);
  if (!end || *end != '\0' || text.size() != 10) return std::nullopt;
  const int month_day = parts.tm_mday;
  const std::time_t time = timegm(&parts);
  return parts.tm_mday == month_day ? std::optional<std::int64_t>(time) : std::nullopt;
}

std::string flaw_of_day(const std::string& text) {
  return day(text) ? "" : fmt::format("write a day such as 2027-01-31, not {}", text);
}

}  // namespace

Command ValidateCommand::declare() {
  return {.name = "validate",
          .description = "Check a federation without writing anything",
          .footer = kFooter,
          .arguments = {source_argument(source_),
                        source_option(source_),
                        {.names = {"--at"},
                         .meaning = "The day, in UTC, on which all certificates must be valid; default: not checked",
                         .target = &at_,
                         .value = "YYYY-MM-DD",
                         .flaw = flaw_of_day},
                        {.names = {"-q", "--quiet"}, .meaning = "Print errors only, no warnings", .target = &quiet_},
                        format_option(format_)},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit ValidateCommand::run(const Context& context) const {
  Session session(context, format_);
  const std::string file = find_source(session, source_);
  driver::Job job = session.job();
  if (!at_.empty()) job.at = day(at_);
  const std::optional<check::Checked> checked = driver::analyse(job, file, default_jobs());
  const bool warned = session.sink().warnings() > 0;
  if (quiet_) session.sink().drop_warnings([](const diag::Report&) { return true; });
  const Exit exit = session.finish();
  if (checked && exit == kOk && !quiet_) session.say(verdict(checked->resolved(), warned));
  return exit;
}

}  // namespace meshfed::cli
