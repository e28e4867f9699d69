// `meshfedc list`: the exports of a federation, and where those that were found come from.
#pragma once

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"

namespace meshfed::cli {

class ListCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;
  bool discovered_ = false;
  bool json_ = false;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
