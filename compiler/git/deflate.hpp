// Compression, as Git stores objects.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::git {

/// At zlib's highest speed: objects that are written once are read a few times at most, and then packed anew by Git.
std::string deflated(std::string_view bytes);

}  // namespace meshfed::git
