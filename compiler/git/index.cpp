#include "git/index.hpp"

#include <git2/sys/repository.h>

#include <cerrno>
#include <system_error>

#include "git/tree.hpp"

namespace meshfed::git {

IndexUpdate::IndexUpdate(base::Fs& disk, git_repository& repository) : disk_(disk), repository_(repository) {
  git_buf path = GIT_BUF_INIT;
  if (git_repository_item_path(&path, &repository, GIT_REPOSITORY_ITEM_INDEX) == 0) path_ = path.ptr;
  git_buf_dispose(&path);
  lock_ = path_ + ".lock";
  copy_ = path_ + ".meshfedc";
}

IndexUpdate::~IndexUpdate() {
  if (!held_) return;
  disk_.remove_file(copy_);
  disk_.remove_file(lock_);
}

IndexUpdate::State IndexUpdate::prepare(const std::map<std::string, git_oid>& files,
                                        const std::set<std::string>& removed) {
  const int error = disk_.write_new_file(lock_, "");
  if (error == EEXIST) return State::locked;
  held_ = error == 0;
  detail_ = error == 0 ? "" : std::generic_category().message(error);
  return held_ && open_copy() && change(files, removed) ? State::ready : State::failed;
}

// libgit2 writes an index only where it read it, and only if nobody holds its lock: hence a copy. With the time of the
// original, by which it knows of which files it cannot tell by their times whether they have changed.
bool IndexUpdate::open_copy() {
  std::error_code error;
  disk_.remove_file(copy_);  // of a killed process
  if (std::filesystem::exists(path_, error)) {
    std::filesystem::copy_file(path_, copy_, error);
    const auto time = error ? std::filesystem::file_time_type() : std::filesystem::last_write_time(path_, error);
    if (!error) std::filesystem::last_write_time(copy_, time, error);
  }
  if (error) {
    detail_ = error.message();
    return false;
  }
  git_index* index = nullptr;
  if (git_index_open(&index, copy_.c_str()) != 0 || git_repository_set_index(&repository_, index) != 0) {
    detail_ = last_error();
    return false;
  }
  index_.reset(index);
  return true;
}

bool IndexUpdate::change(const std::map<std::string, git_oid>& files, const std::set<std::string>& removed) {
  int error = 0;
  for (const std::string& path : removed) {
    if (files.contains(path) || !git_index_get_bypath(index_.get(), path.c_str(), 0)) continue;
    error |= git_index_remove(index_.get(), path.c_str(), 0);
    changed_ = true;
  }
  for (const auto& [path, id] : files) {
    const git_index_entry* there = git_index_get_bypath(index_.get(), path.c_str(), 0);
    if (there && (there->mode & 0170000U) == 0100000U && git_oid_equal(&there->id, &id)) continue;
    git_index_entry entry = {};  // without times: `git status` looks at the file, and fills them in
    entry.mode = kFileMode;
    entry.id = id;
    entry.path = path.c_str();
    error |= git_index_add(index_.get(), &entry);
    changed_ = true;
  }
  if (error == 0 && changed_) error = git_index_write(index_.get());
  if (error != 0) detail_ = last_error();
  return error == 0;
}

bool IndexUpdate::finish() {
  if (!changed_) return true;
  int error = disk_.rename(copy_, lock_);  // still locked
  if (error == 0) error = disk_.rename(lock_, path_);
  if (error != 0) detail_ = std::generic_category().message(error);
  if (error == 0) held_ = false;
  return error == 0;
}

}  // namespace meshfed::git
