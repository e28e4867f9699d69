#include "publish/survey.hpp"

#include <algorithm>
#include <cerrno>

#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

// What stands where it should not.
std::string describe(base::FileKind kind) {
  switch (kind) {
    case base::FileKind::missing:
      return "nothing";
    case base::FileKind::file:
      return "a file";
    case base::FileKind::directory:
      return "a directory";
    case base::FileKind::symlink:
      return "a link";
    case base::FileKind::other:
      return "a fifo, socket or device";
  }
  return {};
}

}  // namespace

Survey::Survey(base::Fs& fs, std::string out, std::vector<Problem>& problems)
    : fs_(fs), out_(std::move(out)), problems_(problems) {}

std::string Survey::full(std::string_view path) const { return path.empty() ? out_ : below(out_, path); }

void Survey::report(Problem::Kind kind, std::string_view path, std::string detail, int error) {
  problems_.push_back({kind, full(path), std::move(detail), error});
}

void Survey::report(Problem::Kind kind, std::string_view path, base::FileKind found) {
  problems_.push_back({kind, full(path), describe(found), 0, found});
}

void Survey::report(std::string_view path, const base::StandIn& found) {
  problems_.push_back({Problem::Kind::stand_in, full(path), std::string(found.what), 0, base::FileKind::file,
                       std::string(found.remedy)});
}

const Directory& Survey::directory(std::string_view path) {
  const auto known = directories_.find(path);
  if (known != directories_.end()) return known->second;
  return directories_.emplace(std::string(path), read(path)).first->second;
}

Directory Survey::read(std::string_view path) {
  Directory out;
  if (path.empty()) {
    out.state = Directory::State::present;
    list_into(out, path);
    return out;
  }
  const Directory& parent = directory(parent_of(path));
  if (parent.state != Directory::State::present) return {.state = parent.state};
  if (clashes(parent, path)) return {.state = Directory::State::blocked};
  if (!std::binary_search(parent.names.begin(), parent.names.end(), name_of(path))) return out;
  const base::Result<base::Stat> stat = fs_.stat(full(path));
  out.state = Directory::State::blocked;
  if (!stat.ok()) {
    report(Problem::Kind::io, path, "", stat.error);
  } else if (stat.value.kind == base::FileKind::symlink) {
    report(Problem::Kind::link_in_path, path, stat.value.kind);
  } else if (stat.value.kind == base::FileKind::missing) {
    out.state = Directory::State::missing;
  } else if (stat.value.kind != base::FileKind::directory) {
    report(Problem::Kind::wrong_type, path, stat.value.kind);
  } else {
    out.state = Directory::State::present;
    list_into(out, path);
  }
  return out;
}

void Survey::list_into(Directory& directory, std::string_view path) {
  base::Result<std::vector<std::string>> names = fs_.list_directory(full(path));
  if (!names.ok()) {
    directory.state = names.error == ENOENT ? Directory::State::missing : Directory::State::blocked;
    if (names.error == ENOTDIR) {
      report(Problem::Kind::wrong_type, path, "not a directory");
    } else if (names.error != ENOENT) {
      report(Problem::Kind::io, path, "", names.error);
    }
    return;
  }
  directory.names = std::move(names.value);
  for (const std::string& name : directory.names)
    if (folded(name) != name) directory.capitals.emplace_back(folded(name), name);
  std::sort(directory.capitals.begin(), directory.capitals.end());
}

bool Survey::clashes(const Directory& parent, std::string_view path) {
  // Our own names have no capitals, so only names that have some can meet them.
  const std::string name(name_of(path));
  const auto other = std::lower_bound(parent.capitals.begin(), parent.capitals.end(), std::pair(name, std::string()));
  if (other == parent.capitals.end() || other->first != name) return false;
  report(Problem::Kind::case_clash, path, other->second);
  return true;
}

base::Stat Survey::entry(std::string_view path) {
  const Directory& parent = directory(parent_of(path));
  if (parent.state != Directory::State::present || clashes(parent, path)) return {};
  if (!std::binary_search(parent.names.begin(), parent.names.end(), name_of(path))) return {};
  const base::Result<base::Stat> stat = fs_.stat(full(path));
  if (!stat.ok()) report(Problem::Kind::io, path, "", stat.error);
  return stat.value;
}

}  // namespace meshfed::publish
