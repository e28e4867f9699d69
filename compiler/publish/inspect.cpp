#include "publish/inspect.hpp"

#include <algorithm>
#include <cerrno>
#include <set>
#include <tuple>
#include <utility>

#include "base/sha256.hpp"
#include "publish/find_lock.hpp"
#include "publish/lock.hpp"
#include "publish/path.hpp"
#include "publish/survey.hpp"

namespace meshfed::publish {
namespace {

// A file beyond this is none of ours; it counts as edited, and is not read to its end to prove it.
constexpr std::size_t kMaxFileBytes = 256U << 20U;

using Kind = Problem::Kind;

class Inspector {
 public:
  Inspector(base::Fs& fs, const std::string& out, std::string_view federation, std::string_view cluster,
            const Options& options)
      : fs_(fs), survey_(fs, out, found_.problems), federation_(federation), cluster_(cluster), options_(options) {}

  Inspection run(const emit::Tree& tree, bool retire) {
    found_.retire = retire;
    if (!plan_is_sound(tree) || !read_lock()) return std::move(found_);
    if (retire && found_.lock_seen.empty()) return std::move(found_);
    for (std::size_t i = 0; i < tree.files.size(); ++i) planned_file(tree.files[i], i);
    std::set<std::string_view> planned;
    for (const emit::OutputFile& file : tree.files) planned.insert(file.path);
    std::string_view last;  // a path may have several lines
    for (const LockEntry& entry : lock_.entries) {
      if (entry.path != last && !planned.contains(entry.path)) stale_file(entry);
      last = entry.path;
    }
    find_leftovers();
    find_directories(tree);
    compare_lock(tree);
    put_in_order(tree);
    return std::move(found_);
  }

 private:
  bool plan_is_sound(const emit::Tree& tree);
  bool read_lock();
  void planned_file(const emit::OutputFile& file, std::size_t index);
  void stale_file(const LockEntry& entry);
  void find_leftovers();
  void find_directories(const emit::Tree& tree);
  void compare_lock(const emit::Tree& tree);
  void put_in_order(const emit::Tree& tree);

  std::string at(std::string_view path) const { return below(cluster_, path); }
  bool has_entry(std::string_view path) const;
  bool is_ours(std::string_view path, std::string_view digest) const;
  base::Result<std::string> read(const std::string& path, const base::Stat& stat);

  base::Fs& fs_;
  Inspection found_;
  Survey survey_;
  std::string federation_;
  std::string cluster_;
  Options options_;
  std::string lock_text_;
  Lock lock_;
};

bool Inspector::plan_is_sound(const emit::Tree& tree) {
  if (!is_component(cluster_)) survey_.report(Kind::bad_path, "", cluster_);
  std::set<std::string_view> files;
  for (const emit::OutputFile& file : tree.files) {
    if (!is_path(file.path) || !is_path(at(file.path)) || !files.insert(file.path).second)
      survey_.report(Kind::bad_path, cluster_, file.path);
  }
  for (const emit::OutputFile& file : tree.files) {
    for (std::string_view directory = parent_of(file.path); !directory.empty(); directory = parent_of(directory))
      if (files.contains(directory)) survey_.report(Kind::bad_path, cluster_, file.path);
  }
  return found_.problems.empty();
}

// False if the directory is not ours to touch.
bool Inspector::read_lock() {
  FoundLock found = find_lock(fs_, survey_, federation_, cluster_);
  if (found.state != FoundLock::State::good) return found.state == FoundLock::State::absent;
  found_.lock_seen = base::sha256_hex(found.text);
  lock_text_ = std::move(found.text);
  lock_ = std::move(found.lock);
  return true;
}

bool Inspector::has_entry(std::string_view path) const {
  const auto entry = std::lower_bound(lock_.entries.begin(), lock_.entries.end(), path,
                                      [](const LockEntry& e, std::string_view p) { return e.path < p; });
  return entry != lock_.entries.end() && entry->path == path;
}

bool Inspector::is_ours(std::string_view path, std::string_view digest) const {
  const auto key = std::pair(path, digest);
  const auto entry =
      std::lower_bound(lock_.entries.begin(), lock_.entries.end(), key, [](const LockEntry& e, const auto& k) {
        return std::pair<std::string_view, std::string_view>(e.path, e.sha256) < k;
      });
  return entry != lock_.entries.end() && entry->path == path && entry->sha256 == digest;
}

// EFBIG without a look inside if it cannot be ours.
base::Result<std::string> Inspector::read(const std::string& path, const base::Stat& stat) {
  if (stat.size > kMaxFileBytes) return {EFBIG, {}};
  return fs_.read_regular(survey_.full(path), kMaxFileBytes);
}

void Inspector::planned_file(const emit::OutputFile& file, std::size_t index) {
  const std::string path = at(file.path);
  const std::size_t problems = found_.problems.size();
  const base::Stat stat = survey_.entry(path);
  if (found_.problems.size() != problems) return;
  if (stat.kind == base::FileKind::missing) {
    if (survey_.directory(parent_of(path)).state == Directory::State::blocked) return;
    found_.summary.created.push_back(path);
    found_.writes.push_back({index, ""});
    return;
  }
  if (stat.kind != base::FileKind::file) return survey_.report(Kind::wrong_type, path, describe(stat.kind));
  const base::Result<std::string> bytes = read(path, stat);
  if (!bytes.ok() && bytes.error != EFBIG) return survey_.report(Kind::io, path, "", bytes.error);
  if (bytes.ok() && bytes.value == file.bytes) {
    ++found_.summary.unchanged;
    return;
  }
  const std::string seen = bytes.ok() ? base::sha256_hex(bytes.value) : "";
  if (!is_ours(file.path, seen)) {
    const Kind kind = has_entry(file.path) ? Kind::edited_by_hand : Kind::foreign_file;
    if (!options_.force || !bytes.ok()) return survey_.report(kind, path, "", bytes.error);
    found_.summary.forced.push_back(path);
  }
  found_.summary.changed.push_back(path);
  found_.writes.push_back({index, seen});
}

// In the lock, not planned any more.
void Inspector::stale_file(const LockEntry& entry) {
  const std::string path = at(entry.path);
  const std::size_t problems = found_.problems.size();
  const base::Stat stat = survey_.entry(path);
  if (found_.problems.size() != problems || stat.kind == base::FileKind::missing) return;
  if (stat.kind != base::FileKind::file) {
    if (!options_.force) return survey_.report(Kind::wrong_type, path, describe(stat.kind));
    found_.summary.kept.push_back(path);
    return;
  }
  const base::Result<std::string> bytes = read(path, stat);
  if (!bytes.ok() && bytes.error != EFBIG) return survey_.report(Kind::io, path, "", bytes.error);
  const std::string seen = bytes.ok() ? base::sha256_hex(bytes.value) : "";
  if (is_ours(entry.path, seen)) {
    found_.summary.removed.push_back(path);
    found_.removals.push_back({path, seen, entry.object_ids.empty()});
  } else if (options_.force) {
    found_.summary.kept.push_back(path);
  } else {
    survey_.report(Kind::edited_by_hand, path, "", bytes.error);
  }
}

void Inspector::find_leftovers() {
  for (const auto& [path, directory] : survey_.directories()) {
    if (path.empty()) continue;  // none of ours are ever there
    for (const std::string& name : directory.names) {
      if (!name.starts_with(kTemporaryPrefix)) continue;
      const base::Result<base::Stat> stat = fs_.stat(survey_.full(below(path, name)));
      if (stat.ok() && stat.value.kind == base::FileKind::file) found_.leftovers.push_back(below(path, name));
    }
  }
}

// Directories that hold, or held, only what is not planned any more. Whether they are empty then, `apply` sees.
void Inspector::find_directories(const emit::Tree& tree) {
  const auto with_parents = [](std::set<std::string>& all, const std::string& path) {
    for (std::string_view up = parent_of(path); !up.empty(); up = parent_of(up))
      if (!all.emplace(up).second) return;
  };
  std::set<std::string> needed;
  for (const emit::OutputFile& file : tree.files) with_parents(needed, at(file.path));
  if (!found_.retire) needed.insert(cluster_);
  std::set<std::string> candidates;
  for (const LockEntry& entry : lock_.entries) with_parents(candidates, at(entry.path));
  if (found_.retire) candidates.insert(cluster_);
  for (auto path = candidates.rbegin(); path != candidates.rend(); ++path) {  // "a/b" sorts after "a"
    if (!needed.contains(*path) && survey_.directory(*path).state == Directory::State::present)
      found_.directories.push_back(*path);
  }
}

void Inspector::compare_lock(const emit::Tree& tree) {
  found_.summary.lock_changed =
      found_.retire ? !found_.lock_seen.empty() : print(lock_of(federation_, tree)) != lock_text_;
}

void Inspector::put_in_order(const emit::Tree& tree) {
  const auto depth = [](std::string_view path) { return std::count(path.begin(), path.end(), '/'); };
  // What lists files comes after the files, and the deepest first: it is listed in its turn.
  std::stable_sort(found_.writes.begin(), found_.writes.end(), [&](const auto& a, const auto& b) {
    const emit::OutputFile& x = tree.files[a.file];
    const emit::OutputFile& y = tree.files[b.file];
    if (x.lists_files != y.lists_files) return y.lists_files;
    return x.lists_files && depth(x.path) > depth(y.path);
  });
  // Removing goes the other way round.
  std::stable_sort(found_.removals.begin(), found_.removals.end(), [&](const auto& a, const auto& b) {
    if (a.lists_files != b.lists_files) return a.lists_files;
    return a.lists_files && depth(a.path) < depth(b.path);
  });
  Summary& summary = found_.summary;
  for (auto* paths : {&summary.created, &summary.changed, &summary.removed, &summary.forced, &summary.kept})
    std::sort(paths->begin(), paths->end());
  std::sort(found_.problems.begin(), found_.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.path, a.kind, a.detail) < std::tie(b.path, b.kind, b.detail);
  });
}

}  // namespace

Inspection inspect(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
                   const Options& options) {
  return Inspector(fs, out, federation, tree.cluster, options).run(tree, false);
}

Inspection inspect_retired(base::Fs& fs, const std::string& out, std::string_view federation, std::string_view cluster,
                           const Options& options) {
  return Inspector(fs, out, federation, cluster, options).run({}, true);
}

}  // namespace meshfed::publish
