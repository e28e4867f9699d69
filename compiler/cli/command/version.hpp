// `meshfedc version`.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class VersionCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  bool json_ = false;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
