#include "git/tree.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "git/pack.hpp"

namespace meshfed::git {
namespace {

// By name; that of a tree has a slash behind it, which is how Git sorts.
using Entries = std::map<std::string, TreeEntry, std::less<>>;

std::string key_of(const std::string& name, unsigned mode) { return mode == kTreeMode ? name + '/' : name; }

bool read(git_repository& repository, const git_oid* id, Entries& entries) {
  if (!id) return true;
  git_tree* tree = nullptr;
  if (git_tree_lookup(&tree, &repository, id) != 0) return false;
  const Tree owned(tree);
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
    const auto mode = static_cast<unsigned>(git_tree_entry_filemode_raw(entry));
    entries.emplace(key_of(git_tree_entry_name(entry), mode), TreeEntry{mode, *git_tree_entry_id(entry)});
  }
  return true;
}

// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects: mode in octal, name, a zero byte, the id's 20 bytes.
template <class Sorted>
std::string print(const Sorted& entries) {
  std::string out;
  for (const auto& [key, entry] : entries) {
    char mode[16] = {};
    const char* end = std::to_chars(mode, mode + sizeof mode, entry.mode, 8).ptr;
    out.append(std::string_view(mode, end)).append(1, ' ');
    out.append(key, 0, key.size() - (entry.mode == kTreeMode ? 1 : 0)).append(1, '\0');
    out.append(reinterpret_cast<const char*>(entry.id.id), GIT_OID_RAWSZ);
  }
  return out;
}

// Of files that have the first `skip` bytes of their paths in common, which end in a slash.
git_oid tree_below(std::span<const FileOfTree> files, std::size_t skip, const TakeTree& take) {
  std::vector<std::pair<std::string_view, TreeEntry>> entries;
  for (std::size_t i = 0; i < files.size();) {
    const std::string_view path = files[i].path;
    const std::size_t slash = path.find('/', skip);
    if (slash == std::string_view::npos) {
      entries.emplace_back(path.substr(skip), TreeEntry{kFileMode, files[i++].id});
      continue;
    }
    std::size_t end = i;
    while (end < files.size() && files[end].path.starts_with(path.substr(0, slash + 1))) ++end;
    const git_oid id = tree_below(files.subspan(i, end - i), slash + 1, take);
    entries.emplace_back(path.substr(skip, slash + 1 - skip), TreeEntry{kTreeMode, id});
    i = end;
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::string bytes = print(entries);
  const git_oid id = id_of(GIT_OBJECT_TREE, bytes);
  take(id, bytes);
  return id;
}

}  // namespace

git_oid tree_of(std::span<const FileOfTree> files, const TakeTree& take) { return tree_below(files, 0, take); }

TreeEdit& TreeEdit::at(std::string_view path) {
  TreeEdit* edit = this;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    auto child = edit->children_.find(name);
    if (child == edit->children_.end()) child = edit->children_.try_emplace(std::string(name)).first;
    edit = &child->second;
  }
  return *edit;
}

TreeEdit::Result TreeEdit::apply(git_repository& repository, const git_oid* before, const TakeTree& take) const {
  Entries entries;
  if (!read(repository, before, entries)) return {false, std::nullopt};
  for (const auto& [name, child] : children_) {
    const auto tree = entries.find(name + '/');
    std::optional<TreeEntry> now = child.put_;
    if (!now && !child.removed_) {
      const Result below = child.apply(repository, tree == entries.end() ? nullptr : &tree->second.id, take);
      if (!below.ok) return below;
      if (below.id) now = TreeEntry{kTreeMode, *below.id};
    }
    if (tree != entries.end()) entries.erase(tree);
    entries.erase(name);
    if (now) entries.emplace(key_of(name, now->mode), *now);
  }
  if (entries.empty()) return {};
  const std::string bytes = print(entries);
  const git_oid id = id_of(GIT_OBJECT_TREE, bytes);
  if (!before || !git_oid_equal(&id, before)) take(id, bytes);
  return {true, id};
}

}  // namespace meshfed::git
