// What a commit is asked to be, and what it takes from outside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "git/program.hpp"

namespace meshfed::git {

struct CommitOptions {
  std::string branch;         // with or without refs/heads/; empty: what is checked out, be it no branch
  std::string author;         // as parse_author has it; empty: what Git is told
  bool unsigned_too = false;  // also where commit.gpgsign asks for a signature
};

/// What Git takes from outside besides its configuration: GIT_DIR, which it exports to hooks, GIT_AUTHOR_NAME and the
/// like.
struct Environment {
  std::map<std::string, std::string, std::less<>> variables = {};  // of the process
  std::int64_t now = 0;                                            // seconds since 1970
  int offset_minutes = 0;                                          // of the local time, east of UTC
  RunProgram run = nullptr;  // what runs the program that signs; null: none can be run, and nothing can be signed

  /// Null if it is not set, or empty.
  const std::string* find(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() || found->second.empty() ? nullptr : &found->second;
  }

  /// Empty if it is not set.
  std::string value(std::string_view name) const {
    const std::string* found = find(name);
    return found ? *found : std::string();
  }
};

/// What is wrong with the name of a branch that is not known yet, for people: Git does not take it, or takes it for
/// something else, as `heads/main` for `main`. Empty: nothing.
std::string branch_name_flaw(const std::string& name);

}  // namespace meshfed::git
