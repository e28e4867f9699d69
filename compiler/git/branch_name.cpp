// Names of branches, and what Git takes them for.
#include <algorithm>
#include <array>
#include <string_view>

#include "git/branch.hpp"
#include "git/options.hpp"
#include "git/remotes.hpp"
#include "git/repository.hpp"

namespace meshfed::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";

bool is_valid(const std::string& name) {
  const Library library;
  int valid = 0;
  return git_branch_name_is_valid(&valid, name.c_str()) == 0 && valid == 1;
}

bool is_object_id(std::string_view name) {
  constexpr std::size_t kSha1 = 40, kSha256 = 64;
  return (name.size() == kSha1 || name.size() == kSha256) &&
         name.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// HEAD, FETCH_HEAD, ORIG_HEAD and the like stand beside refs/.
bool is_head(std::string_view name) {
  return name.ends_with("HEAD") && name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
}

// Where Git looks for a name besides refs/heads/, as gitrevisions(7) lists it.
struct Place {
  std::string_view before, behind, what;
};
constexpr auto kPlaces = std::to_array<Place>({
    {"refs/", "", "a reference"},
    {"refs/tags/", "", "a tag"},
    {"refs/remotes/", "", "a branch of a remote"},
    {"refs/remotes/", "/HEAD", "a remote"},
});

bool is_reference(git_repository& repository, const std::string& name) {
  git_reference* reference = nullptr;
  const bool found = git_reference_lookup(&reference, &repository, name.c_str()) == 0;
  git_reference_free(reference);
  return found;
}

}  // namespace

std::string short_branch_name(const std::string& name) {
  return name.starts_with(kHeads) ? name.substr(kHeads.size()) : name;
}

std::string branch_name_flaw(const std::string& name) {
  const std::string branch = short_branch_name(name);
  const std::string quoted = "`" + name + "`";
  if (!is_valid(branch)) return quoted + " is not a valid branch name";
  if (branch == "@" || is_head(branch)) return quoted + " is not a valid branch name: Git reserves it";
  if (is_object_id(branch)) return quoted + " is not a valid branch name: Git would take it for a commit ID";
  constexpr std::string_view kShort = "heads/";
  if (branch.starts_with(kShort))
    return quoted + " is what Git calls the branch `" + branch.substr(kShort.size()) + "`: write that";
  for (const std::string_view other : {"refs/", "tags/", "remotes/"}) {
    if (branch.starts_with(other)) return quoted + " is not a branch: use a branch name such as `rendered`";
  }
  return "";
}

std::optional<Problem> ambiguous_name(git_repository& repository, const std::string& name) {
  using Kind = Problem::Kind;
  for (const std::string& remote : remote_names(repository)) {
    if (!name.starts_with(remote + "/")) continue;
    const std::string meant = name.substr(remote.size() + 1);
    return Problem{Kind::refused,
                   "`" + name + "` is what Git calls the branch `" + meant + "` of the remote `" + remote + "`",
                   "write `--branch " + meant + "`"};
  }
  for (const Place& place : kPlaces) {
    if (is_reference(repository, std::string(place.before).append(name).append(place.behind)))
      return Problem{Kind::refused,
                     "`" + name + "` is " + std::string(place.what) + " as well, so Git may resolve the name to that",
                     "choose another name for the branch"};
  }
  return std::nullopt;
}

}  // namespace meshfed::git
