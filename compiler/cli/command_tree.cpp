#include "cli/command_tree.hpp"

#include <algorithm>

#include <CLI/App.hpp>

namespace meshfed::cli {
namespace {

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Argument describe(const CLI::Option& option) {
  Argument argument;
  for (const std::string& name : option.get_snames()) argument.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) argument.names.push_back("--" + name);
  argument.meaning = option.get_description();
  argument.preset = option.get_default_str();
  if (option.get_type_size() != 0) argument.value = option.get_type_name();
  if (argument.names.empty() && argument.value.empty()) argument.value = upper(option.get_name());
  argument.repeatable = option.get_expected_max() > 1;
  return argument;
}

}  // namespace

bool Argument::called(std::string_view name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> Argument::words() const {
  std::vector<std::string> words;
  if (value.find('|') == std::string::npos) return words;
  std::string_view rest = value;
  for (std::size_t end = 0; end != std::string_view::npos; rest.remove_prefix(std::min(rest.size(), end + 1))) {
    end = rest.find('|');
    words.emplace_back(rest.substr(0, end));
  }
  return words;
}

const Argument* CommandTree::option(std::string_view wanted) const {
  const auto found =
      std::find_if(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.called(wanted); });
  return found == arguments.end() ? nullptr : &*found;
}

const CommandTree* CommandTree::command(std::string_view wanted) const {
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const CommandTree& c) { return c.name == wanted; });
  return found == commands.end() ? nullptr : &*found;
}

CommandTree describe(const CLI::App& app) {
  CommandTree tree{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) tree.arguments.push_back(describe(*option));  // without a group: hidden
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); })) {
    tree.commands.push_back(describe(*command));
  }
  return tree;
}

}  // namespace meshfed::cli
