#include "publish/stat_digest.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "base/sorted.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves half of the output's.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

void add(std::string_view path, const base::Stat& stat, StatDigest& all) {
  std::uint64_t state = std::hash<std::string_view>()(path);
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(stat.kind), stat.size, static_cast<std::uint64_t>(stat.mode), stat.inode,
        static_cast<std::uint64_t>(stat.modified), static_cast<std::uint64_t>(stat.changed)}) {
    state = mixed(state ^ part);
  }
  all.low += state;
  all.high += mixed(state + 1);
}

void record_stat(base::Fs& fs, const std::string& root, std::string_view path, StatDigest& all) {
  const base::Stat stat = fs.stat(below(root, path)).value;
  add(path, stat, all);
  all.newest = std::max(all.newest, stat.changed);
}

using Paths = std::vector<std::string_view>;

/// The directories that files are in, but for `root`.
Paths directories_of(const Paths& files) {
  Paths directories;
  for (const std::string_view file : files) {
    const std::string_view directory = parent_of(file);
    if (!directory.empty() && (directories.empty() || directories.back() != directory))
      directories.push_back(directory);
  }
  base::sort_unique(directories);
  return directories;
}

/// Of these alone, whatever they are.
StatDigest digest_of(base::Fs& fs, const std::string& root, const Paths& paths) {
  StatDigest all;
  for (const std::string_view path : paths) record_stat(fs, root, path, all);
  return all;
}

/// Those of `all` that are among `some`.
void add_common(const Paths& all, const Paths& some, Paths& common) {
  std::set_intersection(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(common));
}

}  // namespace

StatDigest stat_digest_of_files(base::Fs& fs, const std::string& root, const Paths& paths) {
  StatDigest all = digest_of(fs, root, directories_of(paths));
  for (const std::string_view path : paths) record_stat(fs, root, path, all);
  return all;
}

FollowedDigest::FollowedDigest(base::Fs& fs, std::string root, const Paths& before, const Paths& after, Paths changed)
    : fs_(fs), root_(std::move(root)) {
  std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(changed));
  base::sort_unique(changed);
  const Paths directories = directories_of(changed);
  Paths then;
  add_common(before, changed, then);
  add_common(directories_of(before), directories, then);
  before_ = digest_of(fs_, root_, then);
  add_common(after, changed, changed_);
  add_common(directories_of(after), directories, changed_);
}

StatDigest FollowedDigest::now(StatDigest all) const {
  const StatDigest after = digest_of(fs_, root_, changed_);
  all.low += after.low - before_.low;
  all.high += after.high - before_.high;
  all.newest = std::max(all.newest, after.newest);
  return all;
}

StatDigest with_directory(base::Fs& fs, const std::string& root, StatDigest files) {
  add("", fs.stat(root).value, files);
  return files;
}

}  // namespace meshfed::publish
