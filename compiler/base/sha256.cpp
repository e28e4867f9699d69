#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace meshfed::base {
namespace {

// What libcrypto otherwise looks up and allocates for each text, which takes longer than to digest a short one.
struct Digester {
  std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};

  bool digest(std::string_view bytes, unsigned char* out) const {
    return EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1 &&
           EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
           EVP_DigestFinal_ex(context.get(), out, nullptr) == 1;
  }
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  thread_local const Digester kDigester;
  std::array<unsigned char, 32> digest = {};
  // Fails only where libcrypto itself is broken or its policy forbids SHA-256: nothing that a user's input brings
  // about.
  if (!kDigester.digest(bytes, digest.data()))
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
