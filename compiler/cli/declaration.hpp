// Commands and their options as plain values. Each command declares them next to what it does with them; the parser of
// the command line (cli/command_line.hpp), the completion of shells and the manual page all read the same declarations,
// so none of them can know anything that the others do not.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/exit.hpp"

namespace meshfed::cli {

struct Context;

struct PrintHelp {};
struct PrintVersion {};

/// A number from `min` to `max`.
struct Number {
  unsigned* value;
  unsigned min;
  unsigned max;
};

/// Where the value goes; to a function if it is to be converted. A vector takes each value that is given, the others
/// only one. What is not given on the command line keeps its value.
using Destination = std::variant<PrintHelp, PrintVersion, bool*, std::string*, Number, std::vector<std::string>*,
                                 std::function<void(const std::string&)>>;

/// An option, a flag or a positional argument.
struct Argument {
  std::vector<std::string> names;  // "-f", "--file"; of a positional one, none
  std::string meaning;
  Destination target;
  std::string value = {};       // what it takes, as help shows it: "PATH", "text|json"; empty for a flag
  std::string preset = {};      // what it is if it is not given; may be empty
  std::string positional = {};  // what error messages call a positional argument
  bool required = false;
  std::vector<std::string> offers = {};               // words that completion offers, although it takes others as well
  std::string needs = {};                             // the name of an option without which it makes no sense
  std::string (*flaw)(const std::string&) = nullptr;  // what is wrong with a value; empty: nothing

  bool called(std::string_view name) const;
  bool repeatable() const { return std::holds_alternative<std::vector<std::string>*>(target); }
  /// "text", "json" of "text|json"; none if the value is not one of a few words.
  std::vector<std::string> words() const;
};

struct Command {
  std::string name;
  std::string description;
  std::string footer = {};               // what help ends with
  std::vector<Argument> arguments = {};  // in the order of the help; those of the tool itself count as well
  std::vector<Command> commands = {};    // if there are any, one of them has to be named
  /// After parsing: which of the given options exclude each other, in words; empty: none.
  std::function<std::string()> conflict = nullptr;
  std::function<Exit(const Context&)> run = nullptr;

  const Argument* option(std::string_view name) const;
  const Command* command(std::string_view name) const;
};

}  // namespace meshfed::cli
