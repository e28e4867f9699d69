// The command line, parsed as the declarations say. The only file behind it that sees CLI11, which takes g++ longer to
// read than all of ours together.
#pragma once

#include <string>
#include <vector>

#include "cli/declaration.hpp"

namespace meshfed::cli {

struct ParsedLine {
  enum class Outcome { run, help, version, wrong };
  Outcome outcome = Outcome::wrong;
  std::vector<const Command*> named;  // each within the one before
  std::string text;                   // the help; or what is wrong, in words, which may hold any bytes
};

/// `arguments` are those after the program's name. Values go to the targets of `tool`, which outlives the result.
ParsedLine parse_line(const Command& tool, const std::vector<std::string>& arguments);

}  // namespace meshfed::cli
