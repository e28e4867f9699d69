#include "git/branch.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.hpp"
#include "git/remotes.hpp"

namespace meshfed::git {
namespace {

using Kind = Problem::Kind;

constexpr std::string_view kHeads = "refs/heads/";

Problem refused(std::string detail, std::string remedy) {
  return {Kind::refused, std::move(detail), std::move(remedy)};
}

// The part of a path that exists, and the rest.
std::pair<std::string, std::string> split_existing(base::Fs& disk, const std::string& path) {
  std::filesystem::path existing = std::filesystem::path(path).lexically_normal();
  std::filesystem::path rest;
  if (!existing.has_filename()) existing = existing.parent_path();  // "a/"
  while (!existing.empty() && existing != existing.root_path() && !disk.canonical(existing.generic_string()).ok()) {
    rest = existing.filename() / rest;
    existing = existing.parent_path();
  }
  std::string begin = existing.empty() ? "." : existing.generic_string();
  return {std::move(begin), rest.generic_string()};
}

// Git takes no tree with such a name; an object id that is not looked up makes it judge the name alone.
bool is_tree_path(git_repository& repository, std::string_view path) {
  git_treebuilder* builder = nullptr;
  if (git_treebuilder_new(&builder, &repository, nullptr) != 0) return false;
  const Owned<git_treebuilder, git_treebuilder_free> owned(builder);
  git_oid any = {};
  any.id[0] = 1;
  while (!path.empty()) {
    const std::string name(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (git_treebuilder_insert(nullptr, builder, name.c_str(), &any, GIT_FILEMODE_COMMIT) != 0) return false;
  }
  return true;
}

// Parts of a repository that the environment moves, as Git does it for hooks of a server.
std::optional<Problem> moved_part(base::Fs& disk, git_repository& repository, const Environment& environment) {
  struct Part {
    const char* variable;
    git_repository_item_t item;
  };
  for (const Part& part : {Part{"GIT_COMMON_DIR", GIT_REPOSITORY_ITEM_COMMONDIR},
                           Part{"GIT_OBJECT_DIRECTORY", GIT_REPOSITORY_ITEM_OBJECTS}}) {
    const std::string* moved = environment.find(part.variable);
    git_buf own = GIT_BUF_INIT;
    const bool known = git_repository_item_path(&own, &repository, part.item) == 0;
    const bool same = moved && known && disk.canonical(*moved).value == disk.canonical(own.ptr).value;
    git_buf_dispose(&own);
    if (moved && !same)
      return Problem{Kind::unsupported, std::string("parts elsewhere (`") + part.variable + "`)", "unset the variable"};
  }
  return std::nullopt;
}

std::optional<Problem> locate(base::Fs& disk, const std::string& out, const Environment& environment, Branch& branch) {
  const auto [existing, rest] = split_existing(disk, out);
  branch.opened = open(disk, existing, environment);
  if (branch.opened.unsupported)
    return Problem{Kind::unsupported, branch.opened.unsupported->what, branch.opened.unsupported->remedy};
  if (branch.opened.bad_configuration)
    return bad_setting(branch.opened.detail, "correct it: `git config --list` must be able to read it");
  if (!branch.opened.repository) return Problem{Kind::no_repository, branch.opened.detail, ""};
  if (std::optional<Problem> moved = moved_part(disk, *branch.opened.repository, environment)) return moved;
  const std::string canonical =
      (std::filesystem::path(disk.canonical(existing).value) / rest).lexically_normal().generic_string();
  const std::optional<std::string> prefix = inside(branch.opened, canonical);
  if (!prefix || !is_tree_path(*branch.opened.repository, *prefix))
    return refused("`" + out + "` cannot be committed", "name a directory in the working tree with `-o`");
  branch.prefix = *prefix;
  branch.output = inside(branch.opened, out) == prefix ? out : canonical;
  return std::nullopt;
}

// "refs/heads/main", or "HEAD" if it is a commit.
std::string checked_out(git_repository& repository) {
  git_reference* head = nullptr;
  if (git_reference_lookup(&head, &repository, "HEAD") != 0) return "";
  const Reference owned(head);
  return git_reference_type(head) == GIT_REFERENCE_SYMBOLIC ? git_reference_symbolic_target(head) : "HEAD";
}

// Without a slash at its end.
std::string directory_of(base::Fs& disk, const char* path) {
  const base::Result<std::string> found = disk.canonical(path ? path : "");
  return found.value;
}

ConfigPlace config_place(base::Fs& disk, const Opened& opened) {
  git_repository* repository = opened.repository.get();
  const std::string head = checked_out(*repository);
  return {directory_of(disk, git_repository_path(repository)), directory_of(disk, git_repository_commondir(repository)),
          opened.root.generic_string(), head.starts_with(kHeads) ? head.substr(kHeads.size()) : ""};
}

std::optional<Problem> choose_checked_out(Branch& branch) {
  if (branch.opened.bare)
    return refused("nothing is checked out in a bare repository", "name a branch with `--branch`");
  branch.reference = checked_out(*branch.opened.repository);
  if (branch.reference.empty()) return failed("HEAD cannot be read: " + last_error());
  branch.checked_out = true;
  if (branch.reference.starts_with(kHeads)) branch.short_name = branch.reference.substr(kHeads.size());
  return std::nullopt;
}

std::optional<Problem> choose(Branch& branch, const std::string& name) {
  git_repository& repository = *branch.opened.repository;
  branch.short_name = name;
  branch.reference = std::string(kHeads) + name;
  if (std::optional<Problem> ambiguous = ambiguous_name(repository, name)) return ambiguous;
  if (!branch.opened.bare && checked_out(repository) == branch.reference) {
    branch.checked_out = true;
    return std::nullopt;
  }
  git_reference* reference = nullptr;
  if (git_reference_lookup(&reference, &repository, branch.reference.c_str()) != 0) return std::nullopt;
  const Reference owned(reference);
  if (git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC)
    return refused("`" + name + "` is an alias of another branch", "name that branch");
  if (git_branch_is_checked_out(reference) == 1)
    return refused("`" + name + "` is checked out in another working tree, which would no longer match it",
                   "run this in that working tree, or switch it to another branch");
  return std::nullopt;
}

std::variant<Tip, Problem> commit_at(const Branch& branch, const git_oid& id) {
  git_commit* commit = nullptr;
  if (git_commit_lookup(&commit, branch.opened.repository.get(), &id) != 0)
    return failed("commit " + hex(id) + " cannot be read: " + last_error());
  return Tip{Commit(commit), std::nullopt};
}

struct Operation {
  int state;
  std::string_view name;
};
constexpr auto kOperations = std::to_array<Operation>({
    {GIT_REPOSITORY_STATE_MERGE, "a merge"},
    {GIT_REPOSITORY_STATE_REVERT, "a revert"},
    {GIT_REPOSITORY_STATE_REVERT_SEQUENCE, "a revert"},
    {GIT_REPOSITORY_STATE_CHERRYPICK, "a cherry-pick"},
    {GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE, "a cherry-pick"},
    {GIT_REPOSITORY_STATE_BISECT, "a bisection"},
    {GIT_REPOSITORY_STATE_REBASE, "a rebase"},
    {GIT_REPOSITORY_STATE_REBASE_INTERACTIVE, "a rebase"},
    {GIT_REPOSITORY_STATE_REBASE_MERGE, "a rebase"},
    {GIT_REPOSITORY_STATE_APPLY_MAILBOX, "`git am`"},
    {GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE, "`git am` or a rebase"},
});

std::optional<Problem> operation_in_progress(git_repository& repository) {
  const int state = git_repository_state(&repository);
  for (const Operation& operation : kOperations) {
    if (operation.state == state)
      return refused(std::string(operation.name) + " is in progress", "finish or abort it; see `git status`");
  }
  return std::nullopt;
}

}  // namespace

Problem failed(std::string what) { return {Kind::failed, std::move(what), ""}; }

std::variant<Branch, Problem> find_branch(base::Fs& disk, const std::string& out, const CommitOptions& options,
                                          const Environment& environment) {
  Branch branch;
  std::optional<Problem> problem = locate(disk, out, environment, branch);
  if (!problem)
    problem = options.branch.empty() ? choose_checked_out(branch) : choose(branch, short_branch_name(options.branch));
  if (problem) return std::move(*problem);
  std::variant<Settings, Problem> settings = read_settings(disk, config_place(disk, branch.opened), environment);
  if (auto* unreadable = std::get_if<Problem>(&settings)) return std::move(*unreadable);
  branch.settings = std::move(std::get<Settings>(settings));
  return branch;
}

std::variant<Tip, Problem> tip_of(const Branch& branch) {
  git_oid id = {};
  const int error = git_reference_name_to_id(&id, branch.opened.repository.get(), branch.reference.c_str());
  if (error == 0) {
    std::variant<Tip, Problem> tip = commit_at(branch, id);
    if (auto* good = std::get_if<Tip>(&tip)) good->at = id;
    return tip;
  }
  if (error != GIT_ENOTFOUND) return failed("`" + branch.reference + "` cannot be read: " + last_error());
  if (branch.checked_out) return Tip{};
  const std::variant<std::optional<git_oid>, Problem> start = remote_start(branch);
  if (const auto* problem = std::get_if<Problem>(&start)) return *problem;
  const std::optional<git_oid>& begin = std::get<std::optional<git_oid>>(start);
  return begin ? commit_at(branch, *begin) : Tip{};
}

std::optional<Problem> worktree_problem(const Branch& branch, const Environment& environment) {
  git_repository& repository = *branch.opened.repository;
  if (environment.find("GIT_INDEX_FILE"))
    return refused("a commit is in progress: Git has set GIT_INDEX_FILE", "in a hook, use `meshfedc build`");
  if (std::optional<Problem> busy = operation_in_progress(repository)) return busy;
  git_index* index = nullptr;
  if (git_repository_index(&index, &repository) != 0) {
    if (const std::optional<Unsupported> feature = unsupported_index(branch.opened, ""))
      return Problem{Kind::unsupported, feature->what, feature->remedy};
    return failed("the index cannot be read: " + last_error());
  }
  const Index owned(index);
  if (git_index_has_conflicts(index)) return refused("the index contains conflicts", "resolve them; see `git status`");
  const std::string lock = std::string(git_index_path(index)) + ".lock";
  std::error_code ignored;
  if (std::filesystem::exists(lock, ignored)) {
    const std::optional<std::string> shown = inside(branch.opened, lock);
    return refused("another process is changing the index: `" + shown.value_or(lock) + "` exists",
                   "wait until it has finished; if no Git process is running, remove the file");
  }
  return std::nullopt;
}

}  // namespace meshfed::git
