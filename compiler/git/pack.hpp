// New objects of a repository, held compressed in memory until all of them are written as one pack: however many files
// there are, two files are created. Only for files that may see libgit2.
#pragma once

#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/fs.hpp"
#include "git/pack_index.hpp"
#include "git/repository.hpp"

namespace meshfed::git {

struct HashOfId {
  std::size_t operator()(const git_oid& id) const {
    std::size_t hash = 0;  // an id is random already
    std::memcpy(&hash, id.id, sizeof hash);
    return hash;
  }
};
struct SameId {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_equal(&a, &b) != 0; }
};

git_oid id_of(git_object_t type, std::string_view bytes);

class Pack {
 public:
  // Keeps the object, once. Safe to call from several threads; `id` is the one of `bytes`.
  void add(const git_oid& id, git_object_t type, std::string_view bytes);

  // Writes what was added since the last time into `directory`, objects/pack of a repository: a pack, and its index
  // last, on stable storage when this returns. An errno; 0 also if there is nothing to write. The same objects give the
  // same pack, in whatever order they were added.
  int write(base::Fs& disk, const std::string& directory);

 private:
  struct Object {
    git_oid id;
    git_object_t type;
    std::size_t size;
    std::string deflated;
  };

  void sort();
  std::string assemble(std::vector<PackedObject>& objects);

  std::mutex mutex_;
  std::unordered_set<git_oid, HashOfId, SameId> known_;  // added at any time
  std::vector<Object> fresh_;                            // not yet written
};

}  // namespace meshfed::git
