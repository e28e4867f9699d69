// What is below one directory of another Fs, for reading only: a limit for commands that compile what strangers wrote.
#pragma once

#include <string>

#include "base/read_only_fs.hpp"

namespace meshfed::base {

// Links are followed as long as they lead to something below `root`. Whatever is, or leads, elsewhere cannot be read,
// listed or looked at: EACCES. Nor can pipes and devices be read: EINVAL. `canonical` alone answers for all paths, as a
// name tells nothing of what it names. The other Fs outlives this one.
class ConfinedFs final : public ReadOnlyFs {
 public:
  // `root` is an existing directory in canonical form.
  ConfinedFs(Fs& fs, const std::string& root);

  // Whether a path, in canonical form, is `root` or below it.
  bool holds(const std::string& canonical) const;

  Result<std::string> read_file(const std::string& path, std::size_t limit) override;
  Result<std::string> read_regular(const std::string& path, std::size_t limit) override;
  Result<Stat> stat(const std::string& path) override;
  Result<std::string> canonical(const std::string& path) override;
  Result<std::vector<std::string>> list_directory(const std::string& path) override;

 private:
  // The canonical path of what `path` leads to, if that is not elsewhere.
  Result<std::string> resolve(const std::string& path);

  Fs& fs_;
  std::string below_;  // root with a slash at its end
};

}  // namespace meshfed::base
