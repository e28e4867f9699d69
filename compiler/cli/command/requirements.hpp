// `meshfedc requirements`: what must be true outside of what is written.
#pragma once

#include <string>
#include <vector>

#include "cli/declaration.hpp"
#include "cli/options.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "require/requirements.hpp"

namespace meshfed::cli {

class RequirementsCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  enum class Output { text, json, markdown };

  SourceArguments source_;
  std::vector<std::string> clusters_;
  std::string upgrade_;  // "east=1.31.1"
  std::string rotate_;   // a mesh
  Output output_ = Output::text;

  Exit run(const Context& context) const;
  require::Requirements find(Session& session, const check::Checked& checked) const;
  void add_upgrade(Session& session, const check::Checked& checked, require::Requirements& all) const;
  void add_rotation(Session& session, const check::Checked& checked, require::Requirements& all) const;
};

}  // namespace meshfed::cli
