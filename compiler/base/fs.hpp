// The seam to the file system: everything that reads or writes files goes through an Fs, so that a test can run on
// memory, see what was touched, and let any call fail. The real one is DiskFs; the one for tests is
// tests/support/memory_fs.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::base {

// What a call found, or why not. `value` means something only if `error`, an errno, is 0.
template <class T>
struct Result {
  int error = 0;
  T value{};

  bool ok() const { return error == 0; }
};

enum class FileKind { missing, file, directory, symlink, other };  // other: fifo, socket, device

struct Stat {
  FileKind kind = FileKind::missing;
  std::uint64_t size = 0;  // bytes; only for files
  unsigned mode = 0;       // permission bits, 07777
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  // device and inode together tell whether two paths are one file
  // Nanoseconds since 1970, in the steps of the file system's clock; 0 where nobody keeps them.
  std::int64_t modified = 0;  // of the content; anybody may set it
  std::int64_t changed = 0;   // of content, name or mode; nobody can set it

  bool operator==(const Stat&) const = default;
};

// Held as long as it lives; a killed process lets go of it too.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Paths are '/'-separated bytes, absolute or relative to the working directory. Calls never throw for what happens on
// the disk: they return an errno, 0 for success. They may be made from several threads at once.
class Fs {
 public:
  virtual ~Fs() = default;

  // The whole file, links followed; pipes and devices are read to their end. EFBIG if it holds more than `limit` bytes:
  // then no more than limit + 1 of them were read.
  virtual Result<std::string> read_file(const std::string& path, std::size_t limit) = 0;

  // The same of a regular file only, without waiting: ELOOP if the last component is a link, EISDIR for a directory,
  // EINVAL for anything else.
  virtual Result<std::string> read_regular(const std::string& path, std::size_t limit) = 0;

  // What is there; a final link is not followed. Nothing there (or a file where a parent should be) is success with
  // `missing`.
  virtual Result<Stat> stat(const std::string& path) = 0;

  // The absolute path of something that exists, free of links, `.` and `..`.
  virtual Result<std::string> canonical(const std::string& path) = 0;

  // The names in a directory without `.` and `..`, sorted by bytes.
  virtual Result<std::vector<std::string>> list_directory(const std::string& path) = 0;

  // One directory, mode 0755 less the umask; EEXIST if anything is there.
  virtual int make_directory(const std::string& path) = 0;

  // A new file with these bytes, mode 0644 less the umask; EEXIST if anything is there, be it a dangling link. What was
  // begun and could not be finished is removed again.
  virtual int write_new_file(const std::string& path, std::string_view bytes) = 0;

  // Replaces a file at `to` in one step; a link at `to` is replaced, not followed. A directory takes the place of
  // nothing or of an empty directory.
  virtual int rename(const std::string& from, const std::string& to) = 0;

  // Never a directory; a link itself, not what it points to.
  virtual int remove_file(const std::string& path) = 0;

  // ENOTEMPTY or EEXIST if it is not empty.
  virtual int remove_directory(const std::string& path) = 0;

  // Everything written so far to the file system that holds `path` is on stable storage when this returns.
  virtual int sync_file_system(const std::string& path) = 0;

  // The exclusive lock of an existing file or directory, without waiting: EWOULDBLOCK if another holder, be it in this
  // process, has it. It binds only those who ask for it. Never null on success.
  virtual Result<std::unique_ptr<FileLock>> try_lock(const std::string& path) = 0;
};

}  // namespace meshfed::base
