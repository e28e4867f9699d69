// A tree that was found already, as a file system. Only for files that may see libgit2.
#pragma once

#include <memory>

#include "git/repository.hpp"
#include "git/snapshot_fs.hpp"

namespace meshfed::git {

// What the tree holds; nothing if there is none. Null if it cannot be read.
std::unique_ptr<SnapshotFs> snapshot_of_tree(const Opened& opened, const git_oid* tree);

}  // namespace meshfed::git
