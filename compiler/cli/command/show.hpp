// `meshfedc show`: everything about one cluster, host, mesh or network.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "graph/page.hpp"

namespace meshfed::cli {

class ShowCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string name_;
  SourceArguments source_;
  graph::Form form_ = graph::Form::text;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
