// Finding the branch to commit to, and what forbids it. Only for files that may see libgit2.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "git/options.hpp"
#include "git/problem.hpp"
#include "git/repository.hpp"
#include "git/settings.hpp"

namespace meshfed::git {

struct Branch {
  Opened opened;
  Settings settings;
  std::string reference;     // "refs/heads/main", or "HEAD" if no branch is checked out
  std::string short_name;    // of the branch; empty for "HEAD"
  bool checked_out = false;  // here
  std::string prefix;        // the output directory's path in the repository, "" for its root
  std::string output;        // the same as calls get it: as the user wrote it, unless that leads through a link
};

// A Library lives.
std::variant<Branch, Problem> find_branch(base::Fs& disk, const std::string& out, const CommitOptions& options,
                                          const Environment& environment);

// The commit that the branch is at; null: there is no such branch.
struct Tip {
  Commit commit;
  std::optional<git_oid>
      at;  // what the reference says; none if it does not exist, even if there is a commit to begin with
};
std::variant<Tip, Problem> tip_of(const Branch& branch);

// What keeps the index and the working tree from taking part in a commit.
std::optional<Problem> worktree_problem(const Branch& branch, const Environment& environment);

Problem failed(std::string what);

// "main" of "refs/heads/main", which is what continuous integration calls it; all else as it stands.
std::string short_branch_name(const std::string& name);

// What else Git may take the name for: a tag, a branch of a remote.
std::optional<Problem> ambiguous_name(git_repository& repository, const std::string& name);

}  // namespace meshfed::git
