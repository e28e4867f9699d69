// Certificate authorities made on the spot: no key is kept anywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace meshfed::testing {

/// What a certificate says. Extensions are written as in openssl's configuration; an empty one is left out.
struct Wanted {
  std::string name = "Root";
  std::string basic_constraints = "critical,CA:TRUE";
  std::string key_usage = "critical,keyCertSign,cRLSign";
  std::string name_constraints = {};  // "critical,permitted;URI:west.example"
  bool unknown_critical = false;
  std::int64_t not_before = 0;  // in seconds since 1970
  std::int64_t not_after = 4'000'000'000;
  const char* digest = "SHA256";
  unsigned rsa_bits = 0;  // 0: a key on the curve P-256
};

class Authority {
 public:
  /// Signed by its own key.
  explicit Authority(const Wanted& wanted = {});
  /// Signed by another one.
  Authority(const Wanted& wanted, const Authority& issuer);

  std::string pem() const;
  std::string der() const;
  std::string key() const;      // PEM, of the private key
  std::string request() const;  // PEM, a certificate request

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

}  // namespace meshfed::testing
