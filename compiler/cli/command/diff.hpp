// `meshfedc diff`: what a build would change in the clusters, object by object. Writes nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "driver/difference.hpp"

namespace meshfed::cli {

class DiffCommand {
 public:
  DiffCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  enum class Output { text, json, markdown };

  /// What is compared, and the main file: either is told from the other by its end.
  struct Words {
    std::string revision;  // empty: the working tree
    SourceArguments source;
  };

  std::string revision_;  // the first word, whichever it is
  SourceArguments source_;
  std::string out_;
  driver::DiffOptions options_;  // apart from these
  Output output_ = Output::text;
  bool quiet_ = false;

  Words words() const;
  std::string conflict() const;
  Exit run(const Context& context) const;
  std::string render(const diff::Difference& difference, const Terminal& terminal) const;
};

}  // namespace meshfed::cli
