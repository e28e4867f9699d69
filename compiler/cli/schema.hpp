// `meshfedc schema`: all keys of federation.toml, for editors or for people.
#pragma once

#include "cli/session.hpp"

namespace meshfed::cli {

class SchemaCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  bool markdown_ = false;
};

}  // namespace meshfed::cli
