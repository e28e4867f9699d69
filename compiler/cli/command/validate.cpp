#include "cli/command/validate.hpp"

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

}  // namespace

Command ValidateCommand::declare() {
  return {.name = "validate",
          .description = "Check a federation without writing anything",
          .footer = kFooter,
          .arguments = {source_argument(source_),
                        source_option(source_),
                        {.names = {"-q", "--quiet"}, .meaning = "Print errors only, no warnings", .target = &quiet_},
                        format_option(format_)},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit ValidateCommand::run(const Context& context) const {
  Session session(context, format_);
  const std::string file = find_source(session, source_);
  const std::optional<check::Checked> checked = driver::analyse(session.job(), file, default_jobs());
  const bool warned = session.sink().warnings() > 0;
  if (quiet_) session.sink().drop_warnings([](const diag::Report&) { return true; });
  const Exit exit = session.finish();
  if (checked && exit == kOk && !quiet_) session.say(verdict(checked->resolved(), warned));
  return exit;
}

}  // namespace meshfed::cli
