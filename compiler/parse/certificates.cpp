#include "parse/certificates.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/path.hpp"
#include "base/text.hpp"

namespace meshfed::parse {
namespace {

using model::CertificateFile;
using model::Name;

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

bool climbs(std::string_view path) {
  if (path.starts_with('/')) return true;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

/// What a file contains in place of certificates, and what to do about it.
struct Flaw {
  std::string_view seen;
  std::string help;
};

Flaw describe(base::PemFlaw flaw, const std::string& path) {
  switch (flaw) {
    case base::PemFlaw::empty:
      return {"nothing", "copy the certificate to it"};
    case base::PemFlaw::request:
      return {"a certificate request", "name the certificate that was issued for the request"};
    case base::PemFlaw::pkcs7:
      return {"a PKCS #7 bundle", fmt::format("convert it, such as with `openssl pkcs7 -in {} -print_certs`", path)};
    case base::PemFlaw::der:
      return {"a certificate in DER form",
              fmt::format("convert it, such as with `openssl x509 -in {} -inform DER`", path)};
    case base::PemFlaw::damaged:
      return {"a damaged certificate",
              "copy it again, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`"};
    case base::PemFlaw::none:
    case base::PemFlaw::private_key:
    case base::PemFlaw::no_certificate:
      break;
  }
  return {"something else", "name a file with a block that begins with `-----BEGIN CERTIFICATE-----`"};
}

class Reader {
 public:
  Reader(base::Fs& fs, const std::string& entry, diag::Sink& sink)
      : fs_(fs), sink_(sink), directory_(base::directory_of(entry)), root_(fs.canonical(directory_).value) {}

  void read(Name& name, CertificateFile& out) {
    if (!name.given()) return;
    const std::optional<std::string> text = text_of(name);
    if (text && take(name, *text, out)) return;
    name.state = model::State::bad;
  }

 private:
  bool is_below_root(const std::string& canonical) const {
    return canonical.starts_with(root_.ends_with('/') ? root_ : root_ + "/");
  }

  std::optional<std::string> text_of(const Name& name) {
    if (climbs(*name)) return outside(name);
    const auto canonical = fs_.canonical(base::below(directory_, *name));
    if (!canonical.ok()) return unreadable(name, canonical.error);
    if (!is_below_root(canonical.value)) return outside(name);
    auto text = fs_.read_regular(canonical.value, kMaxBytes);
    if (!text.ok()) return unreadable(name, text.error);
    return std::move(text.value);
  }

  std::optional<std::string> outside(const Name& name) {
    sink_.report(name.span, diag::CertificateOutside, *name);
    return std::nullopt;
  }

  std::optional<std::string> unreadable(const Name& name, int error) {
    const bool special = error == EINVAL || error == EISDIR;
    if (error == EFBIG)
      sink_.report(name.span, diag::CertificateUnreadable, *name, "it is larger than 1 MiB")
          .advise("name a file with the certificates alone");
    else
      sink_.report(name.span, diag::CertificateUnreadable, *name, special ? "it is no file" : std::strerror(error));
    return std::nullopt;
  }

  bool take(const Name& name, const std::string& text, CertificateFile& out) {
    base::ReadCertificates found = base::read_certificates(text);
    if (found.flaw == base::PemFlaw::private_key) {
      sink_.report(name.span, diag::PrivateKeyNamed, *name);
      return false;
    }
    if (found.flaw != base::PemFlaw::none) {
      const Flaw flaw = describe(found.flaw, *name);
      sink_.report(name.span, diag::NotACertificate, *name, flaw.seen).advise(flaw.help);
      return false;
    }
    out.pem = base::pem_of(found.certificates);
    out.certificates = std::move(found.certificates);
    return true;
  }

  base::Fs& fs_;
  diag::Sink& sink_;
  std::string directory_;  // the main file's, to be opened
  std::string root_;       // the same, free of links
};

}  // namespace

void read_certificate_files(base::Fs& fs, const std::string& entry, model::Federation& federation, diag::Sink& sink) {
  Reader reader(fs, entry, sink);
  for (model::Mesh& mesh : federation.meshes) {
    reader.read(mesh.root, mesh.root_file);
    reader.read(mesh.intermediate, mesh.intermediate_file);
    for (const CertificateFile* file : {&mesh.root_file, &mesh.intermediate_file})
      for (const base::Certificate& one : file->certificates) federation.digest += one.fingerprint;
  }
}

}  // namespace meshfed::parse
