// `meshfedc init`: a first federation.toml.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class InitCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string file_ = kDefaultSource;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
