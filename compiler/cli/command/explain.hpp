// `meshfedc explain`: the catalog of diagnostics.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class ExplainCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string code_;  // empty: all

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
