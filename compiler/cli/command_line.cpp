#include "cli/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/text.hpp"

namespace meshfed::cli {
namespace {

constexpr std::size_t kHelpColumn = 28;

// Makes CLI11's option of a declared one.
class Adder {
 public:
  Adder(CLI::App& app, const Argument& argument)
      : app_(app),
        argument_(argument),
        name_(argument.names.empty() ? argument.positional : base::join(argument.names, ",")) {}

  void operator()(PrintHelp) { app_.set_help_flag(name_, argument_.meaning); }
  void operator()(PrintVersion) { app_.set_version_flag(name_, "", argument_.meaning); }
  void operator()(bool* flag) { refine(app_.add_flag(name_, *flag, argument_.meaning)); }
  void operator()(std::string* text) { refine(app_.add_option(name_, *text, argument_.meaning)); }
  void operator()(const Number& number) {
    refine(app_.add_option(name_, *number.value, argument_.meaning))
        ->check(CLI::Range(number.min, number.max).description(""));
  }
  void operator()(std::vector<std::string>* texts) {
    // Raw results: as a vector, CLI11 would read `{}` as "none".
    const auto take = [texts](const CLI::results_t& given) {
      *texts = given;
      return true;
    };
    refine(app_.add_option(name_, take, argument_.meaning))
        ->type_size(1)
        ->expected(1, CLI::detail::expected_max_vector_size)
        ->allow_extra_args(false);
  }
  void operator()(const std::function<void(const std::string&)>& take) {
    refine(app_.add_option_function<std::string>(name_, take, argument_.meaning));
  }

 private:
  CLI::Option* refine(CLI::Option* option) {
    if (!argument_.value.empty()) option->type_name(argument_.value);
    if (!argument_.preset.empty()) option->default_str(argument_.preset);
    if (const std::vector<std::string> words = argument_.words(); !words.empty())
      option->check(CLI::IsMember(words).description(""));
    if (argument_.flaw != nullptr) option->check(CLI::Validator(argument_.flaw, ""));
    if (!argument_.needs.empty()) option->needs(app_.get_option(argument_.needs));
    return option->required(argument_.required);
  }

  CLI::App& app_;
  const Argument& argument_;
  std::string name_;
};

void declare(CLI::App& app, const Command& command) {
  app.footer(command.footer);
  if (!command.commands.empty()) app.require_subcommand(1);
  for (const Argument& argument : command.arguments) std::visit(Adder(app, argument), argument.target);
  for (const Command& child : command.commands) declare(*app.add_subcommand(child.name, child.description), child);
}

/// The tool, and the commands that were named, each within the one before.
std::vector<const CLI::App*> path_of(const CLI::App& app) {
  std::vector<const CLI::App*> path{&app};
  for (std::vector<CLI::App*> used = app.get_subcommands(); !used.empty(); used = used.front()->get_subcommands())
    path.push_back(used.front());
  return path;
}

std::vector<const Command*> named_in(const CLI::App& app, const Command& tool) {
  std::vector<const Command*> named;
  const Command* command = &tool;
  for (const CLI::App* used : path_of(app)) {
    if (used != &app) named.push_back(command = command->command(used->get_name()));
  }
  return named;
}

/// Of the command that was named last.
std::string help_of(const CLI::App& app) {
  std::vector<const CLI::App*> path = path_of(app);
  const CLI::App* last = path.back();
  path.pop_back();
  std::vector<std::string> before;
  for (const CLI::App* used : path) before.push_back(used->get_name());
  return last->help(base::join(before, " "));
}

}  // namespace

ParsedLine parse_line(const Command& tool, const std::vector<std::string>& arguments) {
  using Outcome = ParsedLine::Outcome;
  CLI::App app(tool.description, tool.name);
  app.fallthrough();
  app.get_formatter()->column_width(kHelpColumn);
  declare(app, tool);
  ParsedLine line;
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
    line.outcome = Outcome::run;
  } catch (const CLI::CallForHelp&) {
    line.outcome = Outcome::help;
    line.text = help_of(app);
  } catch (const CLI::CallForVersion&) {
    line.outcome = Outcome::version;
  } catch (const CLI::ParseError& error) {
    const std::vector<const Command*> named = named_in(app, tool);
    const Command& last = named.empty() ? tool : *named.back();
    const bool lacks_command = error.get_name() == "RequiredError" && !last.commands.empty();
    line.text = lacks_command ? "a command is required" : error.what();
  }
  line.named = named_in(app, tool);
  if (line.outcome != Outcome::run || !line.named.back()->conflict) return line;
  line.text = line.named.back()->conflict();
  if (!line.text.empty()) line.outcome = Outcome::wrong;
  return line;
}

}  // namespace meshfed::cli
