#include "cli/run.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "cli/command/build.hpp"
#include "cli/command/check.hpp"
#include "cli/command/cmp.hpp"
#include "cli/command/completion.hpp"
#include "cli/command/diff.hpp"
#include "cli/command/explain.hpp"
#include "cli/command/exposure.hpp"
#include "cli/command/facts.hpp"
#include "cli/command/graph.hpp"
#include "cli/command/init.hpp"
#include "cli/command/list.hpp"
#include "cli/command/requirements.hpp"
#include "cli/command/schema.hpp"
#include "cli/command/show.hpp"
#include "cli/command/trace.hpp"
#include "cli/command/validate.hpp"
#include "cli/command/version.hpp"
#include "cli/command_line.hpp"
#include "cli/complete.hpp"
#include "cli/manual.hpp"
#include "cli/session.hpp"
#include "cli/trace.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kDescription =
    "Compiles a federation of Istio meshes, described in federation.toml, to Kubernetes manifests for each cluster.";

constexpr const char* kFooter = R"(Results go to standard output, diagnostics to standard error.
Run `meshfedc COMMAND --help` for the options of a command, with examples.

Examples:
  meshfedc init          # write a federation.toml to start from
  meshfedc validate      # check it
  meshfedc build         # write the manifests of each cluster to out/)";

constexpr const char* kVersion = "meshfedc " MESHFEDC_VERSION "\n";

/// Each command has it, and the tool.
void add_help(Command& command) {
  command.arguments.insert(
      command.arguments.begin(),
      {.names = {"-h", "--help"}, .meaning = "Print this help message and exit", .target = PrintHelp()});
  for (Command& child : command.commands) add_help(child);
}

// All commands with the values of their options. Adding one is a member, its place in the list, and its own file.
class Application {
 public:
  Application() {
    tool_ = {.name = "meshfedc",
             .description = kDescription,
             .footer = kFooter,
             .arguments = {{.names = {"-v", "--verbose"},
                            .meaning = "Print each step to standard error",
                            .target = &verbose_},
                           {.names = {"--version"}, .meaning = "Print the version", .target = PrintVersion()}},
             .commands = {build_.declare(), check_.declare(), diff_.declare(), validate_.declare(), list_.declare(),
                          show_.declare(), graph_.declare(), trace_.declare(), exposure_.declare(), facts_.declare(),
                          requirements_.declare(), explain_.declare(), schema_.declare(), init_.declare(),
                          completion_.declare(), cmp_.declare(), version_.declare()}};
    add_help(tool_);
  }
  Application(const Application&) = delete;  // the commands point to their options
  Application& operator=(const Application&) = delete;

  const Command& tool() const { return tool_; }
  bool verbose() const { return verbose_; }

 private:
  bool verbose_ = false;
  BuildCommand build_;
  CheckCommand check_;
  DiffCommand diff_;
  ValidateCommand validate_;
  ListCommand list_;
  ShowCommand show_;
  GraphCommand graph_;
  RequirementsCommand requirements_;
  TraceCommand trace_;
  ExposureCommand exposure_;
  FactsCommand facts_;
  ExplainCommand explain_;
  SchemaCommand schema_;
  InitCommand init_;
  CompletionCommand completion_;
  CmpCommand cmp_;
  VersionCommand version_;
  Command tool_;
};

/// What shells and builds ask for by words that people need not know; none for all other command lines. The words to
/// complete are not a command line yet, so they cannot be parsed as one.
std::optional<std::string> machine_answer(const Command& tool, const std::vector<std::string>& arguments,
                                          base::Fs& fs) {
  if (arguments.empty()) return std::nullopt;
  if (arguments.front() == "complete") return answer(complete(tool, {arguments.begin() + 1, arguments.end()}), fs);
  if (arguments.front() == "manual") return manual(tool, MESHFEDC_VERSION, MESHFEDC_DATE);
  return std::nullopt;
}

Exit show(const Context& context, const std::string& text) {
  Session session(context, Format::text);
  session.print(text);
  return session.finish();
}

std::optional<std::string> closest_command(const Command& parent, const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : parent.commands) names.push_back(command.name);
  const std::optional<std::string_view> found = base::closest(word, names);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

Exit usage_error(const Context& context, const Command& tool, const ParsedLine& line,
                 const std::vector<std::string>& arguments) {
  std::string text = fmt::format("meshfedc: {}\n", base::escaped(line.text));
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    if (!argument.starts_with('-')) words.push_back(argument);
  }
  const Command& last = line.named.empty() ? tool : *line.named.back();
  if (!last.commands.empty() && line.named.size() < words.size()) {
    const std::string& word = words[line.named.size()];
    text = fmt::format("meshfedc: unknown command {}\n", base::quoted(word));
    if (const auto meant = closest_command(last, word)) text += fmt::format("  = help: did you mean `{}`?\n", *meant);
  }
  std::string invocation = tool.name;
  for (const Command* command : line.named) invocation += " " + command->name;
  context.terminal.err(fmt::format("{}  = see `{} --help`\n", text, invocation));
  return kUsage;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Environment& environment, base::Fs& fs,
        const Terminal& terminal, base::Clock& clock, const git::RunProgram& run_program) {
  const Application application;
  const Command& tool = application.tool();
  const Context quiet{fs, terminal, {}, environment, clock};
  if (const auto text = machine_answer(tool, arguments, fs)) return show(quiet, *text);
  const ParsedLine line = parse_line(tool, arguments);
  switch (line.outcome) {
    case ParsedLine::Outcome::help:
      return show(quiet, line.text);
    case ParsedLine::Outcome::version:
      return show(quiet, kVersion);
    case ParsedLine::Outcome::wrong:
      return usage_error(quiet, tool, line, arguments);
    case ParsedLine::Outcome::run:
      break;
  }
  const base::Trace trace = application.verbose() ? make_trace(terminal) : base::Trace();
  const Context context{fs, terminal, trace, environment, clock, run_program};
  return line.named.back()->run(context);
}

}  // namespace meshfed::cli
