// What is left when every cluster is staged: one sync, then the names.
#include <cerrno>
#include <map>

#include "publish/inventory.hpp"
#include "publish/path.hpp"
#include "publish/prepare.hpp"
#include "publish/temporary.hpp"

namespace meshfed::publish {
namespace {

using Kind = Problem::Kind;

// Everything that was written is below one of these; a cluster's directory may be a mount point.
std::map<std::uint64_t, std::string> file_systems(base::Fs& fs, const std::string& out,
                                                  const std::vector<Prepared>& prepared) {
  std::map<std::uint64_t, std::string> found;
  for (const Prepared& one : prepared) {
    if (!one.ok() || !one.changed) continue;
    if (found.empty()) found.emplace(fs.stat(below(out, ".")).value.device, out);
    const base::Stat cluster = fs.stat(below(out, one.cluster)).value;
    if (cluster.kind == base::FileKind::directory) found.emplace(cluster.device, below(out, one.cluster));
  }
  return found;
}

int sync(base::Fs& fs, const std::string& out, const std::vector<Prepared>& prepared) {
  for (const auto& [device, path] : file_systems(fs, out, prepared)) {
    if (const int error = fs.sync_file_system(path)) return error;
  }
  return 0;
}

// Renames the cluster's directory if nothing but the lock is left in it, and returns where it is. Killed after removing
// the lock, a build would leave an empty directory that nobody could tell the owner of; what has this name, the next
// build removes.
std::string set_aside(base::Fs& fs, const std::string& out, Prepared& cluster) {
  const std::string root = below(out, cluster.cluster);
  const base::Result<std::vector<std::string>> names = fs.list_directory(root);
  const std::string name = std::string(kTemporaryPrefix) + "retired-" + cluster.cluster;
  if (names.value != std::vector<std::string>{std::string(kLockName)}) return root;
  if (fs.rename(root, below(out, name)) != 0) return root;
  cluster.retiring = {name};
  return below(out, name);
}

void retire(base::Fs& fs, const std::string& out, Prepared& cluster) {
  const std::string root = set_aside(fs, out, cluster);
  const std::string lock = below(root, kLockName);
  if (const int error = fs.remove_file(lock)) {
    cluster.problem = {Kind::io, lock, "", error};
    return;
  }
  for (const std::string& directory : cluster.retiring) {
    const std::string path = below(out, directory);
    const int error = fs.remove_directory(path);
    const bool left_alone =
        error == ENOTEMPTY || error == EEXIST || error == ENOENT;  // somebody else's things, or gone
    if (error != 0 && !left_alone && !cluster.problem) cluster.problem = {Kind::io, path, "", error};
  }
}

void complete(base::Fs& fs, const std::string& out, Prepared& cluster) {
  if (!cluster.retiring.empty()) return retire(fs, out, cluster);
  if (!cluster.from.empty()) {
    if (const int error = fs.rename(cluster.from, cluster.to)) {
      const bool taken = error == ENOTEMPTY || error == EEXIST || error == ENOTDIR;
      cluster.problem = {taken ? Kind::changed_meanwhile : Kind::io, cluster.to, "", error};
      return;
    }
  }
  if (!cluster.record) return;
  StatDigest& stat_digest = cluster.record->stat_digest;
  stat_digest = with_directory(fs, below(out, cluster.cluster), stat_digest);
}

}  // namespace

void finish(base::Fs& fs, const std::string& out, std::vector<Prepared>& prepared) {
  if (const int error = sync(fs, out, prepared)) {
    for (Prepared& one : prepared) {
      if (one.ok() && one.changed) one.problem = {Kind::io, out, "", error};
    }
  }
  for (Prepared& one : prepared) {
    if (one.ok()) complete(fs, out, one);
    if (!one.ok()) {
      one.record.reset();
      if (!one.from.empty()) remove_temporary(fs, one.from);
    }
  }
}

}  // namespace meshfed::publish
