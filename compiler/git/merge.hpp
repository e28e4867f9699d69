// What Git has merged lately in a working tree, and what it was made of: asked when a published file is not as any
// build left it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "git/options.hpp"

namespace meshfed::git {

class Merge {
 public:
  struct Content;  // libgit2 stays in merge.cpp

  explicit Merge(std::unique_ptr<Content> content);
  ~Merge();

  struct File {
    std::string directory;  // the directory's name in the one that was asked for
    std::string bytes;
  };

  /// The files of this name in the directories right below, in every commit that takes part in the merge: its sides,
  /// and what they come from. What is the same in several is there once.
  std::vector<File> files(std::string_view name) const;

  /// The index has these bytes for the path, be it as one side of a conflict: Git wrote them, or was told of them.
  bool is_staged(const std::string& path, std::string_view bytes) const;

 private:
  std::unique_ptr<Content> content_;
};

/// The merge, rebase, cherry-pick or revert that is under way in the working tree of the existing `directory`, or that
/// nothing was committed after. Null if there is none, or no repository that can be read.
std::unique_ptr<Merge> find_merge(base::Fs& disk, const std::string& directory, const Environment& environment);

}  // namespace meshfed::git
