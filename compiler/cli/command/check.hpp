// `meshfedc check`: is what is published what the source compiles to? Writes nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "driver/verify.hpp"

namespace meshfed::cli {

class CheckCommand {
 public:
  CheckCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;
  std::string out_;
  driver::VerifyOptions options_;  // apart from these two
  std::string against_ = "worktree";
  Format format_ = Format::text;
  bool quiet_ = false;

  Exit run(const Context& context) const;
  Exit report(Session& session, const driver::Publication& found, const std::string& out, bool ignored) const;
};

}  // namespace meshfed::cli
