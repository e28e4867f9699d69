#include "cli/run.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "cli/build.hpp"
#include "cli/check.hpp"
#include "cli/cmp.hpp"
#include "cli/complete.hpp"
#include "cli/completion.hpp"
#include "cli/diff.hpp"
#include "cli/explain.hpp"
#include "cli/init.hpp"
#include "cli/manual.hpp"
#include "cli/schema.hpp"
#include "cli/session.hpp"
#include "cli/trace.hpp"
#include "cli/validate.hpp"
#include "cli/version.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kDescription =
    "Compiles a federation of Istio meshes, described in federation.toml, to Kubernetes manifests for each cluster.";

constexpr const char* kFooter = R"(Results go to standard output, diagnostics to standard error.
`meshfedc COMMAND --help` has the options, and examples, of each command.

Examples:
  meshfedc init          # a federation.toml to start from
  meshfedc validate      # is it right?
  meshfedc build         # what each cluster gets, in out/)";

// All commands. Adding one is a member, a line in `declare`, and its own file.
class Application {
 public:
  Application() : app_(kDescription, "meshfedc") {
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(28);
    app_.add_flag("-v,--verbose", verbose_, "Trace the steps on standard error");
    app_.set_version_flag("--version", "meshfedc " MESHFEDC_VERSION "\n", "Print the version");
    app_.footer(kFooter);
    declare(build_);
    declare(check_);
    declare(diff_);
    declare(validate_);
    declare(explain_);
    declare(schema_);
    declare(init_);
    declare(completion_);
    declare(cmp_);
    declare(version_);
  }

  /// Throws CLI::ParseError for a wrong command line, and for --help and --version.
  void parse(const std::vector<std::string>& arguments) {
    app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  }

  Exit run(const Context& context) const {
    const auto called =
        std::find_if(commands_.begin(), commands_.end(), [](const Command& c) { return c.app->parsed(); });
    return called->run(context);
  }

  /// What shells and builds ask for by words that people need not know; none for all other command lines. The words to
  /// complete are not a command line yet, so they cannot be parsed as one.
  std::optional<std::string> machine_answer(const std::vector<std::string>& arguments, base::Fs& fs) const {
    if (arguments.empty()) return std::nullopt;
    if (arguments.front() == "complete")
      return answer(complete(describe(app_), {arguments.begin() + 1, arguments.end()}), fs);
    if (arguments.front() == "manual") return manual(describe(app_), MESHFEDC_VERSION, MESHFEDC_DATE);
    return std::nullopt;
  }

  bool verbose() const { return verbose_; }

  /// Of the command that was named, or of all.
  std::string help() const {
    const std::vector<const CLI::App*> words = path();
    if (words.empty()) return app_.help();
    const std::string_view invoked = words.back()->get_name();
    return words.back()->help(invocation().substr(0, invocation().size() - invoked.size() - 1));
  }

  std::string invocation() const {
    std::string words = "meshfedc";
    for (const CLI::App* app : path()) words += fmt::format(" {}", app->get_name());
    return words;
  }

  /// How many commands were named, each within the one before, if the last one wants one more.
  std::optional<std::size_t> missing_command() const {
    const std::vector<const CLI::App*> words = path();
    const CLI::App& last = words.empty() ? app_ : *words.back();
    return last.get_subcommands({}).empty() ? std::nullopt : std::optional(words.size());
  }

  /// The command that was meant, after those that were named, by a word which is none.
  std::optional<std::string> closest_command(const std::string& word) const {
    const std::vector<const CLI::App*> words = path();
    std::vector<std::string> names;
    for (const CLI::App* app : (words.empty() ? app_ : *words.back()).get_subcommands({})) {
      names.push_back(app->get_name());
    }
    const std::optional<std::string_view> found = base::closest(word, names);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }

 private:
  struct Command {
    CLI::App* app;
    std::function<Exit(const Context&)> run;
  };

  template <class T>
  void declare(T& command) {
    commands_.push_back({command.declare(app_), [&command](const Context& context) { return command.run(context); }});
  }

  /// The commands that were named, each within the one before.
  std::vector<const CLI::App*> path() const {
    std::vector<const CLI::App*> words;
    for (std::vector<CLI::App*> used = app_.get_subcommands(); !used.empty(); used = used.front()->get_subcommands()) {
      words.push_back(used.front());
    }
    return words;
  }

  CLI::App app_;
  bool verbose_ = false;
  BuildCommand build_;
  CheckCommand check_;
  DiffCommand diff_;
  ValidateCommand validate_;
  ExplainCommand explain_;
  SchemaCommand schema_;
  InitCommand init_;
  CompletionCommand completion_;
  CmpCommand cmp_;
  VersionCommand version_;
  std::vector<Command> commands_;
};

Exit show(const Context& context, const std::string& text) {
  Session session(context, Format::text);
  session.print(text);
  return session.finish();
}

Exit usage_error(const Context& context, const Application& application, const CLI::ParseError& error,
                 const std::vector<std::string>& arguments) {
  std::string text = fmt::format("meshfedc: {}\n",
                                 error.get_name() == "RequiredError" ? "name a command" : base::escaped(error.what()));
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    if (!argument.starts_with('-')) words.push_back(argument);
  }
  const std::optional<std::size_t> named = application.missing_command();
  if (named && *named < words.size()) {
    const std::string& word = words[*named];
    text = fmt::format("meshfedc: there is no command {}\n", base::quoted(word));
    if (const auto meant = application.closest_command(word)) text += fmt::format("  = help: write `{}`\n", *meant);
  }
  context.terminal.err(fmt::format("{}  = see `{} --help`\n", text, application.invocation()));
  return kUsage;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Environment& environment, base::Fs& fs,
        const Terminal& terminal) {
  Application application;
  spdlog::logger trace = make_trace(terminal);
  const Context context{fs, terminal, trace, environment, fs};
  if (const std::optional<std::string> text = application.machine_answer(arguments, fs)) return show(context, *text);
  try {
    application.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return show(context, application.help());
  } catch (const CLI::CallForVersion& version) {
    return show(context, version.what());
  } catch (const CLI::ParseError& error) {
    return usage_error(context, application, error, arguments);
  }
  if (application.verbose()) trace.set_level(spdlog::level::debug);
  return application.run(context);
}

}  // namespace meshfed::cli
