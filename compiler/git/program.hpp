// Running another program: the one that makes signatures, and nothing else. A function that a test can replace.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace meshfed::git {

/// What is to be run.
struct Program {
  std::vector<std::string> words;  // the program, searched in PATH unless it has a slash, and its arguments; no shell
  std::string directory;           // it works there; a relative path with a slash is relative to it
  std::optional<std::string> input = std::nullopt;  // none: what the process itself reads
};

/// How it went.
struct Ended {
  int error = 0;            // an errno: it could not be run, and the rest means nothing
  int status = 0;           // of its exit; 128 and the number of a signal that killed it
  std::string output = {};  // of each of the two, no more than the first kMaxOutput bytes
  std::string errors = {};  // on standard error
};

inline constexpr std::size_t kMaxOutput = 1 << 20;

using RunProgram = std::function<Ended(const Program&)>;

/// Runs it as a child of the process, and waits for its end.
Ended run_program(const Program& program);

}  // namespace meshfed::git
