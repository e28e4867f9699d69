// The commands and their options as plain values, walked once out of CLI11's tree: completions and the manual are made
// from them, and so cannot know anything that the command line does not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace meshfed::cli {

/// An option, a flag or a positional argument.
struct Argument {
  std::vector<std::string> names;  // "-f", "--file"; of a positional one, none
  std::string value;               // what it takes, as help shows it: "PATH", "text|json"; empty for a flag
  std::string meaning;
  std::string preset;  // what it is if it is not given; may be empty
  bool repeatable = false;

  bool called(std::string_view name) const;
  /// "text", "json" of "text|json"; none if the value is not one of a few words.
  std::vector<std::string> words() const;
};

struct CommandTree {
  std::string name;
  std::string description;
  std::string footer;               // what help ends with
  std::vector<Argument> arguments;  // in the order of the help; those of the parents count as well
  std::vector<CommandTree> commands;

  const Argument* option(std::string_view name) const;
  const CommandTree* command(std::string_view name) const;
};

CommandTree describe(const CLI::App& app);

}  // namespace meshfed::cli
