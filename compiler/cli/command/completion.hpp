// `meshfedc completion`: the scripts that teach a shell to complete.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class CompletionCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string shell_;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
