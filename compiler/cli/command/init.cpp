#include "cli/command/init.hpp"

#include <cerrno>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/command/starter.hpp"
#include "driver/report.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Existing files are never overwritten.

Examples:
  meshfedc init
  meshfedc init -f prod/federation.toml)";

}  // namespace

Command InitCommand::declare() {
  Argument file = source_option(file_);
  file.meaning = "The file to write";
  return {.name = "init",
          .description = "Write a commented federation.toml to start from",
          .footer = kFooter,
          .arguments = {file},
          .run = [this](const Context& context) { return run(context); }};
}

Exit InitCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const int error = context.fs.write_new_file(file_, starter());
  if (error == EEXIST) {
    session.sink().report({}, diag::WouldOverwrite, file_);
  } else if (error != 0) {
    session.sink()
        .report({}, diag::CannotWrite, file_, driver::error_text(error))
        .advise("check that the directory exists and is writable");
  }
  const Exit exit = session.finish();
  if (exit == kOk) session.say(fmt::format("wrote {}", base::quoted(file_)));
  return exit;
}

}  // namespace meshfed::cli
