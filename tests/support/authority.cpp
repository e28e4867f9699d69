#include "support/authority.hpp"

#include <functional>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace meshfed::testing {
namespace {

void must(bool worked, const char* what) {
  if (!worked) throw std::runtime_error(what);
}

std::string written(const std::function<int(BIO*)>& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), BIO_free_all);
  must(write(out.get()) == 1, "writing to memory");
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void set_name(X509_NAME* name, const std::string& text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.c_str());
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1, "the name");
}

void add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  must(extension && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

void add_unknown(X509* certificate) {
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> type(OBJ_txt2obj("1.2.3.4.5", 1), ASN1_OBJECT_free);
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> value(ASN1_OCTET_STRING_new(),
                                                                                    ASN1_OCTET_STRING_free);
  must(ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>("\x05"), 2) == 1, "a value");
  X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, type.get(), 1, value.get());
  must(extension && X509_add_ext(certificate, extension, -1) == 1, "an unknown extension");
  X509_EXTENSION_free(extension);
}

std::shared_ptr<X509> certificate(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* signer) {
  static long serial = 0;
  std::shared_ptr<X509> made(X509_new(), X509_free);
  X509* one = made.get();
  X509_set_version(one, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(one), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(one), wanted.not_before);
  ASN1_TIME_set(X509_getm_notAfter(one), wanted.not_after);
  set_name(X509_get_subject_name(one), wanted.name);
  X509_set_issuer_name(one, X509_get_subject_name(issuer ? issuer : one));
  X509_set_pubkey(one, key);
  add(one, issuer ? issuer : one, NID_basic_constraints, wanted.basic_constraints);
  add(one, issuer ? issuer : one, NID_key_usage, wanted.key_usage);
  add(one, issuer ? issuer : one, NID_name_constraints, wanted.name_constraints);
  if (wanted.unknown_critical) add_unknown(one);
  must(X509_sign(one, signer, EVP_get_digestbyname(wanted.digest)) > 0, "signing");
  return made;
}

std::shared_ptr<EVP_PKEY> new_key(unsigned rsa_bits) {
  return {rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits), EVP_PKEY_free};
}

}  // namespace

Authority::Authority(const Wanted& wanted)
    : key_(new_key(wanted.rsa_bits)), certificate_(certificate(wanted, key_.get(), nullptr, key_.get())) {}

Authority::Authority(const Wanted& wanted, const Authority& issuer)
    : key_(new_key(wanted.rsa_bits)),
      certificate_(certificate(wanted, key_.get(), issuer.certificate_.get(), issuer.key_.get())) {}

std::string Authority::pem() const {
  return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
}

std::string Authority::der() const {
  return written([&](BIO* out) { return i2d_X509_bio(out, certificate_.get()); });
}

std::string Authority::key() const {
  return written(
      [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string Authority::request() const {
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(
      X509_to_X509_REQ(certificate_.get(), key_.get(), EVP_sha256()), X509_REQ_free);
  return written([&](BIO* out) { return PEM_write_bio_X509_REQ(out, request.get()); });
}

}  // namespace meshfed::testing
