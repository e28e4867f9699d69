// `meshfedc explain`: the catalog of diagnostics.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class ExplainCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  std::string code_;  // empty: all
};

}  // namespace meshfed::cli
