// `meshfedc version`.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class VersionCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  bool json_ = false;
};

}  // namespace meshfed::cli
