// What the Git half of this stage has in common. Only its .cpp files include this: libgit2 is seen nowhere else.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <git2.h>

#include "base/fs.hpp"
#include "git/options.hpp"

namespace meshfed::git {

template <class T, void (*kFree)(T*)>
struct Deleter {
  void operator()(T* object) const { kFree(object); }
};
template <class T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Deleter<T, kFree>>;

using Repository = std::shared_ptr<git_repository>;
using Odb = Owned<git_odb, git_odb_free>;
using Index = Owned<git_index, git_index_free>;
using Object = Owned<git_object, git_object_free>;
using Blob = Owned<git_odb_object, git_odb_object_free>;
using Tree = Owned<git_tree, git_tree_free>;
using Commit = Owned<git_commit, git_commit_free>;
using Reference = Owned<git_reference, git_reference_free>;
using Config = Owned<git_config, git_config_free>;
using Signature = Owned<git_signature, git_signature_free>;

// Makes libgit2 work for the rest of the process. What needs it has one, as its first member. It is not ended again: to
// start it once takes longer than most that it is asked for (presence.hpp).
struct Library {
  Library();
};

// The words of the call that failed last, in this thread.
std::string last_error();

std::string hex(const git_oid& id);

// What of libgit2's last error is a feature of Git that it does not know, or a setting that is missing: in words, and
// what to do about it. None for every other failure.
struct Unsupported {
  std::string what;  // "… uses <what>"
  std::string remedy;
};
std::optional<Unsupported> unsupported(const std::string& directory);

struct Opened {
  Repository repository;          // null if it could not be opened; then `detail` says why
  std::filesystem::path root;     // of the working tree, without links; of a bare repository its own directory
  std::filesystem::path working;  // the directory of the process
  std::string below_root;         // `root` and a slash
  std::optional<std::string> working_prefix;  // `working` as seen from `root`, with a slash; none if it is outside
  bool bare = false;                          // has no working tree
  std::optional<Unsupported> unsupported;
  bool bad_configuration = false;  // that is why
  std::string detail;
};

// The repository that the existing directory is in, found as Git does, or the one that GIT_DIR and GIT_WORK_TREE
// name. A Library
// lives.
Opened open(base::Fs& disk, const std::string& directory, const Environment& environment);

// The same of an index that could not be opened: `file`, or the repository's own if that is empty.
std::optional<Unsupported> unsupported_index(const Opened& opened, const std::string& file);

// The path in the repository, "" for its root; none if it is outside. Relative paths are relative to the process.
std::optional<std::string> inside(const Opened& opened, const std::string& path);

}  // namespace meshfed::git
