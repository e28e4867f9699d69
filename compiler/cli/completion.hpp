// `meshfedc completion`: the scripts that teach a shell to complete.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class CompletionCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  std::string shell_;
};

}  // namespace meshfed::cli
