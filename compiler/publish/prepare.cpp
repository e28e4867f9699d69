#include "publish/prepare.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "base/sha256.hpp"
#include "base/sorted.hpp"
#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

using Kind = Problem::Kind;
using base::FileKind;

// Every step returns whether to go on; the first failure ends the work, and the next build takes it up.
class Writer {
 public:
  Writer(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
         const Inspection& inspection)
      : fs_(fs),
        out_(out),
        federation_(federation),
        tree_(tree),
        inspection_(inspection),
        lock_path_(below(tree.cluster, kLockName)),
        done_{.cluster = tree.cluster,
              .totals = {.unchanged = inspection.summary.unchanged},
              .bytes = 0,
              .problem = std::nullopt} {}

  Prepared run() {
    if (remove_leftovers() && read_lock() && write_planned_lock() && write_files() && remove_files() &&
        remove_directories(inspection_.directories)) {
      if (inspection_.retire) {
        done_.retiring = inspection_.directories;
        done_.changed = true;
      } else {
        prepare_last_lock();
      }
    }
    return std::move(done_);
  }

 private:
  void follow_stats();
  ClusterRecord record(std::string_view lock_text) const;
  bool remove_leftovers();
  bool read_lock();
  bool write_planned_lock();
  bool write_files();
  bool remove_files();
  bool remove_directories(const std::vector<std::string>& paths);
  void prepare_last_lock();

  bool changes_files() const { return !inspection_.writes.empty() || !inspection_.removals.empty(); }
  std::string full(std::string_view path) const { return below(out_, path); }
  bool stop(Kind kind, std::string_view path, int error, std::string detail = {}) {
    done_.problem = {kind, full(path), std::move(detail), error};
    return false;
  }
  bool enter(std::string_view directory, bool create);
  bool still(const std::string& path, std::string_view seen);
  bool prepare(const std::string& path, std::string_view bytes, std::string& temporary);
  bool put_in_place(const std::string& temporary, const std::string& path);
  bool put(const std::string& path, std::string_view bytes);

  base::Fs& fs_;
  const std::string& out_;
  std::string_view federation_;
  const emit::Tree& tree_;
  const Inspection& inspection_;
  std::string lock_path_;
  std::string lock_text_;  // as it is on the disk
  Inventory lock_;
  std::optional<FollowedDigest> stats_;
  std::set<std::string, std::less<>> entered_;
  Prepared done_;
};

// Makes sure that the directory is one, and so is each above it: no link has taken its place since the inspection.
bool Writer::enter(std::string_view directory, bool create) {
  if (directory.empty() || entered_.contains(directory)) return true;
  if (!enter(parent_of(directory), create)) return false;
  const std::string path = full(directory);
  const base::Result<base::Stat> stat = fs_.stat(path);
  if (!stat.ok()) return stop(Kind::io, directory, stat.error);
  if (stat.value.kind == FileKind::missing && create) {
    if (const int error = fs_.make_directory(path)) return stop(Kind::io, directory, error);
  } else if (stat.value.kind != FileKind::directory) {
    return stop(Kind::changed_meanwhile, directory, 0);
  }
  entered_.emplace(directory);
  return true;
}

// Whether there is what the inspection saw; an empty digest: nothing.
bool Writer::still(const std::string& path, std::string_view seen) {
  if (seen.empty()) {
    const base::Result<base::Stat> stat = fs_.stat(full(path));
    if (!stat.ok()) return stop(Kind::io, path, stat.error);
    return stat.value.kind == FileKind::missing || stop(Kind::changed_meanwhile, path, 0);
  }
  const base::Result<std::string> bytes = fs_.read_regular(full(path), std::numeric_limits<std::size_t>::max());
  if (!bytes.ok()) return stop(Kind::changed_meanwhile, path, bytes.error);
  return base::sha256_hex(bytes.value) == seen || stop(Kind::changed_meanwhile, path, 0);
}

bool Writer::prepare(const std::string& path, std::string_view bytes, std::string& temporary) {
  constexpr int kTries = 100;  // something that is no file of ours may have the name
  int error = EEXIST;
  for (int i = 0; error == EEXIST && i < kTries; ++i) {
    temporary = below(parent_of(path), std::string(kTemporaryPrefix) + std::to_string(i));
    error = fs_.write_new_file(full(temporary), bytes);
  }
  return error == 0 || stop(Kind::io, path, error);
}

bool Writer::put_in_place(const std::string& temporary, const std::string& path) {
  const int error = fs_.rename(full(temporary), full(path));
  if (error == 0) return true;
  fs_.remove_file(full(temporary));
  return stop(Kind::io, path, error);
}

bool Writer::put(const std::string& path, std::string_view bytes) {
  std::string temporary;
  return prepare(path, bytes, temporary) && put_in_place(temporary, path);
}

bool Writer::remove_leftovers() {
  for (const std::string& path : inspection_.leftovers) {
    if (!enter(parent_of(path), false)) return false;
    const int error = fs_.remove_file(full(path));
    if (error != 0 && error != ENOENT) return stop(Kind::io, path, error);
  }
  return true;
}

bool Writer::read_lock() {
  if (!enter(tree_.cluster, true)) return false;
  if (inspection_.lock_seen.empty()) return still(lock_path_, "");
  base::Result<std::string> text = fs_.read_regular(full(lock_path_), kMaxLockBytes);
  if (!text.ok() || base::sha256_hex(text.value) != inspection_.lock_seen)
    return stop(Kind::changed_meanwhile, lock_path_, text.error);
  lock_text_ = std::move(text.value);
  lock_ = parse_inventory(lock_text_).lock;
  if (inspection_.leftovers.empty() && inspection_.stat_digest != StatDigest()) follow_stats();
  return true;
}

// The inspection has looked at all files of the lock.
void Writer::follow_stats() {
  std::vector<std::string_view> before;
  for (const InventoryEntry& entry : lock_.entries) before.push_back(entry.path);
  base::sort_unique(before);
  std::vector<std::string_view> changed;
  for (const Inspection::Write& write : inspection_.writes) changed.push_back(tree_.files.at(write.file).path);
  for (const Inspection::Removal& removal : inspection_.removals)
    changed.push_back(std::string_view(removal.path).substr(tree_.cluster.size() + 1));
  stats_.emplace(fs_, full(tree_.cluster), before, paths_of(tree_), std::move(changed));
}

ClusterRecord Writer::record(std::string_view lock_text) const {
  if (!stats_) return record_of(fs_, full(tree_.cluster), tree_, lock_text);
  return {.lock_sha256 = base::sha256_hex(lock_text),
          .files = tree_.files.size(),
          .stat_digest = stats_->now(inspection_.stat_digest)};
}

bool Writer::write_planned_lock() {
  if (!changes_files()) return true;
  const std::string text = print(merge(std::move(lock_), inventory_of(federation_, tree_)));
  if (text == lock_text_) return true;
  done_.changed = true;
  return put(lock_path_, text);
}

bool Writer::write_files() {
  for (const Inspection::Write& write : inspection_.writes) {
    const emit::OutputFile& file = tree_.files.at(write.file);
    const std::string path = below(tree_.cluster, file.path);
    if (!enter(parent_of(path), true) || !still(path, write.seen) || !put(path, file.content->bytes)) return false;
    done_.bytes += file.content->bytes.size();
    ++(write.seen.empty() ? done_.totals.created : done_.totals.changed);
  }
  return true;
}

bool Writer::remove_files() {
  for (const Inspection::Removal& removal : inspection_.removals) {
    if (!enter(parent_of(removal.path), false) || !still(removal.path, removal.seen)) return false;
    if (const int error = fs_.remove_file(full(removal.path))) return stop(Kind::io, removal.path, error);
    ++done_.totals.removed;
  }
  return true;
}

bool Writer::remove_directories(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (!enter(parent_of(path), false)) return false;
    const base::Result<std::vector<std::string>> names = fs_.list_directory(full(path));
    if (!names.ok() && names.error != ENOENT) return stop(Kind::io, path, names.error);
    if (!names.ok() || !names.value.empty()) continue;
    const int error = fs_.remove_directory(full(path));
    if (error != 0 && error != ENOTEMPTY && error != EEXIST) return stop(Kind::io, path, error);
  }
  return true;
}

void Writer::prepare_last_lock() {
  const std::string text = print_inventory(federation_, tree_);
  if (text != lock_text_ || done_.changed) {
    std::string temporary;
    if (!prepare(lock_path_, text, temporary)) return;
    done_.changed = true;
    done_.from = full(temporary);
    done_.to = full(lock_path_);
  }
  done_.record = record(text);
}

}  // namespace

Prepared prepare(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree,
                 const Inspection& inspection) {
  return Writer(fs, out, federation, tree, inspection).run();
}

}  // namespace meshfed::publish
