// Whether it is worth asking libgit2 for a repository. To start it takes longer than to compile a small federation,
// because it reads every certificate that the system trusts.
#pragma once

#include <string>

#include "base/fs.hpp"
#include "git/options.hpp"

namespace meshfed::git {

/// False: the directory is in no repository, or does not exist. Takes a few calls of `stat`, and opens nothing.
bool may_be_in_repository(base::Fs& disk, const std::string& directory, const Environment& environment);

}  // namespace meshfed::git
