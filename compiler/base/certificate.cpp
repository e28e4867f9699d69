#include "base/certificate.hpp"

#include <climits>
#include <ctime>
#include <memory>

#define OPENSSL_NO_FILENAMES  // else OPENSSL_free holds this file's path, which differs from build to build

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/ascii.hpp"
#include "base/sha256.hpp"

namespace meshfed::base {
namespace {

template <auto Free>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freeing<Free>>;

using OwnedCertificate = Owned<X509, X509_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedConstraints = Owned<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;

OwnedBio memory(std::string_view bytes) {
  return OwnedBio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string contents(BIO* out) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string text_of(const X509_NAME* name) {
  const OwnedBio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  return contents(out.get());
}

std::int64_t seconds(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) : 0;
}

std::string weakness_of(const X509* certificate) {
  int digest = NID_undef;
  OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, nullptr);
  return digest == NID_sha1 ? "SHA-1" : digest == NID_md5 ? "MD5" : "";
}

int rsa_bits_of(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  return key && EVP_PKEY_is_a(key, "RSA") ? EVP_PKEY_get_bits(key) : 0;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = to_lower(c);
  return lowered;
}

std::vector<std::string> uris_of(const STACK_OF(GENERAL_SUBTREE) * subtrees) {
  std::vector<std::string> uris;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.push_back(lower({reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                          static_cast<std::size_t>(ASN1_STRING_length(uri))}));
  }
  return uris;
}

void read_constraints(const X509* certificate, Certificate& out) {
  const OwnedConstraints found(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(certificate, NID_name_constraints, nullptr, nullptr)));
  if (!found) return;
  out.permitted = uris_of(found->permittedSubtrees);
  out.excluded = uris_of(found->excludedSubtrees);
  out.constrains_uris = !out.permitted.empty();
}

Certificate read(X509* certificate) {
  Certificate out;
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  out.der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  out.subject = text_of(X509_get_subject_name(certificate));
  out.fingerprint = sha256_hex(out.der);
  const std::uint32_t flags = X509_get_extension_flags(certificate);
  out.authority = (flags & EXFLAG_CA) != 0;
  out.self_issued = (flags & EXFLAG_SI) != 0;
  out.unknown_critical = (flags & EXFLAG_CRITICAL) != 0;
  out.signs_certificates = (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) != 0;
  if (const long depth = X509_get_pathlen(certificate); depth >= 0) out.depth = depth;
  out.not_before = seconds(X509_get0_notBefore(certificate));
  out.not_after = seconds(X509_get0_notAfter(certificate));
  out.weakness = weakness_of(certificate);
  out.rsa_bits = rsa_bits_of(certificate);
  read_constraints(certificate, out);
  return out;
}

OwnedCertificate parse(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  return OwnedCertificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
}

/// OpenSSL would ask the terminal.
int no_password(char*, int, int, void*) { return 0; }

/// What a text without a certificate is; damaged if it looks like one.
PemFlaw flaw_of(std::string_view text) {
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) return PemFlaw::private_key;
  if (text.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) return PemFlaw::damaged;
  if (text.find("CERTIFICATE REQUEST-----") != std::string_view::npos) return PemFlaw::request;
  if (text.find("-----BEGIN PKCS7-----") != std::string_view::npos) return PemFlaw::pkcs7;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return PemFlaw::empty;
  if (parse(std::string(text))) return PemFlaw::der;
  return PemFlaw::no_certificate;
}

std::size_t blocks_in(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  std::size_t count = 0;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) ++count;
  return count;
}

/// The host that a constraint means: `west.example` itself, or all below `.west.example`.
bool matches(std::string_view constraint, std::string_view host) {
  const std::string found = lower(host);
  return constraint.starts_with('.') ? found.ends_with(constraint) : found == constraint;
}

bool matches_any(const std::vector<std::string>& constraints, std::string_view host) {
  for (const std::string& one : constraints) {
    if (matches(one, host)) return true;
  }
  return false;
}

}  // namespace

ReadCertificates read_certificates(std::string_view pem) {
  if (pem.size() > INT_MAX) return {{}, PemFlaw::no_certificate};
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) return {{}, PemFlaw::private_key};
  const OwnedBio in = memory(pem);
  ReadCertificates found;
  while (const OwnedCertificate one{PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)})
    found.certificates.push_back(read(one.get()));
  if (found.certificates.empty()) return {{}, flaw_of(pem)};
  if (found.certificates.size() != blocks_in(pem)) return {{}, PemFlaw::damaged};
  return found;
}

std::string pem_of(const std::vector<Certificate>& certificates) {
  const OwnedBio out(BIO_new(BIO_s_mem()));
  for (const Certificate& one : certificates) PEM_write_bio_X509(out.get(), parse(one.der).get());
  return contents(out.get());
}

bool is_signed_by(const Certificate& certificate, const Certificate& issuer) {
  const OwnedCertificate below = parse(certificate.der), above = parse(issuer.der);
  return below && above && X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1;
}

bool permits(const Certificate& issuer, std::string_view trust_domain) {
  if (matches_any(issuer.excluded, trust_domain)) return false;
  return !issuer.constrains_uris || matches_any(issuer.permitted, trust_domain);
}

}  // namespace meshfed::base
