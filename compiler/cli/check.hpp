// `meshfedc check`: is what is published what the source compiles to? Writes nothing.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class CheckCommand {
 public:
  CheckCommand();

  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  std::string file_ = kDefaultSource;
  std::string out_ = "out";
  std::string against_ = "worktree";
  unsigned jobs_;
  Format format_ = Format::text;

  Exit compare(const Context& context) const;
};

}  // namespace meshfed::cli
