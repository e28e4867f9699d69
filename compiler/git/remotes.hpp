// What this clone knows of a branch at its remotes. Only for files that may see libgit2.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/branch.hpp"
#include "git/problem.hpp"
#include "git/remark.hpp"
#include "git/repository.hpp"

namespace meshfed::git {

std::vector<std::string> remote_names(git_repository& repository);

// Where a branch that is not there begins: at the remote one of its name. None: there is none, as far as this clone
// knows. As for `git switch`, one of several has to be named by `checkout.defaultRemote` if they are not the same.
std::variant<std::optional<git_oid>, Problem> remote_start(const Branch& branch);

// What there is to say of the remotes, with the branch at `tip`. Of a branch that is checked out `git status` says it.
std::optional<Remark> remark_on(const Branch& branch, const Tip& tip);

}  // namespace meshfed::git
