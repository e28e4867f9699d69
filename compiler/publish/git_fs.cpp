#include "publish/git_fs.hpp"

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <git2.h>

namespace meshfed::publish {
namespace {

template <class T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* object) const { kFree(object); }
};
template <class T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Freed<T, kFree>>;

using Repository = Owned<git_repository, git_repository_free>;
using Odb = Owned<git_odb, git_odb_free>;
using Index = Owned<git_index, git_index_free>;
using Config = Owned<git_config, git_config_free>;
using Object = Owned<git_object, git_object_free>;
using Blob = Owned<git_odb_object, git_odb_object_free>;

/// libgit2 counts who uses it.
struct Library {
  Library() { git_libgit2_init(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { git_libgit2_shutdown(); }
};

struct Entry {
  git_oid id;
  unsigned mode;  // of Git: 0100644, 0100755, 0120000, 0160000
};

using Entries = std::map<std::string, Entry, std::less<>>;  // by path in the repository

std::string last_error() {
  const git_error* error = git_error_last();
  return error ? error->message : "unknown error";
}

base::FileKind kind_of(const Entry& entry) {
  switch (entry.mode & 0170000U) {
    case 0100000U:
      return base::FileKind::file;
    case 0120000U:
      return base::FileKind::symlink;
    default:
      return base::FileKind::other;  // a submodule
  }
}

Entries entries_of(git_index& index) {
  Entries entries;
  for (std::size_t i = 0; i < git_index_entrycount(&index); ++i) {
    const git_index_entry* entry = git_index_get_byindex(&index, i);
    const bool intended_only = (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0;  // `git add -N`
    if (git_index_entry_stage(entry) == 0 && !intended_only)
      entries.emplace(entry->path, Entry{entry->id, entry->mode});
  }
  return entries;
}

int collect(const char* directory, const git_tree_entry* entry, void* payload) {
  const git_filemode_t mode = git_tree_entry_filemode(entry);
  if (mode != GIT_FILEMODE_TREE) {
    static_cast<Entries*>(payload)->emplace(std::string(directory) + git_tree_entry_name(entry),
                                            Entry{*git_tree_entry_id(entry), static_cast<unsigned>(mode)});
  }
  return 0;
}

std::optional<Entries> entries_at(git_repository& repository, const std::string& revision) {
  git_object* named = nullptr;
  if (git_revparse_single(&named, &repository, revision.c_str()) != 0) return std::nullopt;
  const Object owned(named);
  git_object* tree = nullptr;
  if (git_object_peel(&tree, named, GIT_OBJECT_TREE) != 0) return std::nullopt;
  const Object owned_tree(tree);
  Entries entries;
  git_tree_walk(reinterpret_cast<git_tree*>(tree), GIT_TREEWALK_PRE, collect, &entries);
  return entries;
}

/// Git too takes a relative `file` from the top of the working tree.
std::optional<Entries> entries_in_index(git_repository& repository, const std::filesystem::path& root,
                                        const std::string& file) {
  git_index* index = nullptr;
  const int opened =
      file.empty() ? git_repository_index(&index, &repository) : git_index_open(&index, (root / file).c_str());
  if (opened != 0) return std::nullopt;
  const Index owned(index);
  return entries_of(*index);
}

std::string canonical_or_empty(base::Fs& disk, const char* path) {
  const base::Result<std::string> found = path ? disk.canonical(path) : base::Result<std::string>{ENOENT, {}};
  return found.ok() ? found.value : "";
}

/// A repository with the top of its working tree, absolute; empty if it has none.
struct Place {
  Repository repository;
  std::string root;
};

/// The repository that `directory` is in; nothing there is GIT_ENOTFOUND.
int discover(base::Fs& disk, const std::string& directory, Place& place) {
  git_repository* repository = nullptr;
  if (const int error = git_repository_open_ext(&repository, directory.c_str(), 0, nullptr)) return error;
  place.repository.reset(repository);
  place.root = canonical_or_empty(disk, git_repository_workdir(repository));
  return 0;
}

bool has_core_worktree(git_repository& repository) {
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, &repository) != 0) return false;
  const Config owned(config);
  const char* path = nullptr;
  return git_config_get_string(&path, config, "core.worktree") == 0;
}

/// The repository that GIT_DIR names. Its working tree is then what GIT_WORK_TREE says, or the configuration, or the
/// directory of the process, as for Git itself.
int open_named(base::Fs& disk, const GitVariables& variables, Place& place) {
  git_repository* repository = nullptr;
  constexpr unsigned kExactlyThere = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  if (const int error = git_repository_open_ext(&repository, variables.git_dir.c_str(), kExactlyThere, nullptr))
    return error;
  place.repository.reset(repository);
  if (git_repository_is_bare(repository) != 0) {
    place.root = "";
  } else if (has_core_worktree(*repository)) {
    place.root = canonical_or_empty(disk, git_repository_workdir(repository));
  } else {
    place.root = canonical_or_empty(disk, ".");
  }
  return 0;
}

int locate(base::Fs& disk, const std::string& directory, const GitVariables& variables, Place& place) {
  const bool named = !variables.git_dir.empty();
  int error = discover(disk, directory, place);
  // Git exports GIT_DIR to hooks in linked worktrees, without the working tree: a hook that then changes its directory
  // means the tree that it is in, so what is found from there comes first.
  const bool found_what_is_named = error == 0 && named &&
                                   canonical_or_empty(disk, git_repository_path(place.repository.get())) ==
                                       canonical_or_empty(disk, variables.git_dir.c_str());
  if (named && !found_what_is_named) error = open_named(disk, variables, place);
  if (error == 0 && !variables.work_tree.empty()) place.root = canonical_or_empty(disk, variables.work_tree.c_str());
  return error;
}

}  // namespace

struct GitFs::Content {
  Library library;  // the first to come, the last to go
  Repository repository;
  Odb odb;
  Entries entries;
  std::filesystem::path root;     // of the working tree, absolute
  std::filesystem::path working;  // the directory of the process, absolute
  std::mutex mutex;               // of odb

  /// The path in the repository, "" for its root; none if it is outside.
  std::optional<std::string> inside(const std::string& path) const {
    const std::string relative = (working / path).lexically_normal().lexically_relative(root).generic_string();
    if (relative == ".") return "";
    if (relative.empty() || relative == ".." || relative.starts_with("../")) return std::nullopt;
    return relative.ends_with('/') ? relative.substr(0, relative.size() - 1) : relative;
  }

  const Entry* find(const std::string& path) const {
    const std::optional<std::string> inner = inside(path);
    const auto found = inner ? entries.find(*inner) : entries.end();
    return found == entries.end() ? nullptr : &found->second;
  }

  /// The entries below a directory begin here; none if there is no such directory. The root is always there.
  std::optional<Entries::const_iterator> below(const std::string& inner) const {
    if (inner.empty()) return entries.begin();
    const std::string prefix = inner + "/";
    const auto first = entries.lower_bound(prefix);
    if (first == entries.end() || !first->first.starts_with(prefix)) return std::nullopt;
    return first;
  }

  base::Result<std::string> read(const Entry& entry, std::size_t limit) {
    const std::lock_guard lock(mutex);
    git_odb_object* object = nullptr;
    if (git_odb_read(&object, odb.get(), &entry.id) != 0) return {EIO, {}};
    const Blob blob(object);
    const std::size_t size = git_odb_object_size(object);
    if (size > limit) return {EFBIG, {}};
    return {0, std::string(static_cast<const char*>(git_odb_object_data(object)), size)};
  }

  base::Result<std::uint64_t> size(const Entry& entry) {
    const std::lock_guard lock(mutex);
    std::size_t bytes = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&bytes, &type, odb.get(), &entry.id) != 0) return {EIO, 0};
    return {0, bytes};
  }
};

OpenedGitFs open_git_fs(base::Fs& disk, const std::string& directory, const std::string& against,
                        const GitVariables& variables) {
  using Status = OpenedGitFs::Status;
  auto content = std::make_unique<GitFs::Content>();
  const base::Result<std::string> working = disk.canonical(".");
  const base::Result<std::string> start = disk.canonical(directory);
  if (!working.ok() || !start.ok()) return {Status::no_repository, nullptr, "there is no such directory"};
  Place place;
  const int located = locate(disk, start.value, variables, place);
  if (located == GIT_ENOTFOUND && variables.git_dir.empty())
    return {Status::no_repository, nullptr, "there is none, here or above"};
  if (located != 0) return {Status::no_repository, nullptr, last_error()};
  if (place.root.empty()) {
    const bool bare = git_repository_is_bare(place.repository.get()) != 0 && variables.work_tree.empty();
    return {Status::no_repository, nullptr,
            bare ? "the repository is bare: it has no working tree" : "its working tree is not there"};
  }
  git_odb* odb = nullptr;
  if (git_repository_odb(&odb, place.repository.get()) != 0) return {Status::no_repository, nullptr, last_error()};
  content->repository = std::move(place.repository);
  content->odb.reset(odb);
  content->root = place.root;
  content->working = working.value;
  std::optional<Entries> entries = against == "index"
                                       ? entries_in_index(*content->repository, content->root, variables.index_file)
                                       : entries_at(*content->repository, against);
  if (!entries) return {Status::no_revision, nullptr, last_error()};
  content->entries = std::move(*entries);
  return {Status::good, std::make_unique<GitFs>(std::move(content)), ""};
}

GitFs::GitFs(std::unique_ptr<Content> content) : content_(std::move(content)) {}
GitFs::~GitFs() = default;

base::Result<std::string> GitFs::read_file(const std::string& path, std::size_t limit) {
  return read_regular(path, limit);
}

base::Result<std::string> GitFs::read_regular(const std::string& path, std::size_t limit) {
  const Entry* entry = content_->find(path);
  if (!entry) {
    const base::Result<base::Stat> found = stat(path);
    return {found.value.kind == base::FileKind::directory ? EISDIR : ENOENT, {}};
  }
  switch (kind_of(*entry)) {
    case base::FileKind::file:
      return content_->read(*entry, limit);
    case base::FileKind::symlink:
      return {ELOOP, {}};  // where it leads may not be in the repository
    default:
      return {EINVAL, {}};
  }
}

base::Result<base::Stat> GitFs::stat(const std::string& path) {
  const std::optional<std::string> inner = content_->inside(path);
  if (!inner) return {};
  base::Stat stat;
  const auto found = content_->entries.find(*inner);
  if (found != content_->entries.end()) {
    stat.kind = kind_of(found->second);
    stat.mode = found->second.mode & 07777U;
    stat.inode = static_cast<std::uint64_t>(std::distance(content_->entries.begin(), found)) + 1;
    if (stat.kind != base::FileKind::file) return {0, stat};
    const base::Result<std::uint64_t> size = content_->size(found->second);
    stat.size = size.value;
    return {size.error, stat};
  }
  if (content_->below(*inner)) stat = {.kind = base::FileKind::directory, .mode = 0755};
  return {0, stat};
}

base::Result<std::string> GitFs::canonical(const std::string& path) {
  const base::Result<base::Stat> found = stat(path);
  if (!found.ok()) return {found.error, {}};
  if (found.value.kind == base::FileKind::missing) return {ENOENT, {}};
  if (found.value.kind == base::FileKind::symlink) return {ELOOP, {}};
  return {0, (content_->root / *content_->inside(path)).lexically_normal().generic_string()};
}

base::Result<std::vector<std::string>> GitFs::list_directory(const std::string& path) {
  const std::optional<std::string> inner = content_->inside(path);
  const auto first = inner ? content_->below(*inner) : std::nullopt;
  if (!first) return {inner && content_->find(path) ? ENOTDIR : ENOENT, {}};
  const std::string prefix = inner->empty() ? "" : *inner + "/";
  std::vector<std::string> names;
  const Entries& entries = content_->entries;
  for (auto entry = *first; entry != entries.end() && entry->first.starts_with(prefix);) {
    const std::size_t end = entry->first.find('/', prefix.size());
    names.push_back(entry->first.substr(prefix.size(), end - prefix.size()));
    // All of a directory stands together; the first byte after '/' is '0'.
    entry = end == std::string::npos ? std::next(entry) : entries.lower_bound(prefix + names.back() + '0');
  }
  return {0, names};
}

int GitFs::make_directory(const std::string&) { return EROFS; }
int GitFs::write_new_file(const std::string&, std::string_view) { return EROFS; }
int GitFs::rename(const std::string&, const std::string&) { return EROFS; }
int GitFs::remove_file(const std::string&) { return EROFS; }
int GitFs::remove_directory(const std::string&) { return EROFS; }
int GitFs::sync_file_system(const std::string&) { return EROFS; }
base::Result<std::unique_ptr<base::FileLock>> GitFs::try_lock(const std::string&) { return {EROFS, nullptr}; }

}  // namespace meshfed::publish
