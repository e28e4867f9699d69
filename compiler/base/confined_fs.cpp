#include "base/confined_fs.hpp"

#include <cerrno>

namespace meshfed::base {

ConfinedFs::ConfinedFs(Fs& fs, const std::string& root) : fs_(fs), below_(root.ends_with('/') ? root : root + "/") {}

bool ConfinedFs::holds(const std::string& canonical) const { return (canonical + "/").starts_with(below_); }

Result<std::string> ConfinedFs::resolve(const std::string& path) {
  Result<std::string> real = fs_.canonical(path);
  if (real.ok() && !holds(real.value)) return {EACCES, {}};
  return real;
}

Result<std::string> ConfinedFs::read_file(const std::string& path, std::size_t limit) {
  const Result<std::string> real = resolve(path);
  if (!real.ok()) return real;
  return fs_.read_regular(real.value, limit);
}

Result<std::string> ConfinedFs::read_regular(const std::string& path, std::size_t limit) {
  const Result<std::string> real = resolve(path);
  if (!real.ok()) return real;
  return fs_.read_regular(path, limit);
}

Result<Stat> ConfinedFs::stat(const std::string& path) {
  // The last component is not followed, what stands before it is. `..` is a way out without being a link.
  const std::size_t slash = path.rfind('/');
  const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
  if (last.empty() || last == "..") {
    const Result<std::string> real = resolve(path);
    return real.ok() || real.error == ENOENT ? fs_.stat(path) : Result<Stat>{real.error, {}};
  }
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (resolve(parent).error == EACCES) return {EACCES, {}};
  return fs_.stat(path);
}

Result<std::string> ConfinedFs::canonical(const std::string& path) { return fs_.canonical(path); }

Result<std::vector<std::string>> ConfinedFs::list_directory(const std::string& path) {
  const Result<std::string> real = resolve(path);
  if (!real.ok()) return {real.error, {}};
  return fs_.list_directory(real.value);
}

}  // namespace meshfed::base
