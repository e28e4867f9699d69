// What the file system says of a cluster's files and directories without opening any, boiled down to a few numbers: as
// long as they are the same, the files hold what they held. The idea, and its one weak spot, is that of Git's index: a
// second change in the same tick of the clock is not seen, so what changed in the tick in which the record was written
// is looked at again (`BuildRecord::trusted`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"

namespace meshfed::publish {

struct StatDigest {
  std::uint64_t low = 0;  // sums, so that the order of adding does not matter
  std::uint64_t high = 0;
  std::int64_t newest = 0;  // the last change of anything but the cluster's own directory, as base::Stat::changed

  bool operator==(const StatDigest&) const = default;
};

// Of the files and of each directory that they are in, below `root`, which is not one of them. Paths are sorted and
// relative to it. What cannot be looked at counts as missing.
StatDigest stat_digest_of_files(base::Fs& fs, const std::string& root, const std::vector<std::string_view>& paths);

// The same with the cluster's own directory, `root`. It changes last of all, when a build gives it or its lock a name;
// that is no reason to look into files again, so `newest` does not count it.
StatDigest with_directory(base::Fs& fs, const std::string& root, StatDigest files);

// Follows a digest through changes of some of its files, so that nobody need look at the others again. Paths are sorted
// and relative to `root`; those of `after` outlive it. What somebody else changes meanwhile is not in the result, and
// so is seen by whoever compares it with the files.
class FollowedDigest {
 public:
  // Of the files `before` any change, to be those `after`. `changed` are written or removed, in any order.
  FollowedDigest(base::Fs& fs, std::string root, const std::vector<std::string_view>& before,
                 const std::vector<std::string_view>& after, std::vector<std::string_view> changed);

  // What `all`, the digest of the files before, is now.
  StatDigest now(StatDigest all) const;

 private:
  base::Fs& fs_;
  std::string root_;
  StatDigest before_;                      // of what is to change
  std::vector<std::string_view> changed_;  // of what there is after that
};

}  // namespace meshfed::publish
