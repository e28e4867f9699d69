// What is read from certificates, and what is not.
#include "base/certificate.hpp"

#include <doctest/doctest.h>

#include "support/authority.hpp"

namespace meshfed::base {
namespace {

using testing::Authority;
using testing::Wanted;

Certificate read(const Authority& authority) {
  const ReadCertificates found = read_certificates(authority.pem());
  REQUIRE(found.certificates.size() == 1);
  return found.certificates.front();
}

PemFlaw flaw(const std::string& text) { return read_certificates(text).flaw; }

TEST_CASE("a certificate says who it is of, and what it may do") {
  const Certificate root = read(Authority({.name = "Root", .not_before = 86'400, .not_after = 172'800}));
  CHECK(root.subject == "CN=Root");
  CHECK(root.fingerprint.size() == 64);
  CHECK(root.authority);
  CHECK(root.signs_certificates);
  CHECK(root.self_issued);
  CHECK_FALSE(root.depth.has_value());
  CHECK(root.not_before == 86'400);
  CHECK(root.not_after == 172'800);
  CHECK(root.weakness.empty());
  CHECK_FALSE(root.unknown_critical);
}

TEST_CASE("a certificate that may not sign") {
  CHECK_FALSE(read(Authority({.basic_constraints = "critical,CA:FALSE"})).authority);
  CHECK_FALSE(read(Authority({.basic_constraints = "", .key_usage = "digitalSignature"})).signs_certificates);
  CHECK_FALSE(read(Authority({.key_usage = "critical,digitalSignature"})).signs_certificates);
  CHECK(read(Authority({.key_usage = ""})).signs_certificates);
  CHECK(read(Authority({.basic_constraints = "critical,CA:TRUE,pathlen:2"})).depth == 2);
  CHECK(read(Authority({.unknown_critical = true})).unknown_critical);
}

TEST_CASE("weak signatures") {
  CHECK(read(Authority({.digest = "SHA1"})).weakness == "SHA-1");
  CHECK(read(Authority({.digest = "SHA384"})).weakness.empty());
}

TEST_CASE("a signature is of one key") {
  const Authority root, same_name;
  const Authority below({.name = "West"}, root);
  CHECK(is_signed_by(read(root), read(root)));
  CHECK(is_signed_by(read(below), read(root)));
  CHECK_FALSE(is_signed_by(read(below), read(same_name)));
  CHECK_FALSE(is_signed_by(read(root), read(below)));
}

TEST_CASE("name constraints permit trust domains") {
  const auto permits_with = [](const char* constraints, const char* domain) {
    return permits(read(Authority({.name_constraints = constraints})), domain);
  };
  CHECK(permits_with("", "any.example"));
  CHECK(permits_with("critical,permitted;URI:west.example", "west.example"));
  CHECK(permits_with("critical,permitted;URI:West.Example", "west.example"));
  CHECK_FALSE(permits_with("critical,permitted;URI:west.example", "east.example"));
  CHECK_FALSE(permits_with("critical,permitted;URI:west.example", "a.west.example"));
  CHECK(permits_with("critical,permitted;URI:.west.example", "a.west.example"));
  CHECK_FALSE(permits_with("critical,permitted;URI:.west.example", "west.example"));
  CHECK_FALSE(permits_with("critical,excluded;URI:east.example", "east.example"));
  CHECK(permits_with("critical,excluded;URI:east.example", "west.example"));
  CHECK(permits_with("critical,permitted;DNS:west.example", "east.example"));
}

TEST_CASE("what a file is that holds no certificates") {
  const Authority one;
  CHECK(flaw(one.pem() + one.pem()) == PemFlaw::none);
  CHECK(flaw("the root:\n" + one.pem()) == PemFlaw::none);
  CHECK(flaw("") == PemFlaw::empty);
  CHECK(flaw(" \n") == PemFlaw::empty);
  CHECK(flaw("-----BEGIN PKCS7-----\n-----END PKCS7-----\n") == PemFlaw::pkcs7);
  CHECK(flaw("hello") == PemFlaw::no_certificate);
  CHECK(flaw(one.key()) == PemFlaw::private_key);
  CHECK(flaw(one.pem() + one.key()) == PemFlaw::private_key);
  CHECK(flaw(one.request()) == PemFlaw::request);
  CHECK(flaw(one.der()) == PemFlaw::der);
  std::string damaged = one.pem();
  damaged[40] = damaged[40] == 'A' ? 'B' : 'A';
  damaged.replace(60, 8, "!!!!!!!!");
  CHECK(flaw(damaged) == PemFlaw::damaged);
  CHECK(flaw(one.pem() + damaged) == PemFlaw::damaged);
  CHECK(flaw(one.pem() + "-----BEGIN CERTIFICATE-----\n") == PemFlaw::damaged);
}

TEST_CASE("certificates are written as blocks and nothing else") {
  const Authority one, two;
  const ReadCertificates found = read_certificates("first\n" + one.pem() + "second\n" + two.pem());
  CHECK(pem_of(found.certificates) == one.pem() + two.pem());
}

}  // namespace
}  // namespace meshfed::base
