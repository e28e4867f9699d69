#include "cli/init.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <CLI/App.hpp>

#include "base/text.hpp"
#include "cli/starter.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(What is there already is never overwritten.

Examples:
  meshfedc init
  meshfedc init -f prod/federation.toml)";

}  // namespace

CLI::App* InitCommand::declare(CLI::App& app) {
  CLI::App* command = add_command(app, "init", "Write a commented federation.toml to start from");
  command->add_option("-f,--file", file_, "The file to write")->type_name("PATH")->capture_default_str();
  command->footer(kFooter);
  return command;
}

Exit InitCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const int error = context.fs.write_new_file(file_, starter());
  if (error == EEXIST) {
    session.sink().report({}, diag::WouldOverwrite, file_);
  } else if (error != 0) {
    session.sink()
        .report({}, diag::CannotWrite, file_, error_text(error))
        .advise("check that the directory exists and can be written to by you");
  }
  const Exit exit = session.finish();
  if (exit == kOk) session.say(fmt::format("wrote {}", base::quoted(file_)));
  return exit;
}

}  // namespace meshfed::cli
