// What a build has under a temporary name: a file, or a whole cluster's directory.
#pragma once

#include <string>

#include "base/fs.hpp"

namespace meshfed::publish {

// Removes it, with what is in it as far as that can be ours: files and directories with names that we give, no link,
// nothing else. False if something is left. Nothing there is true.
bool remove_temporary(base::Fs& fs, const std::string& path);

}  // namespace meshfed::publish
