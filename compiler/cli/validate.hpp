// `meshfedc validate`: read and check, write nothing.
#pragma once

#include <string>

#include "cli/session.hpp"

namespace meshfed::cli {

class ValidateCommand {
 public:
  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  std::string file_ = kDefaultSource;
  bool quiet_ = false;
  Format format_ = Format::text;
};

}  // namespace meshfed::cli
