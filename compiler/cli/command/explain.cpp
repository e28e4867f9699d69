#include "cli/command/explain.hpp"

#include "diag/explain.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  meshfedc explain MF0301
  meshfedc explain | grep gateway)";

}  // namespace

Command ExplainCommand::declare() {
  return {.name = "explain",
          .description = "Explain a diagnostic, with an invalid and a corrected example",
          .footer = kFooter,
          .arguments = {{.names = {},
                         .meaning = "The code, such as MF0301; default: list all codes",
                         .target = &code_,
                         .value = "CODE",
                         .positional = "code"}},
          .run = [this](const Context& context) { return run(context); }};
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
