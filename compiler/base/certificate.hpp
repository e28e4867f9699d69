// X.509 certificates as values. Reads public files only: of a private key nothing is kept, and nothing is quoted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshfed::base {

struct Certificate {
  std::string der;
  std::string subject;                // "CN=West Intermediate CA,O=Example"
  std::string fingerprint;            // SHA-256 of `der`, in lower-case hexadecimal digits
  bool authority = false;             // it may sign certificates, as far as its basic constraints say
  bool signs_certificates = true;     // its key usage, if it has one, says so
  bool self_issued = false;           // its subject is its issuer
  std::optional<std::int64_t> depth;  // how many authorities may stand below it; none: any number
  std::int64_t not_before = 0;        // in seconds since 1970, as is the next one
  std::int64_t not_after = 0;
  std::string weakness;                // "SHA-1" or "MD5", if it is signed by that; else empty
  int rsa_bits = 0;                    // of an RSA key; 0: it has another one
  bool unknown_critical = false;       // it has a critical extension that nobody here knows
  bool constrains_uris = false;        // it says which URIs are permitted
  std::vector<std::string> permitted;  // hosts of URIs, in lower case; one that begins with a dot: those below it
  std::vector<std::string> excluded;   // the same

  bool operator==(const Certificate&) const = default;
};

/// What a text that is no list of certificates is.
enum class PemFlaw : std::uint8_t { none, empty, no_certificate, damaged, private_key, request, pkcs7, der };

struct ReadCertificates {
  std::vector<Certificate> certificates;  // in their order; empty if there is a flaw
  PemFlaw flaw = PemFlaw::none;
};

/// The certificates of a text of PEM blocks. What stands between blocks is passed over.
ReadCertificates read_certificates(std::string_view pem);

/// The certificates as PEM blocks and nothing else: what stands between the blocks of a file is no part of it.
std::string pem_of(const std::vector<Certificate>& certificates);

/// The signature of `certificate` is one of the key in `issuer`.
bool is_signed_by(const Certificate& certificate, const Certificate& issuer);

/// A certificate for a workload of the trust domain passes the name constraints of one that signs it.
bool permits(const Certificate& issuer, std::string_view trust_domain);

}  // namespace meshfed::base
