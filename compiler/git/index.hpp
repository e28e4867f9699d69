// The index of a working tree, changed under its lock as Git does it: what another process stages meanwhile is not
// lost. Only for files that may see libgit2.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/fs.hpp"
#include "git/repository.hpp"

namespace meshfed::git {

class IndexUpdate {
 public:
  // Both outlive it. The working tree's repository.
  IndexUpdate(base::Fs& disk, git_repository& repository);

  // Without `finish`, the index stays as it was.
  ~IndexUpdate();
  IndexUpdate(const IndexUpdate&) = delete;
  IndexUpdate& operator=(const IndexUpdate&) = delete;

  // locked: another process holds the lock. failed: `detail` says why.
  enum class State { ready, locked, failed };

  // Takes the lock, and prepares an index with these blobs as plain files and without these paths; everything else in
  // it stays. What is there already is not touched, so that Git need not look at those files again.
  State prepare(const std::map<std::string, git_oid>& files, const std::set<std::string>& removed);

  // Puts it in place and lets go of the lock. After `ready`, once.
  bool finish();

  const std::string& detail() const { return detail_; }

 private:
  bool open_copy();
  bool change(const std::map<std::string, git_oid>& files, const std::set<std::string>& removed);

  base::Fs& disk_;
  git_repository& repository_;
  std::string path_;  // of the index
  std::string lock_;
  std::string copy_;
  Index index_;  // of the copy
  bool held_ = false;
  bool changed_ = false;
  std::string detail_;
};

}  // namespace meshfed::git
