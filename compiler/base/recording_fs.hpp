// What somebody asked of a file system, and whether the answers would still be the same: then so would whatever was
// made of them.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"

namespace meshfed::base {

struct Observation {
  enum class Call { read_file, read_regular, stat, canonical, list_directory };
  Call call = Call::read_file;
  std::string path;       // as the caller wrote it
  std::size_t limit = 0;  // of a read, bytes
  std::string seen;       // the answer, or a digest of it; of a file's state only what it is and which, not its times

  bool operator==(const Observation&) const = default;
};

// The same question again.
Observation observe(Fs& fs, Observation::Call call, const std::string& path, std::size_t limit);

// Hands every call on, and keeps what the reading ones found. What writes is not recorded.
class RecordingFs final : public Fs {
 public:
  explicit RecordingFs(Fs& fs) : fs_(fs) {}  // which outlives this

  // In the order they were made.
  std::vector<Observation> observations() const;

  Result<std::string> read_file(const std::string& path, std::size_t limit) override;
  Result<std::string> read_regular(const std::string& path, std::size_t limit) override;
  Result<Stat> stat(const std::string& path) override;
  Result<std::string> canonical(const std::string& path) override;
  Result<std::vector<std::string>> list_directory(const std::string& path) override;
  int make_directory(const std::string& path) override { return fs_.make_directory(path); }
  int write_new_file(const std::string& path, std::string_view bytes) override {
    return fs_.write_new_file(path, bytes);
  }
  int rename(const std::string& from, const std::string& to) override { return fs_.rename(from, to); }
  int remove_file(const std::string& path) override { return fs_.remove_file(path); }
  int remove_directory(const std::string& path) override { return fs_.remove_directory(path); }
  int sync_file_system(const std::string& path) override { return fs_.sync_file_system(path); }
  Result<std::unique_ptr<FileLock>> try_lock(const std::string& path) override { return fs_.try_lock(path); }

 private:
  void keep(Observation::Call call, const std::string& path, std::size_t limit, std::string seen);

  Fs& fs_;
  mutable std::mutex mutex_;
  std::vector<Observation> observations_;
};

}  // namespace meshfed::base
