#include "cli/command/init.hpp"

#include <cerrno>

#include <fmt/format.h>

#include "base/path.hpp"
#include "base/text.hpp"
#include "cli/command/starter.hpp"
#include "driver/git_rules.hpp"
#include "driver/report.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Existing files are never overwritten. In a Git repository without a .gitattributes
here, one is written too: Git then leaves the bytes of published files alone.

Examples:
  meshfedc init
  meshfedc init prod/federation.toml)";

constexpr const char* kAttributes = ".gitattributes";
constexpr const char* kDefaultOutput = "out";

bool is_in_repository(base::Fs& fs) {
  std::string directory = fs.canonical(".").value;
  while (!directory.empty()) {
    if (fs.stat(base::below(directory, ".git")).value.kind != base::FileKind::missing) return true;
    directory = base::parent_of(directory);
  }
  return false;
}

/// What there is to say about it; empty if nothing was done.
std::string write_attributes(base::Fs& fs) {
  if (!is_in_repository(fs)) return "";
  const std::string line = driver::attributes_line(kDefaultOutput);
  const std::string text =
      "# Published files are applied unchanged: Git must not convert their line endings or run filters on them.\n" +
      line + "\n";
  const int error = fs.write_new_file(kAttributes, text);
  if (error == 0) return fmt::format("wrote {}", base::quoted(kAttributes));
  const base::Result<std::string> there = fs.read_file(kAttributes, std::size_t{1} << 20);
  if (there.ok() && there.value.find(line) != std::string::npos) return "";
  return fmt::format("{} already exists: add the line `{}`, so that Git does not change published files",
                     base::quoted(kAttributes), line);
}

}  // namespace

Command InitCommand::declare() {
  Argument file = source_argument(source_);
  file.meaning = "The file to write";
  file.preset = kDefaultSource;
  return {.name = "init",
          .description = "Write a commented federation.toml to start from",
          .footer = kFooter,
          .arguments = {file, source_option(source_), quiet_option(quiet_)},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit InitCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.be_quiet(quiet_);
  const std::string file = source_.path();
  const int error = context.fs.write_new_file(file, starter());
  if (error == EEXIST) {
    session.sink().report({}, diag::WouldOverwrite, file);
  } else if (error != 0) {
    session.sink()
        .report({}, diag::CannotWrite, file, driver::error_text(error))
        .advise("check that the directory exists and is writable");
  }
  const Exit exit = session.finish();
  if (exit != kOk) return exit;
  session.say(fmt::format("wrote {}", base::quoted(file)));
  if (const std::string said = write_attributes(context.fs); !said.empty()) session.say(said);
  return exit;
}

}  // namespace meshfed::cli
