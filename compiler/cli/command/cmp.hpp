// `meshfedc cmp generate` and `meshfedc cmp parameters`: what Argo CD's config management plugin runs. Whoever may
// write to the repository decides what they read, so they read the federation below the working directory and nothing
// else; they write no file, start no process and open no socket. Their answer is on standard output, all of it or
// nothing.
#pragma once

#include <optional>
#include <string>

#include "base/confined_fs.hpp"
#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "driver/analysis.hpp"

namespace meshfed::cli {

class CmpCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  std::string file_;
  std::string cluster_;
  std::string application_;
  std::string part_;

  using Answer = Exit (CmpCommand::*)(Session&, base::ConfinedFs&) const;

  Command declare_generate();
  Command declare_parameters();
  Argument file_option();
  Exit run(const Context& context, Answer answer) const;
  Exit generate(Session& session, base::ConfinedFs& fs) const;
  Exit parameters(Session& session, base::ConfinedFs& fs) const;
  std::optional<check::Checked> analyse(Session& session, base::ConfinedFs& fs) const;
  std::optional<model::ClusterId> chosen(Session& session, const check::Checked& checked) const;
  std::optional<driver::Part> chosen_part(Session& session) const;
  bool may_render(Session& session, const std::string& cluster) const;
};

}  // namespace meshfed::cli
