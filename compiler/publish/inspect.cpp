#include "publish/inspect.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "base/sha256.hpp"
#include "publish/find_inventory.hpp"
#include "publish/inventory.hpp"
#include "publish/ownership.hpp"
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
            const Options& options, const ClusterRecord* record)
      : fs_(fs),
        survey_(fs, out, found_.problems),
        federation_(federation),
        cluster_(cluster),
        options_(options),
        record_(record) {}

  Inspection run(const emit::Tree& tree, bool retire) {
    found_.retire = retire;
    if (!plan_is_sound(tree) || !read_inventory()) return std::move(found_);
    compare_with_record();
    if (!as_left_) add_left_by_merge(tree);
    if (retire && found_.lock_seen.empty()) return std::move(found_);
    compare_files(tree);
    find_unlisted(tree);
    find_leftovers();
    find_directories(tree);
    compare_lock(tree);
    put_in_order(tree);
    return std::move(found_);
  }

 private:
  bool plan_is_sound(const emit::Tree& tree);
  bool read_inventory();
  void add_left_by_merge(const emit::Tree& tree);
  void compare_with_record();
  void compare_files(const emit::Tree& tree);
  void planned_file(const emit::Tree& tree, std::size_t index, std::span<const InventoryEntry> entries);
  bool is_ours(const emit::Tree& tree, const std::string& path, const base::Result<std::string>& bytes,
               std::span<const InventoryEntry> entries, const emit::Content* planned);
  const LineCodes& planned_codes(const emit::Tree& tree);
  void report_other(const std::string& path, const base::Result<std::string>& bytes,
                    std::span<const InventoryEntry> entries);
  void stale_file(const emit::Tree& tree, std::span<const InventoryEntry> entries);
  void find_unlisted(const emit::Tree& tree);
  void find_leftovers();
  template <class Files>
  std::set<std::string> directories_above(const Files& files) const;
  void find_directories(const emit::Tree& tree);
  void compare_lock(const emit::Tree& tree);
  void put_in_order(const emit::Tree& tree);

  std::string at(std::string_view path) const { return below(cluster_, path); }
  // Of the mode, this is all that Git keeps.
  void note_mode(const std::string& path, const base::Stat& stat) {
    if ((stat.mode & 0100U) != 0) found_.summary.executable.push_back(path);
  }
  base::Result<std::string> read(const std::string& path, const base::Stat& stat);
  const MergeTraces* traces() const { return options_.find_traces ? options_.find_traces() : nullptr; }

  base::Fs& fs_;
  Inspection found_;
  Survey survey_;
  std::string federation_;
  std::string cluster_;
  Options options_;
  const ClusterRecord* record_;
  LineCodes planned_codes_;  // of the tree, where something was merged
  bool as_left_ = false;     // every file holds what the lock says: no need to look inside
  std::string lock_text_;
  Inventory lock_;
};

bool Inspector::plan_is_sound(const emit::Tree& tree) {
  if (!is_component(cluster_)) survey_.report(Kind::bad_path, "", cluster_);
  std::string_view last;
  std::string_view last_directory;
  for (const emit::OutputFile& file : tree.files) {
    if (!is_path(file.path) || !is_path(at(file.path)) || file.path <= last)
      survey_.report(Kind::bad_path, cluster_, file.path);
    last = file.path;
    const std::string_view directory = parent_of(file.path);
    if (directory == last_directory) continue;
    last_directory = directory;
    for (std::string_view up = directory; !up.empty(); up = parent_of(up)) {
      if (std::ranges::binary_search(tree.files, up, {}, &emit::OutputFile::path))
        survey_.report(Kind::bad_path, cluster_, file.path);
    }
  }
  return found_.problems.empty();
}

// False if the directory is not ours to touch.
bool Inspector::read_inventory() {
  FoundInventory found = find_inventory(fs_, survey_, federation_, cluster_);
  if (found.state != FoundInventory::State::good) return found.state == FoundInventory::State::absent;
  if (!found_.retire) note_mode(at(kLockName), found.stat);
  found_.lock_seen = base::sha256_hex(found.text);
  if (found.text.find('\r') != std::string::npos) found_.summary.converted.push_back(at(kLockName));
  lock_text_ = std::move(found.text);
  lock_ = std::move(found.lock);
  return true;
}

// A merge may leave a file of ours and not its line in the lock, if a person took one side's lock. It is ours to
// remove.
void Inspector::add_left_by_merge(const emit::Tree& tree) {
  const MergeTraces* merged = traces();
  if (!merged) return;
  std::vector<InventoryEntry> left;
  for (const InventoryEntry& entry : merged->entries(cluster_)) {
    if (std::ranges::binary_search(lock_.entries, entry.path, {}, &InventoryEntry::path) ||
        std::ranges::binary_search(tree.files, entry.path, {}, &emit::OutputFile::path))
      continue;
    const std::string path = at(entry.path);
    const base::Stat stat = survey_.entry(path);
    if (stat.kind != base::FileKind::file) continue;
    const base::Result<std::string> bytes = read(path, stat);
    if (bytes.ok() && merged->made(survey_.full(path), bytes.value, planned_codes(tree))) left.push_back(entry);
  }
  if (left.empty()) return;
  std::string federation = lock_.federation;
  lock_ = merge(std::move(lock_), {std::move(federation), std::move(left)});
}

void Inspector::compare_with_record() {
  if (found_.lock_seen.empty() || (!record_ && !options_.stat_digest)) return;
  std::vector<std::string_view> paths;
  paths.reserve(lock_.entries.size());
  for (const InventoryEntry& entry : lock_.entries) {
    if (paths.empty() || paths.back() != entry.path) paths.push_back(entry.path);
  }
  const std::string root = survey_.full(cluster_);
  found_.stat_digest = stat_digest_of_files(fs_, root, paths);
  as_left_ = record_ && record_->lock_sha256 == found_.lock_seen &&
             record_->stat_digest == with_directory(fs_, root, found_.stat_digest);
}

// Tree and lock side by side, both in byte order of their paths.
void Inspector::compare_files(const emit::Tree& tree) {
  std::span<const InventoryEntry> rest = lock_.entries;
  const auto take_entries = [&rest] {
    std::size_t count = 1;
    while (count < rest.size() && rest[count].path == rest.front().path) ++count;
    const std::span<const InventoryEntry> entries = rest.first(count);
    rest = rest.subspan(count);
    return entries;
  };
  for (std::size_t i = 0; i < tree.files.size(); ++i) {
    const std::string& path = tree.files[i].path;
    while (!rest.empty() && rest.front().path < path) stale_file(tree, take_entries());
    const bool known = !rest.empty() && rest.front().path == path;
    planned_file(tree, i, known ? take_entries() : std::span<const InventoryEntry>());
  }
  while (!rest.empty()) stale_file(tree, take_entries());
}

// EFBIG without a look inside if it cannot be ours.
base::Result<std::string> Inspector::read(const std::string& path, const base::Stat& stat) {
  if (stat.size > kMaxFileBytes) return {EFBIG, {}};
  return fs_.read_regular(survey_.full(path), kMaxFileBytes);
}

const LineCodes& Inspector::planned_codes(const emit::Tree& tree) {
  if (planned_codes_.empty()) planned_codes_ = codes_of(tree);
  return planned_codes_;
}

bool Inspector::is_ours(const emit::Tree& tree, const std::string& path, const base::Result<std::string>& bytes,
                        std::span<const InventoryEntry> entries, const emit::Content* planned) {
  if (!bytes.ok()) return false;
  Owner owner = owner_of(bytes.value, entries, lock_, planned);
  const MergeTraces* merged = owner == Owner::other ? traces() : nullptr;
  if (merged && merged->made(survey_.full(path), bytes.value, planned_codes(tree))) owner = Owner::merged;
  if (owner == Owner::converted) found_.summary.converted.push_back(path);
  if (owner == Owner::merged) found_.summary.merged.push_back(path);
  return owner != Owner::other;
}

void Inspector::report_other(const std::string& path, const base::Result<std::string>& bytes,
                             std::span<const InventoryEntry> entries) {
  if (const std::optional<base::StandIn> found = base::stand_in(bytes.value)) return survey_.report(path, *found);
  if (!entries.empty()) return survey_.report(Kind::edited_by_hand, path, "", bytes.error);
  survey_.report(found_.lock_seen.empty() ? Kind::foreign_without_lock : Kind::foreign_file, path, "", bytes.error);
}

void Inspector::planned_file(const emit::Tree& tree, std::size_t index, std::span<const InventoryEntry> entries) {
  const emit::OutputFile& file = tree.files[index];
  if (as_left_ && entries.size() == 1) {
    const InventoryEntry& entry = entries.front();
    const bool same =
        entry.sha256.empty() ? entry.line_codes == file.content->line_codes : entry.sha256 == file.content->sha256;
    if (same) {
      ++found_.summary.unchanged;
      return;
    }
    if (!entry.sha256.empty()) {
      found_.summary.changed.push_back(at(file.path));
      found_.writes.push_back({index, entry.sha256});
      return;
    }
  }
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
  if (stat.kind != base::FileKind::file) return survey_.report(Kind::wrong_type, path, stat.kind);
  note_mode(path, stat);
  const base::Result<std::string> bytes = read(path, stat);
  if (!bytes.ok() && bytes.error != EFBIG) return survey_.report(Kind::io, path, "", bytes.error);
  if (bytes.ok() && bytes.value == file.content->bytes) {
    ++found_.summary.unchanged;
    return;
  }
  const std::string seen = bytes.ok() ? base::sha256_hex(bytes.value) : "";
  if (!is_ours(tree, path, bytes, entries, file.content)) {
    if (!options_.force || !bytes.ok()) return report_other(path, bytes, entries);
    found_.summary.forced.push_back(path);
  }
  found_.summary.changed.push_back(path);
  found_.writes.push_back({index, seen});
}

// In the lock, not planned any more.
void Inspector::stale_file(const emit::Tree& tree, std::span<const InventoryEntry> entries) {
  const InventoryEntry& entry = entries.front();
  const std::string path = at(entry.path);
  const std::size_t problems = found_.problems.size();
  const base::Stat stat = survey_.entry(path);
  if (found_.problems.size() != problems || stat.kind == base::FileKind::missing) return;
  if (stat.kind != base::FileKind::file) {
    if (!options_.force) return survey_.report(Kind::wrong_type, path, stat.kind);
    found_.summary.kept.push_back(path);
    return;
  }
  const base::Result<std::string> bytes = read(path, stat);
  if (!bytes.ok() && bytes.error != EFBIG) return survey_.report(Kind::io, path, "", bytes.error);
  const std::string seen = bytes.ok() ? base::sha256_hex(bytes.value) : "";
  if (is_ours(tree, path, bytes, entries, nullptr)) {
    found_.summary.removed.push_back(path);
    found_.removals.push_back({path, seen, lists_files(entry)});
  } else if (options_.force) {
    found_.summary.kept.push_back(path);
  } else {
    report_other(path, bytes, entries);
  }
}

// One of our manifests says so in its labels.
bool carries_labels(std::string_view bytes, std::string_view federation) {
  const std::string part_of = "app.kubernetes.io/part-of: " + std::string(federation) + "\n";
  return bytes.find("app.kubernetes.io/managed-by: meshfedc\n") != std::string_view::npos &&
         bytes.find(part_of) != std::string_view::npos;
}

// In the cluster's directory and those of its namespaces.
void Inspector::find_unlisted(const emit::Tree& tree) {
  if (found_.retire || !(options_.find_unlisted || found_.lock_seen.empty())) return;
  const auto look = [&](const std::string& directory, const std::string& name) {
    const std::string path = below(directory, name);
    const std::string_view inner = std::string_view(path).substr(cluster_.size() + 1);
    if (!name.ends_with(".yaml") || !is_path(inner) ||
        std::ranges::binary_search(lock_.entries, inner, {}, &InventoryEntry::path) ||
        std::ranges::binary_search(tree.files, inner, {}, &emit::OutputFile::path))
      return;
    const base::Result<std::string> bytes = fs_.read_regular(survey_.full(path), kMaxFileBytes);
    if (bytes.ok() && carries_labels(bytes.value, federation_)) found_.summary.unlisted.push_back(path);
  };
  for (const std::string& name : fs_.list_directory(survey_.full(cluster_)).value) {
    look(cluster_, name);
    const std::string directory = at(name);
    if (!is_component(name) || fs_.stat(survey_.full(directory)).value.kind != base::FileKind::directory) continue;
    for (const std::string& inner : fs_.list_directory(survey_.full(directory)).value) look(directory, inner);
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

// Those above the cluster's files, its own among them.
template <class Files>
std::set<std::string> Inspector::directories_above(const Files& files) const {
  std::set<std::string> all;
  std::optional<std::string_view> last;
  for (const auto& file : files) {
    const std::string_view directory = parent_of(file.path);
    if (directory == last) continue;
    last = directory;
    const std::string path = at(file.path);
    for (std::string_view up = parent_of(path); !up.empty() && all.emplace(up).second;) up = parent_of(up);
  }
  return all;
}

// Directories that hold, or held, only what is not planned any more. Whether they are empty then, `stage` sees.
void Inspector::find_directories(const emit::Tree& tree) {
  std::set<std::string> needed = directories_above(tree.files);
  if (!found_.retire) needed.insert(cluster_);
  std::set<std::string> candidates = directories_above(lock_.entries);
  if (found_.retire) candidates.insert(cluster_);
  for (auto path = candidates.rbegin(); path != candidates.rend(); ++path) {  // "a/b" sorts after "a"
    if (!needed.contains(*path) && survey_.directory(*path).state == Directory::State::present)
      found_.directories.push_back(*path);
  }
}

void Inspector::compare_lock(const emit::Tree& tree) {
  found_.summary.lock_changed =
      found_.retire ? !found_.lock_seen.empty() : print_inventory(federation_, tree) != lock_text_;
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
  for (auto* paths : {&summary.created, &summary.changed, &summary.removed, &summary.forced, &summary.kept,
                      &summary.executable, &summary.converted, &summary.merged, &summary.unlisted})
    std::sort(paths->begin(), paths->end());
  std::sort(found_.problems.begin(), found_.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.path, a.kind, a.detail) < std::tie(b.path, b.kind, b.detail);
  });
}

}  // namespace

Totals totals_of(const Summary& summary) {
  return {summary.created.size(), summary.changed.size(), summary.removed.size(), summary.unchanged};
}

Inspection inspect(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
                   const Options& options, const ClusterRecord* record) {
  return Inspector(fs, out, federation, tree.cluster, options, record).run(tree, false);
}

Inspection inspect_retired(base::Fs& fs, const std::string& out, std::string_view federation, std::string_view cluster,
                           const Options& options) {
  return Inspector(fs, out, federation, cluster, options, nullptr).run(emit::Tree(std::string(cluster)), true);
}

}  // namespace meshfed::publish
