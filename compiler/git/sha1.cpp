#include "git/sha1.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace meshfed::git {
namespace {

// Fails only where libcrypto itself is broken or its policy forbids SHA-1: nothing that a user's input brings about.
void require(int result) {
  if (result != 1) throw std::runtime_error("libcrypto refuses to compute a SHA-1 digest");
}

// Looked up once: libcrypto takes longer for that than to digest a small object.
const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> kFound(EVP_MD_fetch(nullptr, "SHA1", nullptr), EVP_MD_free);
  return kFound.get();
}

}  // namespace

struct Sha1::State {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha1::Sha1() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr));
}

Sha1::~Sha1() = default;

void Sha1::add(std::string_view bytes) { require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size())); }

std::string Sha1::digest() {
  std::string digest(20, '\0');
  require(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  return digest;
}

}  // namespace meshfed::git
