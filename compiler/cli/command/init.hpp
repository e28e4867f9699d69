// `meshfedc init`: a first federation.toml.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"

namespace meshfed::cli {

class InitCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;
  bool quiet_ = false;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
