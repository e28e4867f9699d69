#include "publish/output.hpp"

#include <cerrno>
#include <utility>

#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

using Kind = Problem::Kind;

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

int make_with_parents(base::Fs& fs, const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const int error = fs.make_directory(path.substr(0, slash));
    if (slash == std::string::npos) return error == EEXIST ? 0 : error;
    // Errors on the way (a read-only parent of what exists) do not matter if the last one can be made.
  }
}

OutputLock lock_output(base::Fs& fs, const std::string& out) {
  const std::string path = without_trailing_slashes(out);
  if (fs.list_directory(path).error == ENOENT) {
    if (const int error = make_with_parents(fs, path)) return {nullptr, Problem{Kind::io, out, "", error}};
  }
  const base::Result<std::vector<std::string>> names = fs.list_directory(path);
  if (names.error == ENOTDIR) return {nullptr, Problem{Kind::wrong_type, out, "not a directory", 0}};
  if (!names.ok()) return {nullptr, Problem{Kind::io, out, "", names.error}};
  base::Result<std::unique_ptr<base::FileLock>> lock = fs.try_lock(path);
  if (lock.error == EWOULDBLOCK) return {nullptr, Problem{Kind::locked, out, "", lock.error}};
  if (!lock.ok()) return {nullptr, Problem{Kind::io, out, "", lock.error}};
  return {std::move(lock.value), std::nullopt};
}

Listing list_output(base::Fs& fs, const std::string& out) {
  base::Result<std::vector<std::string>> names = fs.list_directory(out);
  if (names.error == ENOENT) return {};
  if (names.error == ENOTDIR) return {{}, {}, Problem{Kind::wrong_type, out, "not a directory", 0}};
  if (!names.ok()) return {{}, {}, Problem{Kind::io, out, "", names.error}};
  Listing listing{std::move(names.value), {}, std::nullopt};
  for (const std::string& name : listing.names) listing.folded.insert(folded(name));
  return listing;
}

std::vector<std::string> retired_clusters(base::Fs& fs, const std::string& out, const Listing& listing,
                                          std::string_view federation,
                                          const std::function<bool(const std::string&)>& declared) {
  std::vector<std::string> retired;
  for (const std::string& name : listing.names) {
    if (!is_component(name) || declared(name)) continue;
    const std::string directory = below(out, name);
    const base::Result<base::Stat> stat = fs.stat(directory);
    if (!stat.ok() || stat.value.kind != base::FileKind::directory) continue;
    const base::Result<std::string> text = fs.read_regular(below(directory, kLockName), kMaxLockBytes);
    if (!text.ok()) continue;
    const ParsedInventory parsed = parse_inventory(text.value);
    if (parsed.status == ParsedInventory::Status::good && parsed.lock.federation == federation) retired.push_back(name);
  }
  return retired;
}

}  // namespace meshfed::publish
