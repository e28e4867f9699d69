// What a build leaves for the next one so that it need not look inside files that have not changed. It lives outside of
// the tree, belongs to one user, and may be lost, stale or broken at any time: then everything is looked at again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/recording_fs.hpp"
#include "emit/tree.hpp"
#include "publish/stat_digest.hpp"

namespace meshfed::publish {

// A cluster's directory as it was left, or found: every file held what its lock says.
struct ClusterRecord {
  std::string lock_sha256;
  std::size_t files = 0;
  StatDigest stat_digest;
  std::string source = {};  // what tells that it would be compiled to the same files again; a word, set by the caller

  bool operator==(const ClusterRecord&) const = default;
};

// What to remember of a tree and its lock, as they lie below `root` now; the cluster's own directory is still to come
// (`with_directory`).
ClusterRecord record_of(base::Fs& fs, const std::string& root, const emit::Tree& tree, std::string_view lock_text);

struct BuildRecord {
  std::string federation;
  std::string program;  // which compiler; another one may write other files for the same source
  // Everything that the source was read by, if the federation is right and there was nothing to say about it; else
  // empty.
  std::vector<base::Observation> inputs;
  std::map<std::string, ClusterRecord, std::less<>> clusters;
  std::int64_t written = 0;  // when it was put on the disk, as base::Stat::changed; not part of the text

  // Null if the cluster is not known, or was changed in the same tick as the record was written, or later.
  const ClusterRecord* trusted(std::string_view cluster) const;
  bool trusts_all() const;
  bool operator==(const BuildRecord&) const = default;
};

// Whether the cluster's directory is as the record remembers it. Opens nothing but the lock.
bool is_as_left(base::Fs& fs, const std::string& out, std::string_view cluster, const ClusterRecord& record);

std::string print(const BuildRecord& record);

// An empty record for anything that `print` does not write.
BuildRecord parse_record(std::string_view text);

// An empty record if there is none that can be read, or if another program wrote it.
BuildRecord load_record(base::Fs& fs, const std::string& path, std::string_view program);

// Replaces the file in one step, and makes the directories above it. Returns an errno, 0 for success.
int save_record(base::Fs& fs, const std::string& path, const BuildRecord& record);

}  // namespace meshfed::publish
