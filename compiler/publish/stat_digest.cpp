#include "publish/stat_digest.hpp"

#include <algorithm>
#include <functional>

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

}  // namespace

StatDigest stat_digest_of_files(base::Fs& fs, const std::string& root, const std::vector<std::string_view>& paths) {
  StatDigest all;
  std::string_view last;
  for (const std::string_view path : paths) {
    const std::string_view directory = parent_of(path);
    if (!directory.empty() && directory != last) record_stat(fs, root, directory, all);
    last = directory;
    record_stat(fs, root, path, all);
  }
  return all;
}

StatDigest with_directory(base::Fs& fs, const std::string& root, StatDigest files) {
  add("", fs.stat(root).value, files);
  return files;
}

}  // namespace meshfed::publish
