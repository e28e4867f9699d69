#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace meshfed::base {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest = {};
  // Fails only where libcrypto itself is broken or its policy forbids SHA-256: nothing that a user's input brings
  // about.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("libcrypto refuses to compute a SHA-256 digest");
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

}  // namespace meshfed::base
