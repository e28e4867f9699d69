#include "git/merge.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "git/presence.hpp"
#include "git/repository.hpp"

namespace meshfed::git {
namespace {

constexpr std::size_t kMaxCommits = 40;
constexpr std::size_t kMaxReflog = 40;

struct Less {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_cmp(&a, &b) < 0; }
};
using Ids = std::set<git_oid, Less>;

/// What Git remembers an operation by as long as it is under way; ORIG_HEAD stays.
constexpr auto kHeads =
    std::to_array<const char*>({"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "ORIG_HEAD"});

std::optional<git_oid> commit_named(git_repository& repository, const char* name) {
  git_object* found = nullptr;
  if (git_revparse_single(&found, &repository, name) != 0) return std::nullopt;
  const Object owned(found);
  git_object* commit = nullptr;
  if (git_object_peel(&commit, found, GIT_OBJECT_COMMIT) != 0) return std::nullopt;
  const Object owned_commit(commit);
  return *git_object_id(commit);
}

std::vector<git_oid> parents_of(git_repository& repository, const git_oid& id) {
  git_commit* commit = nullptr;
  if (git_commit_lookup(&commit, &repository, &id) != 0) return {};
  const Commit owned(commit);
  std::vector<git_oid> parents;
  for (unsigned i = 0; i < git_commit_parentcount(commit); ++i) parents.push_back(*git_commit_parent_id(commit, i));
  return parents;
}

bool tells_of_merging(std::string_view message) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"merge", "rebase", "cherry-pick", "revert", "pull", "commit (merge)", "commit (cherry-pick)"});
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return message.starts_with(word); });
}

/// Where HEAD was while it was last moved by merging, up to the last plain commit. None: by something else.
Ids merged_lately(git_repository& repository) {
  Ids ids;
  git_reflog* log = nullptr;
  if (git_reflog_read(&log, &repository, "HEAD") != 0) return ids;
  const Owned<git_reflog, git_reflog_free> owned(log);
  for (std::size_t i = 0; i < std::min(git_reflog_entrycount(log), kMaxReflog); ++i) {
    const git_reflog_entry* entry = git_reflog_entry_byindex(log, i);
    const char* said = git_reflog_entry_message(entry);
    const std::string_view message = said ? said : "";
    if (message.starts_with("commit") && !tells_of_merging(message) && !message.starts_with("commit (amend)")) break;
    if (!tells_of_merging(message)) continue;
    ids.insert(*git_reflog_entry_id_old(entry));
    ids.insert(*git_reflog_entry_id_new(entry));
  }
  return ids;
}

bool is_under_way(git_repository& repository) {
  if (git_repository_state(&repository) != GIT_REPOSITORY_STATE_NONE) return true;
  git_index* index = nullptr;
  if (git_repository_index(&index, &repository) != 0) return false;
  const Index owned(index);
  return git_index_has_conflicts(index) != 0;
}

/// The commits that take part, and their parents. None: nothing was merged.
Ids commits_of(git_repository& repository) {
  Ids heads = merged_lately(repository);
  const std::optional<git_oid> head = commit_named(repository, "HEAD");
  const bool is_merge = head && parents_of(repository, *head).size() > 1;
  if (heads.empty() && !is_merge && !is_under_way(repository)) return {};
  if (head) heads.insert(*head);
  for (const char* name : kHeads) {
    if (const std::optional<git_oid> id = commit_named(repository, name)) heads.insert(*id);
  }
  Ids all;
  for (const git_oid& id : heads) {
    if (all.size() >= kMaxCommits) break;
    all.insert(id);
    for (const git_oid& parent : parents_of(repository, id)) all.insert(parent);
    git_oid base = {};
    if (head && git_merge_base(&base, &repository, &*head, &id) == 0) all.insert(base);
  }
  return all;
}

/// The tree at the path in a commit, "" for its root; null if there is none.
Tree tree_at(git_repository& repository, const git_oid& id, const std::string& path) {
  git_commit* commit = nullptr;
  git_tree* root = nullptr;
  if (git_commit_lookup(&commit, &repository, &id) != 0) return nullptr;
  const Commit owned(commit);
  if (git_commit_tree(&root, commit) != 0) return nullptr;
  Tree owned_root(root);
  if (path.empty()) return owned_root;
  git_tree_entry* entry = nullptr;
  git_tree* tree = nullptr;
  if (git_tree_entry_bypath(&entry, root, path.c_str()) != 0) return nullptr;
  const Owned<git_tree_entry, git_tree_entry_free> owned_entry(entry);
  if (git_tree_lookup(&tree, &repository, git_tree_entry_id(entry)) != 0) return nullptr;
  return Tree(tree);
}

}  // namespace

struct Merge::Content {
  Library library;
  Opened opened;
  std::string directory;  // in the repository
  Ids commits;
  Index index;
  mutable std::mutex mutex;  // of the index
};

Merge::Merge(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Merge::~Merge() = default;

std::vector<Merge::File> Merge::files(std::string_view name) const {
  git_repository& repository = *content_->opened.repository;
  std::vector<File> found;
  std::set<std::pair<std::string, std::string>> known;
  for (const git_oid& id : content_->commits) {
    const Tree tree = tree_at(repository, id, content_->directory);
    for (std::size_t i = 0; tree && i < git_tree_entrycount(tree.get()); ++i) {
      const std::string directory = git_tree_entry_name(git_tree_entry_byindex(tree.get(), i));
      git_tree_entry* entry = nullptr;
      if (git_tree_entry_bypath(&entry, tree.get(), (directory + "/" + std::string(name)).c_str()) != 0) continue;
      const Owned<git_tree_entry, git_tree_entry_free> owned(entry);
      git_blob* blob = nullptr;
      if (!known.emplace(directory, hex(*git_tree_entry_id(entry))).second ||
          git_blob_lookup(&blob, &repository, git_tree_entry_id(entry)) != 0)
        continue;
      const Owned<git_blob, git_blob_free> owned_blob(blob);
      const auto* bytes = static_cast<const char*>(git_blob_rawcontent(blob));
      found.push_back({directory, std::string(bytes, static_cast<std::size_t>(git_blob_rawsize(blob)))});
    }
  }
  return found;
}

bool Merge::is_staged(const std::string& path, std::string_view bytes) const {
  const std::optional<std::string> inner = inside(content_->opened, path);
  if (!inner || !content_->index) return false;
  git_oid id = {};
  if (git_odb_hash(&id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) != 0) return false;
  const std::lock_guard lock(content_->mutex);
  constexpr int kStages = 4;
  for (int stage = 0; stage < kStages; ++stage) {
    const git_index_entry* entry = git_index_get_bypath(content_->index.get(), inner->c_str(), stage);
    if (entry && git_oid_equal(&entry->id, &id) != 0) return true;
  }
  return false;
}

std::unique_ptr<Merge> find_merge(base::Fs& disk, const std::string& directory, const Environment& environment) {
  if (!may_be_in_repository(disk, directory, environment)) return nullptr;
  auto content = std::make_unique<Merge::Content>();
  content->opened = open(disk, directory, environment);
  if (!content->opened.repository || content->opened.bare) return nullptr;
  const std::optional<std::string> inner = inside(content->opened, directory);
  if (!inner) return nullptr;
  content->directory = *inner;
  content->commits = commits_of(*content->opened.repository);
  if (content->commits.empty()) return nullptr;
  git_index* index = nullptr;
  if (git_repository_index(&index, content->opened.repository.get()) == 0) content->index.reset(index);
  return std::make_unique<Merge>(std::move(content));
}

}  // namespace meshfed::git
