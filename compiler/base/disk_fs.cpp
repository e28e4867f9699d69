#include "base/disk_fs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace meshfed::base {
namespace {

// Runs a call that returns a negative number and sets errno on failure, again as often as a signal interrupts it.
template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

template <class Call>
int errno_of(Call call) {
  return retried(call) < 0 ? errno : 0;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }

  int get() const { return fd_; }

  // Not retried: Linux has released the descriptor even when close is interrupted.
  int close() {
    if (fd_ < 0) return 0;
    return ::close(std::exchange(fd_, -1)) < 0 && errno != EINTR ? errno : 0;
  }

 private:
  int fd_;
};

Descriptor open_at(const std::string& path, int flags, mode_t mode = 0) {
  return Descriptor(retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); }));
}

Result<std::string> read_to_end(const Descriptor& file, std::size_t size_hint, std::size_t limit) {
  limit = std::min(limit, std::string().max_size() / 4);  // so that no sum below overflows
  if (size_hint > limit) return {EFBIG, {}};
  Result<std::string> out;
  std::size_t used = 0;
  out.value.resize(size_hint + 1);  // one more, so that the end of a file of that size is seen at once
  while (true) {
    if (used > limit) return {EFBIG, {}};
    if (used == out.value.size()) out.value.resize(std::min(used * 2 + 4096, limit + 1));
    const ssize_t got = retried([&] { return ::read(file.get(), out.value.data() + used, out.value.size() - used); });
    if (got < 0) return {errno, {}};
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  out.value.resize(used);
  return out;
}

int write_all(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = retried([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
    if (wrote < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return 0;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::file;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::symlink;
  return FileKind::other;
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

class DiskLock final : public FileLock {
 public:
  explicit DiskLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // closing it lets go of the lock
};

}  // namespace

Result<std::string> DiskFs::read_file(const std::string& path, std::size_t limit) {
  const Descriptor file = open_at(path, O_RDONLY);
  struct ::stat info = {};
  if (file.get() < 0 || ::fstat(file.get(), &info) < 0) return {errno, {}};
  return read_to_end(file, S_ISREG(info.st_mode) ? static_cast<std::size_t>(info.st_size) : 0, limit);
}

Result<std::string> DiskFs::read_regular(const std::string& path, std::size_t limit) {
  const Descriptor file = open_at(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);  // O_NONBLOCK: a fifo has us wait in open
  struct ::stat info = {};
  if (file.get() < 0) return {errno == ENXIO ? EINVAL : errno, {}};  // ENXIO: a socket
  if (::fstat(file.get(), &info) < 0) return {errno, {}};
  if (S_ISDIR(info.st_mode)) return {EISDIR, {}};
  if (!S_ISREG(info.st_mode)) return {EINVAL, {}};
  return read_to_end(file, static_cast<std::size_t>(info.st_size), limit);
}

Result<Stat> DiskFs::stat(const std::string& path) {
  struct ::stat info = {};
  const int error = errno_of([&] { return ::lstat(path.c_str(), &info); });
  if (error == ENOENT || error == ENOTDIR) return {};
  if (error != 0) return {error, {}};
  const FileKind kind = kind_of(info.st_mode);
  return {0,
          {.kind = kind,
           .size = kind == FileKind::file ? static_cast<std::uint64_t>(info.st_size) : 0,
           .mode = static_cast<unsigned>(info.st_mode & 07777),
           .device = info.st_dev,
           .inode = info.st_ino,
           .modified = nanoseconds(info.st_mtim),
           .changed = nanoseconds(info.st_ctim)}};
}

Result<std::string> DiskFs::canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return {errno, {}};
  return {0, real.get()};
}

Result<std::vector<std::string>> DiskFs::list_directory(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), &::closedir);
  if (!directory) return {errno, {}};
  Result<std::vector<std::string>> out;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") out.value.emplace_back(name);
  }
  if (errno != 0) return {errno, {}};
  std::sort(out.value.begin(), out.value.end());
  return out;
}

int DiskFs::make_directory(const std::string& path) {
  return errno_of([&] { return ::mkdir(path.c_str(), 0755); });
}

int DiskFs::write_new_file(const std::string& path, std::string_view bytes) {
  Descriptor file = open_at(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
  if (file.get() < 0) return errno;
  int error = write_all(file, bytes);
  const int close_error = file.close();  // some file systems report a full disk only here
  if (error == 0) error = close_error;
  if (error != 0) ::unlink(path.c_str());
  return error;
}

int DiskFs::rename(const std::string& from, const std::string& to) {
  return errno_of([&] { return ::rename(from.c_str(), to.c_str()); });
}

int DiskFs::remove_file(const std::string& path) {
  return errno_of([&] { return ::unlink(path.c_str()); });
}

int DiskFs::remove_directory(const std::string& path) {
  return errno_of([&] { return ::rmdir(path.c_str()); });
}

int DiskFs::sync_file_system(const std::string& path) {
  const Descriptor file = open_at(path, O_RDONLY | O_NONBLOCK);
  if (file.get() < 0) return errno;
  return errno_of([&] { return ::syncfs(file.get()); });
}

Result<std::unique_ptr<FileLock>> DiskFs::try_lock(const std::string& path) {
  Descriptor file = open_at(path, O_RDONLY | O_NONBLOCK);
  if (file.get() < 0) return {errno, nullptr};
  if (const int error = errno_of([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); })) return {error, nullptr};
  return {0, std::make_unique<DiskLock>(std::move(file))};
}

}  // namespace meshfed::base
