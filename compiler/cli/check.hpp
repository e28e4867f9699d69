// `meshfedc check`: is what is published what the source compiles to? Writes nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/memo_file.hpp"
#include "cli/publication.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class CheckCommand {
 public:
  CheckCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  std::string file_ = kDefaultSource;
  std::string out_ = "out";
  std::string against_ = "worktree";
  unsigned jobs_;
  Format format_ = Format::text;

  Exit run(const Context& context) const;
  /// What the last build remembers of the tree saves looking at it; null: it is not the build's tree.
  Exit compare(const Context& context, MemoFile* memo) const;
  Exit report(Session& session, const Publication& found) const;
};

}  // namespace meshfed::cli
