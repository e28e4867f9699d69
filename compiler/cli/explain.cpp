#include "cli/explain.hpp"

#include "diag/explain.hpp"

#include <CLI/App.hpp>

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  meshfedc explain MF0301
  meshfedc explain | grep gateway)";

}  // namespace

CLI::App* ExplainCommand::declare(CLI::App& app) {
  CLI::App* command = add_command(app, "explain", "Explain a diagnostic, with a wrong and a right example");
  command->add_option("code", code_, "Its code, as in MF0301; without one, all are listed")->type_name("CODE");
  command->footer(kFooter);
  return command;
}

Exit ExplainCommand::run(const Context& context) const {
  Session session(context, Format::text);
  if (code_.empty()) {
    session.print(diag::explain_list());
  } else if (const diag::Row* row = diag::find_row(code_)) {
    session.print(diag::explain(*row, context.terminal.color_out));
  } else {
    session.sink().report({}, diag::UnknownCode, code_);
  }
  return session.finish();
}

}  // namespace meshfed::cli
