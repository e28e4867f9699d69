// `meshfedc init`: a first federation.toml.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class InitCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing. Never overwrites anything.
  Exit run(const Context& context) const;

 private:
  std::string file_ = kDefaultSource;
};

}  // namespace meshfed::cli
