#include "driver/build_cache.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/pool.hpp"
#include "base/sha256.hpp"
#include "driver/report.hpp"
#include "publish/output.hpp"
#include "publish/path.hpp"

namespace meshfed::driver {
namespace {

// The clock of a file system stands still for some milliseconds, and what changed in the tick in which the record was
// written is not trusted: somebody may change it again within that tick. So a build waits for the next one, and writes
// the record then; where a tick takes longer than this, the next build looks again.
constexpr std::chrono::milliseconds kTick(5);
constexpr int kTicks = 3;

/// Another build of the compiler may write other files, even if it calls itself the same version.
std::string program(base::Fs& fs, const std::string& version) {
  const base::Stat self = fs.stat(fs.canonical("/proc/self/exe").value).value;
  return fmt::format("{} {} {} {} {}", version, self.device, self.inode, self.size, self.modified);
}

std::string file_for(base::Fs& fs, const std::string& directory, const std::string& source, const std::string& out) {
  const std::string here = fs.canonical(".").value;
  return directory + "/" + base::sha256_hex(fmt::format("{}\n{}\n{}", here, source, out));
}

}  // namespace

BuildCache::BuildCache(const Job& job, const CacheOptions& options, const std::string& source, const std::string& out)
    : job_(job), out_(out) {
  if (options.directory.empty()) return;
  record.program = program(job.fs, options.version);
  path_ = file_for(job.fs, options.directory, source, out);
  loaded_ = publish::load_record(job.fs, path_, record.program);
  record.federation = loaded_.federation;
  record.clusters = loaded_.clusters;
  record.written = loaded_.written;
}

std::optional<Publication> BuildCache::nothing_to_do(unsigned jobs) const {
  base::Fs& fs = job_.fs;
  if (loaded_.inputs.empty()) return std::nullopt;
  for (const base::Observation& input : loaded_.inputs) {
    if (base::observe(fs, input.call, input.path, input.limit) != input) return std::nullopt;
  }
  for (const Part part : {Part::federation, Part::install}) {
    if (part == Part::install && !has_name(out_)) continue;
    if (!is_complete(part)) return std::nullopt;
  }
  Publication found;
  for (const Part part : {Part::federation, Part::install}) {
    for (const auto& [name, cluster] : loaded_.clusters) {
      if (part_of(name) != part) continue;
      found.clusters.emplace_back(cluster_of(name));
      found.parts.push_back(part);
      found.totals.push_back({.unchanged = cluster.files});
      found.summaries.emplace_back().unchanged = cluster.files;
    }
  }
  std::atomic<bool> same = true;
  base::for_each_index(found.clusters.size(), jobs, [&](std::size_t i) {
    const std::string& name = found.clusters[i];
    const publish::ClusterRecord* known = loaded_.trusted(key(found.parts[i], name));
    if (same && !(known && publish::is_as_left(fs, directory(found.parts[i], out_), name, *known))) same = false;
  });
  if (!same) return std::nullopt;
  return found;
}

bool BuildCache::is_complete(Part part) const {
  const std::string out = directory(part, out_);
  const publish::Listing listing = publish::list_output(job_.fs, out);
  const auto is_temporary = [](const std::string& name) { return name.starts_with(publish::kTemporaryPrefix); };
  const auto declared = [&](const std::string& name) { return loaded_.clusters.contains(key(part, name)); };
  if (std::any_of(listing.names.begin(), listing.names.end(), is_temporary)) return false;
  return publish::retired_clusters(job_.fs, out, listing, owner(part, loaded_.federation), declared).empty();
}

void BuildCache::save() {
  if (path_.empty() || (record == loaded_ && record.trusts_all())) return;
  int error = write();
  for (int i = 0; error == 0 && !record.trusts_all() && i < kTicks; ++i) {
    std::this_thread::sleep_for(kTick);
    error = write();
  }
  job_.trace("build cache {}: {}", path_, error == 0 ? "saved" : error_text(error));
}

int BuildCache::write() {
  const int error = publish::save_record(job_.fs, path_, record);
  record.written = job_.fs.stat(path_).value.changed;
  return error;
}

}  // namespace meshfed::driver
