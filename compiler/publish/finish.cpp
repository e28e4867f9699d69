// What is left when every cluster is staged: one sync, then the names.
#include <cerrno>
#include <map>

#include "publish/lock.hpp"
#include "publish/path.hpp"
#include "publish/stage.hpp"
#include "publish/temporary.hpp"

namespace meshfed::publish {
namespace {

using Kind = Problem::Kind;

// Everything that was written is below one of these; a cluster's directory may be a mount point.
std::map<std::uint64_t, std::string> file_systems(base::Fs& fs, const std::string& out,
                                                  const std::vector<Staged>& staged) {
  std::map<std::uint64_t, std::string> found;
  for (const Staged& one : staged) {
    if (!one.ok() || !one.changed) continue;
    if (found.empty()) found.emplace(fs.stat(below(out, ".")).value.device, out);
    const base::Stat cluster = fs.stat(below(out, one.cluster)).value;
    if (cluster.kind == base::FileKind::directory) found.emplace(cluster.device, below(out, one.cluster));
  }
  return found;
}

int sync(base::Fs& fs, const std::string& out, const std::vector<Staged>& staged) {
  for (const auto& [device, path] : file_systems(fs, out, staged)) {
    if (const int error = fs.sync_file_system(path)) return error;
  }
  return 0;
}

// Renames the cluster's directory if nothing but the lock is left in it, and returns where it is. Killed after removing
// the lock, a build would leave an empty directory that nobody could tell the owner of; what has this name, the next
// build removes.
std::string set_aside(base::Fs& fs, const std::string& out, Staged& cluster) {
  const std::string root = below(out, cluster.cluster);
  const base::Result<std::vector<std::string>> names = fs.list_directory(root);
  const std::string name = std::string(kTemporaryPrefix) + "retired-" + cluster.cluster;
  if (names.value != std::vector<std::string>{std::string(kLockName)}) return root;
  if (fs.rename(root, below(out, name)) != 0) return root;
  cluster.retiring = {name};
  return below(out, name);
}

void retire(base::Fs& fs, const std::string& out, Staged& cluster) {
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

void complete(base::Fs& fs, const std::string& out, Staged& cluster) {
  if (!cluster.retiring.empty()) return retire(fs, out, cluster);
  if (!cluster.from.empty()) {
    if (const int error = fs.rename(cluster.from, cluster.to)) {
      const bool taken = error == ENOTEMPTY || error == EEXIST || error == ENOTDIR;
      cluster.problem = {taken ? Kind::changed_meanwhile : Kind::io, cluster.to, "", error};
      return;
    }
  }
  if (!cluster.memo) return;
  Fingerprint& fingerprint = cluster.memo->fingerprint;
  fingerprint = with_directory(fs, below(out, cluster.cluster), fingerprint);
}

}  // namespace

void finish(base::Fs& fs, const std::string& out, std::vector<Staged>& staged) {
  if (const int error = sync(fs, out, staged)) {
    for (Staged& one : staged) {
      if (one.ok() && one.changed) one.problem = {Kind::io, out, "", error};
    }
  }
  for (Staged& one : staged) {
    if (one.ok()) complete(fs, out, one);
    if (!one.ok()) {
      one.memo.reset();
      if (!one.from.empty()) remove_temporary(fs, one.from);
    }
  }
}

}  // namespace meshfed::publish
