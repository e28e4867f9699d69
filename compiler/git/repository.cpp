#include "git/repository.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <utility>

namespace meshfed::git {
namespace {

struct Feature {
  std::string_view sign;  // a part of libgit2's message
  std::string_view what;
  std::string_view remedy;
  bool is_any = false;  // of many: the message says which
};

constexpr Feature kPartialClone{"extensions.partialclone", "the partial clone extension (`extensions.partialClone`)",
                                "clone without `--filter`; in a workflow, remove `filter` from the checkout step"};

// libgit2 1.5 refuses every extension but `noop`, and says no more than its name.
constexpr auto kFeatures = std::to_array<Feature>({
    kPartialClone,
    {"extensions.worktreeconfig", "per-worktree configuration (`extensions.worktreeConfig`)",
     "if no worktree needs its own: `git sparse-checkout disable`, then `git config --unset "
     "extensions.worktreeConfig`"},
    {"extensions.relativeworktrees", "worktrees with relative paths (`extensions.relativeWorktrees`)",
     "set `worktree.useRelativePaths` to false, run `git worktree repair`, and unset the extension"},
    {"extensions.refstorage", "references in the reftable format (`extensions.refStorage`)",
     "run `git refs migrate --ref-format=files`"},
    {"extensions.objectformat", "SHA-256 object IDs (`extensions.objectFormat`)",
     "build to a directory and commit with `git`, or use a SHA-1 repository"},
    {"unsupported extension name", "an unknown extension", "build to a directory, and commit with `git`", true},
    {"unsupported repository version", "a newer repository format", "build to a directory, and commit with `git`"},
    {"mandatory extension: 'link'", "a split index", "run `git update-index --no-split-index`"},
    {"mandatory extension: 'sdir'", "a sparse index", "run `git sparse-checkout reapply --no-sparse-index`"},
    {"mandatory extension", "an unknown index extension", "build to a directory, and commit with `git`"},
});

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
int discover(base::Fs& disk, const std::string& directory, const Environment& environment, Place& place) {
  git_repository* repository = nullptr;
  const std::string ceilings = environment.value("GIT_CEILING_DIRECTORIES");
  if (const int error = git_repository_open_ext(&repository, directory.c_str(), 0, ceilings.c_str())) return error;
  place.repository = Repository(repository, git_repository_free);
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
int open_named(base::Fs& disk, const Environment& environment, Place& place) {
  git_repository* repository = nullptr;
  constexpr unsigned kExactlyThere = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  if (const int error =
          git_repository_open_ext(&repository, environment.value("GIT_DIR").c_str(), kExactlyThere, nullptr))
    return error;
  place.repository = Repository(repository, git_repository_free);
  if (git_repository_is_bare(repository) != 0) {
    place.root = "";
  } else if (has_core_worktree(*repository)) {
    place.root = canonical_or_empty(disk, git_repository_workdir(repository));
  } else {
    place.root = canonical_or_empty(disk, ".");
  }
  return 0;
}

/// Git 2.40 and later may leave the bytes of the checksum zero; libgit2 1.5 then takes the index for damaged.
bool ends_without_checksum(const std::filesystem::path& index) {
  std::ifstream stream(index, std::ios::binary);
  std::array<char, GIT_OID_RAWSZ> checksum = {};
  stream.seekg(-static_cast<std::streamoff>(checksum.size()), std::ios::end);
  return stream.read(checksum.data(), checksum.size()) &&
         std::all_of(checksum.begin(), checksum.end(), [](char c) { return c == 0; });
}

/// In a repository of format 0 libgit2 looks at no extension, but Git at this one.
bool is_partial_clone(git_repository& repository) {
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, &repository) != 0) return false;
  const Config owned(config);
  const char* remote = nullptr;
  return git_config_get_string(&remote, config, "extensions.partialclone") == 0;
}

int locate(base::Fs& disk, const std::string& directory, const Environment& environment, Place& place) {
  const bool named = environment.find("GIT_DIR") != nullptr;
  int error = discover(disk, directory, environment, place);
  // Git exports GIT_DIR to hooks in linked worktrees, without the working tree: a hook that then changes its directory
  // means the tree that it is in, so what is found from there comes first.
  const bool found_what_is_named = error == 0 && named &&
                                   canonical_or_empty(disk, git_repository_path(place.repository.get())) ==
                                       canonical_or_empty(disk, environment.value("GIT_DIR").c_str());
  if (named && !found_what_is_named) error = open_named(disk, environment, place);
  if (error == 0 && environment.find("GIT_WORK_TREE"))
    place.root = canonical_or_empty(disk, environment.value("GIT_WORK_TREE").c_str());
  return error;
}

}  // namespace

Library::Library() {
  static const int started = git_libgit2_init();
  static_cast<void>(started);
}

std::string last_error() {
  const git_error* error = git_error_last();
  return error ? error->message : "unknown error";
}

std::string hex(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text = {};
  return git_oid_tostr(text.data(), text.size(), &id);
}

std::optional<Unsupported> unsupported(const std::string& directory) {
  const std::string message = last_error();
  // A repository of somebody else's: 1.5 looks for the setting that would allow it, and reports that it is not there.
  if (message.find("safe.directory") != std::string::npos || message.find("not owned by") != std::string::npos)
    return Unsupported{"another owner",
                       "if you trust it: `git config --global --add safe.directory " + directory + "`"};
  for (const Feature& feature : kFeatures) {
    if (message.find(feature.sign) == std::string::npos) continue;
    std::string what(feature.what);
    if (feature.is_any) what += " (" + message + ")";
    return Unsupported{what, std::string(feature.remedy)};
  }
  return std::nullopt;
}

std::optional<Unsupported> unsupported_index(const Opened& opened, const std::string& file) {
  if (std::optional<Unsupported> known = unsupported(opened.root.generic_string())) return known;
  git_buf own = GIT_BUF_INIT;
  std::string path = file;
  if (path.empty() && git_repository_item_path(&own, opened.repository.get(), GIT_REPOSITORY_ITEM_INDEX) == 0)
    path = own.ptr;
  git_buf_dispose(&own);
  if (!ends_without_checksum(opened.root / path)) return std::nullopt;
  return Unsupported{"an index without a checksum (`index.skipHash`, which `feature.manyFiles` sets)",
                     "run `git config index.skipHash false`, then `git update-index --force-write-index`"};
}

Opened open(base::Fs& disk, const std::string& directory, const Environment& environment) {
  Opened opened;
  const base::Result<std::string> working = disk.canonical(".");
  const base::Result<std::string> start = disk.canonical(directory);
  opened.detail = "no such directory";
  if (!working.ok() || !start.ok()) return opened;
  Place place;
  const int error = locate(disk, start.value, environment, place);
  if (error != 0) {
    opened.unsupported = unsupported(start.value);
    opened.bad_configuration = git_error_last() && git_error_last()->klass == GIT_ERROR_CONFIG;
    opened.detail = error == GIT_ENOTFOUND && !environment.find("GIT_DIR")
                        ? "no repository here or in any parent directory"
                        : last_error();
    return opened;
  }
  if (is_partial_clone(*place.repository)) {
    opened.unsupported = {std::string(kPartialClone.what), std::string(kPartialClone.remedy)};
    return opened;
  }
  opened.bare = git_repository_is_bare(place.repository.get()) != 0 && !environment.find("GIT_WORK_TREE");
  if (opened.bare) place.root = canonical_or_empty(disk, git_repository_path(place.repository.get()));
  opened.detail = "its working tree does not exist";
  if (place.root.empty()) return opened;
  opened.repository = std::move(place.repository);
  opened.root = place.root;
  opened.working = working.value;
  opened.below_root = place.root + "/";
  const std::string from_root = opened.working.lexically_relative(opened.root).generic_string();
  if (from_root == ".")
    opened.working_prefix = "";
  else if (from_root != ".." && !from_root.starts_with("../"))
    opened.working_prefix = from_root + "/";
  return opened;
}

std::optional<std::string> inside(const Opened& opened, const std::string& path) {
  // Most paths are absolute below the root, or relative below the working directory, and free of what must be resolved.
  const bool plain = path.find("/.") == std::string::npos && path.find("//") == std::string::npos &&
                     !path.starts_with('.') && !path.ends_with('/');
  if (plain && path.starts_with(opened.below_root)) return path.substr(opened.below_root.size());
  if (plain && opened.working_prefix && !path.starts_with('/')) return *opened.working_prefix + path;
  const std::string relative =
      (opened.working / path).lexically_normal().lexically_relative(opened.root).generic_string();
  if (relative == ".") return "";
  if (relative.empty() || relative == ".." || relative.starts_with("../")) return std::nullopt;
  return relative.ends_with('/') ? relative.substr(0, relative.size() - 1) : relative;
}

}  // namespace meshfed::git
