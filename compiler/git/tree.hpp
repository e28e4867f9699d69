// A tree of a repository with some of its entries replaced. Only for files that may see libgit2.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "git/repository.hpp"

namespace meshfed::git {

inline constexpr unsigned kFileMode = 0100644;
inline constexpr unsigned kTreeMode = 0040000;

struct TreeEntry {
  unsigned mode = kFileMode;
  git_oid id = {};
};

// Takes each new tree, the deepest first.
using TakeTree = std::function<void(const git_oid& id, const std::string& bytes)>;

struct FileOfTree {
  std::string_view path;
  git_oid id = {};
};

// The tree of these files and nothing else. They are in byte order of their paths, and at least one.
git_oid tree_of(std::span<const FileOfTree> files, const TakeTree& take);

// What is to be put and removed, by path. Directories come and go with what is in them.
class TreeEdit {
 public:
  void put(std::string_view path, const TreeEntry& entry) { at(path).put_ = entry; }
  void remove(std::string_view path) { at(path).removed_ = true; }

  struct Result {
    bool ok = true;             // false: a tree cannot be read, libgit2's last error says why
    std::optional<git_oid> id;  // none: the tree has no entries
  };

  // The tree `before` (null: none) with this done to it. Only trees on the way to what is edited are read, all others
  // keep their ids. What turns out equal to what was there is not taken. Safe to call from several threads.
  Result apply(git_repository& repository, const git_oid* before, const TakeTree& take) const;

 private:
  TreeEdit& at(std::string_view path);

  std::map<std::string, TreeEdit, std::less<>> children_;
  std::optional<TreeEntry> put_;
  bool removed_ = false;
};

}  // namespace meshfed::git
