// What an Fs has in common that nobody can write to.
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

#include "base/fs.hpp"

namespace meshfed::base {

// Whatever would write or lock fails with EROFS; reading is for others to say.
class ReadOnlyFs : public Fs {
 public:
  int make_directory(const std::string&) final { return EROFS; }
  int write_new_file(const std::string&, std::string_view) final { return EROFS; }
  int rename(const std::string&, const std::string&) final { return EROFS; }
  int remove_file(const std::string&) final { return EROFS; }
  int remove_directory(const std::string&) final { return EROFS; }
  int sync_file_system(const std::string&) final { return EROFS; }
  Result<std::unique_ptr<FileLock>> try_lock(const std::string&) final { return {EROFS, nullptr}; }
};

}  // namespace meshfed::base
