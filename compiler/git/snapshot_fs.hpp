// What a Git repository holds, in its index or at a revision, as a file system that cannot be written to: the same
// commands then look at what is committed, or is about to be, instead of the working tree. Nothing is checked out and
// no filter runs: bytes are as Git stores them. Of a revision only the directories that are asked for are read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/read_only_fs.hpp"
#include "git/options.hpp"

namespace meshfed::git {

class SnapshotFs;

/// A file of the index that `git add` or `git commit` treat otherwise than others.
struct Staging {
  enum class State {
    intended,          // `git add -N`: the index holds no content of it
    assume_unchanged,  // Git does not look whether the working tree has another content, and stages none
    skip_worktree      // the same
  };

  std::string path;  // as the process would open it
  State state = State::intended;

  bool operator==(const Staging&) const = default;
};

struct OpenedSnapshot {
  enum class Status { good, no_repository, no_revision, unsupported };
  Status status = Status::no_repository;
  std::unique_ptr<SnapshotFs> fs;  // null unless good
  std::string detail;              // why not: libgit2's words, or what the repository uses that is not supported
  std::string remedy;              // only if unsupported
};

/// The repository is the one that the existing `directory` is in, found as Git does, or the one that the environment
/// names. `against` is "index", or a revision in Git's notation ("HEAD", "main~2", a commit). All paths are then as
/// they would be in the working tree, absolute or relative to the directory of the process; outside of the repository
/// there is nothing. A path of the index that a commit would not hold is not there: one in conflict, or only intended
/// to be added.
OpenedSnapshot open_snapshot(base::Fs& disk, const std::string& directory, const std::string& against,
                             const Environment& environment);

class SnapshotFs final : public base::ReadOnlyFs {
 public:
  struct Content;  // libgit2 stays in snapshot_fs.cpp

  explicit SnapshotFs(std::unique_ptr<Content> content);
  ~SnapshotFs() override;

  /// The id of the commit, in hexadecimal; empty for what is none.
  std::string commit() const;

  /// Of an index: what conflicts, by path, as the process would open it.
  const std::vector<std::string>& unmerged() const;

  /// Of an index: such files among those that were asked for until now, by path.
  std::vector<Staging> met() const;

  base::Result<std::string> read_file(const std::string& path, std::size_t limit) override;
  base::Result<std::string> read_regular(const std::string& path, std::size_t limit) override;
  base::Result<base::Stat> stat(const std::string& path) override;
  base::Result<std::string> canonical(const std::string& path) override;
  base::Result<std::vector<std::string>> list_directory(const std::string& path) override;

 private:
  std::unique_ptr<Content> content_;
};

}  // namespace meshfed::git
