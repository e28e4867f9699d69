#include "cli/command/validate.hpp"

#include "driver/analysis.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Prints nothing if there are no errors or warnings.

Exit status: 0 no errors; 2 the input is invalid; 4 the input cannot be read.

Examples:
  meshfedc validate
  meshfedc validate -f prod/federation.toml --quiet
  meshfedc validate --format json 2> diagnostics.json)";

}  // namespace

Command ValidateCommand::declare() {
  return {.name = "validate",
          .description = "Check a federation without writing anything",
          .footer = kFooter,
          .arguments = {source_option(file_),
                        {.names = {"-q", "--quiet"}, .meaning = "Print errors only, no warnings", .target = &quiet_},
                        format_option(format_)},
          .run = [this](const Context& context) { return run(context); }};
}

Exit ValidateCommand::run(const Context& context) const {
  Session session(context, format_);
  driver::analyse(session.job(), file_, default_jobs());
  if (quiet_) session.sink().drop_warnings([](const diag::Report&) { return true; });
  return session.finish();
}

}  // namespace meshfed::cli
