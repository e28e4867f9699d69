// `meshfedc schema`: all keys of federation.toml, for editors or for people; and the shapes of what others print.
#pragma once

#include <cstdint>

#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

class SchemaCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  enum class Subject : std::uint8_t { federation, trace, exposure, facts };

  bool markdown_ = false;
  Subject subject_ = Subject::federation;

  std::string text() const;
  Exit run(const Context& context) const;
};

}  // namespace meshfed::cli
