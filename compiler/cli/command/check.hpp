// `meshfedc check`: is what is published what the source compiles to? Writes nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "driver/verify.hpp"

namespace meshfed::cli {

class CheckCommand {
 public:
  CheckCommand();

  /// `this` outlives the command.
  Command declare();

 private:
  driver::VerifyOptions options_;
  std::string against_ = "worktree";
  Format format_ = Format::text;

  Exit run(const Context& context) const;
  Exit report(Session& session, const driver::Publication& found, bool ignored) const;
};

}  // namespace meshfed::cli
