// Who a commit is by, and when: the environment first, then Git's configuration, and never a guess. Only for files that
// may see libgit2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "git/problem.hpp"
#include "git/repository.hpp"
#include "git/settings.hpp"

namespace meshfed::git {

// Both never null.
struct Identity {
  Signature author;
  Signature committer;
};

// `author` is as parse_author has it, or empty. Variables and keys are those of git-commit(1): GIT_AUTHOR_NAME,
// author.name, user.name and so on. Without a date of its own (GIT_AUTHOR_DATE, GIT_COMMITTER_DATE) it is
// SOURCE_DATE_EPOCH, else now.
std::variant<Identity, Problem> identity(const Settings& settings, const std::string& author,
                                         const Environment& environment);

// "Name <mail> 1700000000 +0100", as it stands in a commit.
std::string print(const git_signature& signature);

}  // namespace meshfed::git
