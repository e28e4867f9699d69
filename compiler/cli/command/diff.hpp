// `meshfedc diff`: what a build would change in the clusters, object by object. Writes nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "driver/difference.hpp"

namespace meshfed::cli {

class DiffCommand {
 public:
  DiffCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  enum class Output { text, json, markdown };

  std::string revision_;  // empty: the working tree
  driver::DiffOptions options_;
  Output output_ = Output::text;

  Exit run(const Context& context) const;
  std::string render(const diff::Difference& difference, const Terminal& terminal) const;
};

}  // namespace meshfed::cli
