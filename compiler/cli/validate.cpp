#include "cli/validate.hpp"

#include <CLI/App.hpp>

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Prints nothing if all is well.

Exit status: 0 no errors; 2 the input is wrong; 4 it cannot be read.

Examples:
  meshfedc validate
  meshfedc validate -f prod/federation.toml --quiet
  meshfedc validate --format json 2> diagnostics.json)";

}  // namespace

CLI::App* ValidateCommand::declare(CLI::App& app) {
  CLI::App* command = add_command(app, "validate", "Check a federation, without writing anything");
  add_source(*command, file_);
  command->add_flag("-q,--quiet", quiet_, "No warnings, only errors");
  add_format(*command, format_);
  command->footer(kFooter);
  return command;
}

Exit ValidateCommand::run(const Context& context) const {
  Session session(context, format_);
  session.analyse(file_, default_jobs());
  if (quiet_) session.sink().drop_warnings([](const diag::Report&) { return true; });
  return session.finish();
}

}  // namespace meshfed::cli
