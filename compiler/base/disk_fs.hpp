// The Fs of the machine. Stateless; calls that a signal interrupts are taken up again.
#pragma once

#include "base/fs.hpp"

namespace meshfed::base {

class DiskFs final : public Fs {
 public:
  Result<std::string> read_file(const std::string& path, std::size_t limit) override;
  Result<std::string> read_regular(const std::string& path, std::size_t limit) override;
  Result<Stat> stat(const std::string& path) override;
  Result<std::string> canonical(const std::string& path) override;
  Result<std::vector<std::string>> list_directory(const std::string& path) override;
  int make_directory(const std::string& path) override;
  int write_new_file(const std::string& path, std::string_view bytes) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove_file(const std::string& path) override;
  int remove_directory(const std::string& path) override;
  int sync_file_system(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> try_lock(const std::string& path) override;
};

}  // namespace meshfed::base
