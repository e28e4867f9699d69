#include "git/remotes.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace meshfed::git {
namespace {

constexpr const char* kOrigin = "origin";

struct RemoteBranch {
  std::string remote;
  git_oid id;
};

// The remotes that have a branch of this name.
std::vector<RemoteBranch> remote_branches(const Branch& branch) {
  std::vector<RemoteBranch> found;
  if (branch.short_name.empty()) return found;
  git_repository& repository = *branch.opened.repository;
  for (std::string& remote : remote_names(repository)) {
    const std::string reference = "refs/remotes/" + remote + "/" + branch.short_name;
    git_oid id = {};
    if (git_reference_name_to_id(&id, &repository, reference.c_str()) == 0) found.push_back({std::move(remote), id});
  }
  return found;
}

Commit lookup(git_repository& repository, const git_oid& id) {
  git_commit* commit = nullptr;
  git_commit_lookup(&commit, &repository, &id);
  return Commit(commit);
}

std::optional<git_time_t> time_of(git_repository& repository, const git_oid& id) {
  const Commit commit = lookup(repository, id);
  return commit ? std::optional(git_commit_time(commit.get())) : std::nullopt;
}

template <class List, class Name>
auto named(List& list, const std::string& wanted, Name name) {
  return std::find_if(list.begin(), list.end(), [&](const auto& one) { return name(one) == wanted; });
}

const std::string& name_of(const RemoteBranch& one) { return one.remote; }

bool all_the_same(const std::vector<RemoteBranch>& branches) {
  return std::all_of(branches.begin(), branches.end(),
                     [&](const RemoteBranch& one) { return git_oid_equal(&one.id, &branches.front().id) != 0; });
}

// The one that a push goes to: of its own, if it has one; none: nobody can tell.
const RemoteBranch* upstream(const Branch& branch, const std::vector<RemoteBranch>& branches) {
  for (const std::string& wanted : {branch.settings.text("branch." + branch.short_name + ".remote"),
                                    branch.settings.text("checkout.defaultremote"), std::string(kOrigin)}) {
    const auto found = named(branches, wanted, name_of);
    if (found != branches.end()) return &*found;
  }
  return branches.size() == 1 ? &branches.front() : nullptr;
}

// The commit is `from` or an ancestor of it, as far as a shallow clone has them. (git_graph_descendant_of fails, and
// leaks, where one is missing.) Much older ones than it are not looked at.
bool reaches(git_repository& repository, const git_oid& from, const git_oid& wanted) {
  constexpr git_time_t kSkew = 24 * 60 * 60;  // seconds; of clocks
  const std::optional<git_time_t> since = time_of(repository, wanted);
  std::vector<git_oid> waiting{from};
  std::set<std::string> seen;
  while (!waiting.empty()) {
    const git_oid id = waiting.back();
    waiting.pop_back();
    if (git_oid_equal(&id, &wanted) != 0) return true;
    const Commit commit = lookup(repository, id);
    if (!commit || (since && git_commit_time(commit.get()) < *since - kSkew)) continue;
    for (unsigned parent = 0; parent < git_commit_parentcount(commit.get()); ++parent) {
      const git_oid& next = *git_commit_parent_id(commit.get(), parent);
      if (seen.insert(std::string(next.id, next.id + GIT_OID_RAWSZ)).second) waiting.push_back(next);
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> remote_names(git_repository& repository) {
  std::vector<std::string> names;
  git_strarray remotes = {};
  if (git_remote_list(&remotes, &repository) != 0) return names;
  for (std::size_t i = 0; i < remotes.count; ++i) names.emplace_back(remotes.strings[i]);
  git_strarray_dispose(&remotes);
  return names;
}

std::variant<std::optional<git_oid>, Problem> remote_start(const Branch& branch) {
  const std::vector<RemoteBranch> branches = remote_branches(branch);
  if (branches.empty()) return std::nullopt;
  if (all_the_same(branches)) return branches.front().id;
  const auto chosen = named(branches, branch.settings.text("checkout.defaultremote"), name_of);
  if (chosen != branches.end()) return chosen->id;
  const std::string& name = branch.short_name;
  return Problem{Problem::Kind::refused, "several remotes have a branch `" + name + "`, with different commits",
                 "choose one to start from: `git branch " + name + " REMOTE/" + name +
                     "`, or `git config checkout.defaultRemote REMOTE`"};
}

std::optional<Remark> remark_on(const Branch& branch, const Tip& tip) {
  if (branch.checked_out || branch.short_name.empty()) return std::nullopt;
  git_repository& repository = *branch.opened.repository;
  if (!tip.commit) {
    const std::vector<std::string> remotes = remote_names(repository);
    if (remotes.empty()) return std::nullopt;
    const auto origin = std::find(remotes.begin(), remotes.end(), kOrigin);
    return Remark{Remark::Kind::begins_anew, origin == remotes.end() ? remotes.front() : *origin};
  }
  const std::vector<RemoteBranch> branches = remote_branches(branch);
  const RemoteBranch* remote = upstream(branch, branches);
  if (!remote || !tip.at || reaches(repository, *tip.at, remote->id)) return std::nullopt;
  return Remark{Remark::Kind::behind, remote->remote};
}

}  // namespace meshfed::git
