// `meshfedc validate`: read and check, write nothing.
#pragma once

#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"

namespace meshfed::cli {

class ValidateCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  SourceArguments source_;
  std::string at_;
  bool quiet_ = false;
  Format format_ = Format::text;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
