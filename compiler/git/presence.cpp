#include "git/presence.hpp"

#include <cstdint>

#include "base/path.hpp"

namespace meshfed::git {

// As libgit2 looks, and Git: upwards, as long as what is there is on the device that the search began on. A directory
// with a HEAD may be a repository itself: a bare one, or one that names a working tree elsewhere.
bool may_be_in_repository(base::Fs& disk, const std::string& directory, const Environment& environment) {
  if (environment.find("GIT_DIR") || environment.find("GIT_WORK_TREE")) return true;
  const base::Result<std::string> start = disk.canonical(directory);
  if (!start.ok()) return false;
  const base::Result<base::Stat> own = disk.stat(start.value);
  if (!own.ok()) return true;  // who knows
  const std::uint64_t device = own.value.device;
  for (std::string at = start.value;; at = base::directory_of(at)) {
    for (const char* name : {".git", "HEAD"}) {
      const base::Result<base::Stat> found = disk.stat(base::below(at, name));
      if (!found.ok()) return true;
      if (found.value.kind != base::FileKind::missing && (found.value.device == device || at == start.value))
        return true;
    }
    if (at == "/" || disk.stat(at).value.device != device) return false;
  }
}

}  // namespace meshfed::git
