// Finding the branch to commit to, and what forbids it. Private to the Git half of this stage.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "publish/git.hpp"
#include "publish/git_commit.hpp"

namespace meshfed::publish::git {

struct Branch {
  Opened opened;
  std::string reference;     // "refs/heads/main", or "HEAD" if no branch is checked out
  std::string short_name;    // of the branch; empty for "HEAD"
  bool checked_out = false;  // here
  std::string prefix;        // the output directory's path in the repository, "" for its root
  std::string output;        // the same as calls get it: as the user wrote it, unless that leads through a link
};

// A Library lives.
std::variant<Branch, GitProblem> find_branch(base::Fs& disk, const std::string& out, const CommitOptions& options,
                                             const Surroundings& surroundings);

// The commit that the branch is at; null: there is no such branch.
struct Tip {
  Commit commit;
  std::optional<git_oid>
      at;  // what the reference says; none if it does not exist, even if there is a commit to begin with
};
std::variant<Tip, GitProblem> tip_of(const Branch& branch);

// What keeps the index and the working tree from taking part in a commit.
std::optional<GitProblem> worktree_problem(const Branch& branch, const Surroundings& surroundings);

GitProblem failed(std::string what);

}  // namespace meshfed::publish::git
