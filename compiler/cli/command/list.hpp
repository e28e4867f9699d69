// `meshfedc list`: what a federation has of one kind, a line each.
#pragma once

#include <string>
#include <vector>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "graph/list.hpp"

namespace meshfed::cli {

class ListCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  /// What is listed, and the main file: either is told from the other by its end.
  struct Words {
    std::string what;  // empty: exports
    SourceArguments source;
  };

  std::string what_;  // the first word, whichever it is
  SourceArguments source_;
  std::vector<std::string> clusters_;
  std::string mesh_;
  bool discovered_ = false;
  graph::Form form_ = graph::Form::text;

  Words words() const;
  std::string conflict() const;
  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
