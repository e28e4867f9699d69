// `meshfedc exposure`: what gateways pass, and who needs it.
#pragma once

#include <string>

#include "cli/command/reach.hpp"
#include "cli/declaration.hpp"

namespace meshfed::cli {

class ExposureCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string cluster_;
  ReachArguments reach_;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
