#include "cli/command/init.hpp"

#include <cerrno>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/command/starter.hpp"
#include "driver/report.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(What is there already is never overwritten.

Examples:
  meshfedc init
  meshfedc init prod/federation.toml)";

}  // namespace

Command InitCommand::declare() {
  Argument file = source_argument(source_);
  file.meaning = "The file to write";
  file.preset = kDefaultSource;
  return {.name = "init",
          .description = "Write a commented federation.toml to start from",
          .footer = kFooter,
          .arguments = {file, source_option(source_)},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit InitCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const std::string file = source_.path();
  const int error = context.fs.write_new_file(file, starter());
  if (error == EEXIST) {
    session.sink().report({}, diag::WouldOverwrite, file);
  } else if (error != 0) {
    session.sink()
        .report({}, diag::CannotWrite, file, driver::error_text(error))
        .advise("check that the directory exists and can be written to by you");
  }
  const Exit exit = session.finish();
  if (exit == kOk) session.say(fmt::format("wrote {}", base::quoted(file)));
  return exit;
}

}  // namespace meshfed::cli
