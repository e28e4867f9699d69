// `meshfedc facts`: what the federation says that manifests do not.
#pragma once

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"

namespace meshfed::cli {

class FactsCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
