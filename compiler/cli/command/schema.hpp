// `meshfedc schema`: all keys of federation.toml, for editors or for people.
#pragma once

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class SchemaCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  enum class Output { json, markdown, requirements };

  Output output_ = Output::json;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
