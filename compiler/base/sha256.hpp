// The one door to libcrypto's digests.
#pragma once

#include <string>
#include <string_view>

namespace meshfed::base {

// The SHA-256 digest of `bytes`, 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace meshfed::base
