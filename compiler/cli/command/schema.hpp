// `meshfedc schema`: all keys of federation.toml, for editors or for people, and the schemas of JSON that other
// commands print.
#pragma once

#include <cstdint>
#include <string>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class SchemaCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  enum class Of : std::uint8_t { federation, list, show, trace, trace_against, exposure, facts, requirements };

  Of of_ = Of::federation;
  bool markdown_ = false;

  std::string text() const;

  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
