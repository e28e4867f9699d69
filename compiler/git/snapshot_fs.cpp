#include "git/snapshot_fs.hpp"

#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/path.hpp"
#include "git/repository.hpp"
#include "git/snapshot_of_tree.hpp"

namespace meshfed::git {
namespace {

struct Entry {
  git_oid id = {};
  unsigned mode = 0;        // of Git: 0100644, 0100755, 0120000, 0160000, 0040000
  std::uint64_t inode = 0;  // a number of its own
};

using Directory = std::map<std::string, Entry, std::less<>>;  // by name

bool is_directory(const Entry& entry) { return (entry.mode & 0170000U) == 0040000U; }

base::FileKind kind_of(const Entry& entry) {
  switch (entry.mode & 0170000U) {
    case 0040000U:
      return base::FileKind::directory;
    case 0100000U:
      return base::FileKind::file;
    case 0120000U:
      return base::FileKind::symlink;
    default:
      return base::FileKind::other;  // a submodule
  }
}

std::string shown_path(const Opened& opened, std::string_view inner) {
  if (opened.working_prefix && inner.starts_with(*opened.working_prefix))
    return std::string(inner.substr(opened.working_prefix->size()));
  return opened.below_root + std::string(inner);
}

}  // namespace

struct SnapshotFs::Content {
  Library library;
  Opened opened;
  Odb odb;
  std::string commit;
  std::mutex mutex;  // of all below, and of reading objects

  // By path in the repository, "" for the root. Of an index all; of a tree those that were asked for: the rest of a
  // large repository is not read.
  std::map<std::string, Directory, std::less<>> directories;
  bool complete = false;
  std::uint64_t last_inode = 0;

  // Only of an index, by path in the repository.
  std::map<std::string, Staging::State, std::less<>> staging;
  std::map<std::string, std::vector<std::string>, std::less<>> intended;  // by directory
  std::set<std::string, std::less<>> met;
  std::vector<std::string> unmerged;  // as the process would open them

  const Directory* directory(std::string_view inner) {
    const auto known = directories.find(inner);
    if (known != directories.end()) return &known->second;
    if (complete) return nullptr;
    const Entry* entry = find(inner);
    return entry && is_directory(*entry) ? read_tree(inner, entry->id) : nullptr;
  }

  const Entry* find(std::string_view inner) {
    if (staging.contains(inner)) met.emplace(inner);
    const Directory* parent = inner.empty() ? nullptr : directory(base::parent_of(inner));
    if (!parent) return nullptr;
    const auto found = parent->find(base::name_of(inner));
    return found == parent->end() ? nullptr : &found->second;
  }

  // Something that is no directory stands on the way.
  bool is_blocked(std::string_view inner) {
    for (; !inner.empty(); inner = base::parent_of(inner)) {
      if (const Entry* entry = find(inner)) return !is_directory(*entry);
    }
    return false;
  }

  const Directory* read_tree(std::string_view inner, const git_oid& id) {
    git_tree* tree = nullptr;
    if (git_tree_lookup(&tree, opened.repository.get(), &id) != 0) return nullptr;
    const Tree owned(tree);
    Directory& read = directories[std::string(inner)];
    for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      read.emplace(
          git_tree_entry_name(entry),
          Entry{*git_tree_entry_id(entry), static_cast<unsigned>(git_tree_entry_filemode(entry)), ++last_inode});
    }
    return &read;
  }

  void add_index(git_index& index) {
    complete = true;
    directories[""];
    for (std::size_t i = 0; i < git_index_entrycount(&index); ++i) {
      const git_index_entry* entry = git_index_get_byindex(&index, i);
      const std::string_view path = entry->path;
      if (git_index_entry_stage(entry) != 0) {
        const std::string shown = shown_path(opened, path);
        if (unmerged.empty() || unmerged.back() != shown) unmerged.push_back(shown);  // each side is an entry
        continue;
      }
      if (add_staging(*entry) == Staging::State::intended) continue;
      directories[std::string(base::parent_of(path))].emplace(base::name_of(path),
                                                              Entry{entry->id, entry->mode, ++last_inode});
      for (std::string_view up = base::parent_of(path); !up.empty(); up = base::parent_of(up)) {
        Directory& above = directories[std::string(base::parent_of(up))];
        if (!above.emplace(base::name_of(up), Entry{{}, 0040000U, ++last_inode}).second) break;
      }
    }
  }

  // None: it is there as any other file.
  std::optional<Staging::State> add_staging(const git_index_entry& entry) {
    std::optional<Staging::State> state;
    if ((entry.flags & GIT_INDEX_ENTRY_VALID) != 0) state = Staging::State::assume_unchanged;
    if ((entry.flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0) state = Staging::State::skip_worktree;
    if ((entry.flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0) state = Staging::State::intended;
    const std::string_view path = entry.path;
    if (state) staging.emplace(path, *state);
    if (state == Staging::State::intended) intended[std::string(base::parent_of(path))].emplace_back(path);
    return state;
  }

  // Of a directory that is listed; of one that is not there, nobody will ask for what is below.
  void meet_intended(const std::string& directory, bool there) {
    if (const auto files = intended.find(directory); files != intended.end())
      met.insert(files->second.begin(), files->second.end());
    if (there) return;
    const std::string below = directory + "/";
    for (auto file = staging.lower_bound(below); file != staging.end() && file->first.starts_with(below); ++file) {
      if (file->second == Staging::State::intended) met.insert(file->first);
    }
  }

  base::Result<std::string> read(const Entry& entry, std::size_t limit) {
    git_odb_object* object = nullptr;
    if (git_odb_read(&object, odb.get(), &entry.id) != 0) return {EIO, {}};
    const Blob blob(object);
    const std::size_t size = git_odb_object_size(object);
    if (size > limit) return {EFBIG, {}};
    return {0, std::string(static_cast<const char*>(git_odb_object_data(object)), size)};
  }

  base::Result<std::uint64_t> size(const Entry& entry) {
    std::size_t bytes = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&bytes, &type, odb.get(), &entry.id) != 0) return {EIO, 0};
    return {0, bytes};
  }
};

namespace {

using Status = OpenedSnapshot::Status;

OpenedSnapshot failed(Status status) { return {status, nullptr, last_error(), {}}; }

// False: libgit2's last error says why.
bool add_revision(SnapshotFs::Content& content, const std::string& revision) {
  git_object* named = nullptr;
  if (git_revparse_single(&named, content.opened.repository.get(), revision.c_str()) != 0) return false;
  const Object owned(named);
  git_object* commit = nullptr;
  if (git_object_peel(&commit, named, GIT_OBJECT_COMMIT) == 0) content.commit = hex(*git_object_id(commit));
  const Object owned_commit(commit);
  git_object* tree = nullptr;
  if (git_object_peel(&tree, named, GIT_OBJECT_TREE) != 0) return false;
  const Object owned_tree(tree);
  return content.read_tree("", *git_object_id(tree)) != nullptr;
}

// Git too takes a relative `file` from the top of the working tree.
bool add_index(SnapshotFs::Content& content, const std::string& file) {
  git_index* index = nullptr;
  const int error = file.empty() ? git_repository_index(&index, content.opened.repository.get())
                                 : git_index_open(&index, (content.opened.root / file).c_str());
  if (error != 0) return false;
  const Index owned(index);
  content.add_index(*index);
  return true;
}

}  // namespace

std::unique_ptr<SnapshotFs> snapshot_of_tree(const Opened& opened, const git_oid* tree) {
  auto content = std::make_unique<SnapshotFs::Content>();
  content->opened = opened;
  git_odb* odb = nullptr;
  if (git_repository_odb(&odb, opened.repository.get()) != 0) return nullptr;
  content->odb.reset(odb);
  content->complete = tree == nullptr;
  content->directories[""];
  if (tree && !content->read_tree("", *tree)) return nullptr;
  return std::make_unique<SnapshotFs>(std::move(content));
}

OpenedSnapshot open_snapshot(base::Fs& disk, const std::string& directory, const std::string& against,
                             const Environment& environment) {
  auto content = std::make_unique<SnapshotFs::Content>();
  content->opened = git::open(disk, directory, environment);
  const Opened& opened = content->opened;
  if (opened.unsupported) return {Status::unsupported, nullptr, opened.unsupported->what, opened.unsupported->remedy};
  if (!opened.repository) return {Status::no_repository, nullptr, opened.detail, {}};
  if (opened.bare) return {Status::no_repository, nullptr, "the repository is bare: it has no working tree", {}};
  git_odb* odb = nullptr;
  if (git_repository_odb(&odb, opened.repository.get()) != 0) return failed(Status::no_repository);
  content->odb.reset(odb);
  if (against == "index" ? add_index(*content, environment.value("GIT_INDEX_FILE")) : add_revision(*content, against))
    return {Status::good, std::make_unique<SnapshotFs>(std::move(content)), {}, {}};
  const std::optional<Unsupported> feature =
      against == "index" ? unsupported_index(opened, environment.value("GIT_INDEX_FILE")) : unsupported(directory);
  if (feature) return {Status::unsupported, nullptr, feature->what, feature->remedy};
  return failed(Status::no_revision);
}

SnapshotFs::SnapshotFs(std::unique_ptr<Content> content) : content_(std::move(content)) {}
SnapshotFs::~SnapshotFs() = default;

std::string SnapshotFs::commit() const { return content_->commit; }

const std::vector<std::string>& SnapshotFs::unmerged() const { return content_->unmerged; }

std::vector<Staging> SnapshotFs::met() const {
  const std::lock_guard lock(content_->mutex);
  std::vector<Staging> files;
  for (const std::string& path : content_->met)
    files.push_back({shown_path(content_->opened, path), content_->staging.at(path)});
  return files;
}

base::Result<std::string> SnapshotFs::read_file(const std::string& path, std::size_t limit) {
  return read_regular(path, limit);
}

base::Result<std::string> SnapshotFs::read_regular(const std::string& path, std::size_t limit) {
  const std::lock_guard lock(content_->mutex);
  const std::optional<std::string> inner = inside(content_->opened, path);
  if (inner && inner->empty()) return {EISDIR, {}};
  const Entry* entry = inner ? content_->find(*inner) : nullptr;
  if (!entry) return {ENOENT, {}};
  switch (kind_of(*entry)) {
    case base::FileKind::file:
      return content_->read(*entry, limit);
    case base::FileKind::directory:
      return {EISDIR, {}};
    case base::FileKind::symlink:
      return {ELOOP, {}};  // where it leads may not be in the repository
    default:
      return {EINVAL, {}};
  }
}

base::Result<base::Stat> SnapshotFs::stat(const std::string& path) {
  const std::lock_guard lock(content_->mutex);
  const std::optional<std::string> inner = inside(content_->opened, path);
  if (!inner) return {};
  if (inner->empty()) return {0, {.kind = base::FileKind::directory, .mode = 0755}};
  const Entry* entry = content_->find(*inner);
  if (!entry) return {};
  base::Stat stat{.kind = kind_of(*entry), .mode = entry->mode & 07777U, .inode = entry->inode};
  if (stat.kind == base::FileKind::directory) stat.mode = 0755;
  if (stat.kind != base::FileKind::file) return {0, stat};
  const base::Result<std::uint64_t> size = content_->size(*entry);
  stat.size = size.value;
  return {size.error, stat};
}

base::Result<std::string> SnapshotFs::canonical(const std::string& path) {
  const base::Result<base::Stat> found = stat(path);
  if (!found.ok()) return {found.error, {}};
  if (found.value.kind == base::FileKind::missing) return {ENOENT, {}};
  if (found.value.kind == base::FileKind::symlink) return {ELOOP, {}};
  const Opened& opened = content_->opened;
  return {0, (opened.root / *inside(opened, path)).lexically_normal().generic_string()};
}

base::Result<std::vector<std::string>> SnapshotFs::list_directory(const std::string& path) {
  const std::lock_guard lock(content_->mutex);
  const std::optional<std::string> inner = inside(content_->opened, path);
  const Directory* directory = inner ? content_->directory(*inner) : nullptr;
  if (inner) content_->meet_intended(*inner, directory != nullptr);
  if (!directory) return {inner && content_->is_blocked(*inner) ? ENOTDIR : ENOENT, {}};
  std::vector<std::string> names;
  names.reserve(directory->size());
  for (const auto& [name, entry] : *directory) names.push_back(name);
  return {0, names};
}

}  // namespace meshfed::git
