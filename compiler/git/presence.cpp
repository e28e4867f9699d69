#include "git/presence.hpp"

#include <optional>

#include "base/path.hpp"

namespace meshfed::git {
namespace {

/// Also if nobody can tell.
bool is_there(base::Fs& disk, const std::string& path) {
  const base::Result<base::Stat> found = disk.stat(path);
  return !found.ok() || found.value.kind != base::FileKind::missing;
}

}  // namespace

bool may_be_in_repository(base::Fs& disk, const std::string& directory, const Environment& environment) {
  if (environment.find("GIT_DIR") || environment.find("GIT_WORK_TREE")) return true;
  const base::Result<std::string> start = disk.canonical(directory);
  if (!start.ok()) return false;
  std::optional<std::uint64_t> device;
  for (std::string at = start.value;; at = base::directory_of(at)) {
    // A directory with a HEAD may be a repository itself: a bare one, or one that names a working tree elsewhere.
    if (is_there(disk, base::below(at, ".git")) || is_there(disk, base::below(at, "HEAD"))) return true;
    const std::uint64_t here = disk.stat(at).value.device;
    if (!device) device = here;
    if (device != here || at == "/") return false;  // neither Git nor libgit2 looks beyond a mount point
  }
}

}  // namespace meshfed::git
