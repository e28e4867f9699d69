#include "parse/secrets.hpp"

#include <algorithm>
#include <string_view>

#include "base/ascii.hpp"

namespace meshfed::parse {
namespace {

using source::Span;

bool is_token_byte(char c) {
  return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '+' || c == '/' || c == '=';
}

std::size_t token_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_token_byte(text[at])) ++at;
  return at;
}

class Search {
 public:
  Search(source::Manager& files, source::FileId file, diag::Sink& sink) : files_(files), file_(file), sink_(sink) {}

  /// A PEM block of a private key, to the end of its END line.
  void pem() {
    constexpr std::string_view kBegin = "-----BEGIN ";
    for (std::size_t at = text().find(kBegin); at != std::string_view::npos; at = text().find(kBegin, at + 1)) {
      const std::size_t title_end = text().find("-----", at + kBegin.size());
      if (title_end == std::string_view::npos) return;
      if (!text().substr(at, title_end - at).ends_with("PRIVATE KEY")) continue;
      const std::size_t closing = text().find("-----END ", title_end);
      const std::size_t end =
          closing == std::string_view::npos ? text().size() : text().find_first_of("\"'\n", closing);
      found(at, std::min(end, text().size()), "a private key");
    }
  }

  /// A run of token bytes that begins with `prefix`, is at least `length` bytes long, and holds at least `dots` dots.
  void token(std::string_view prefix, std::size_t length, std::ptrdiff_t dots, std::string_view what) {
    for (std::size_t at = text().find(prefix); at != std::string_view::npos; at = text().find(prefix, at + 1)) {
      if (at > 0 && is_token_byte(text()[at - 1])) continue;
      const std::size_t end = token_end(text(), at);
      const std::string_view run = text().substr(at, end - at);
      if (run.size() >= length && std::count(run.begin(), run.end(), '.') >= dots) found(at, end, what);
    }
  }

  /// The rest of the line after a key that only kubeconfigs have.
  void kubeconfig() {
    for (const std::string_view key : {"client-key-data:", "client-certificate-data:", "certificate-authority-data:"}) {
      for (std::size_t at = text().find(key); at != std::string_view::npos; at = text().find(key, at + 1)) {
        found(at, std::min(text().find('\n', at), text().size()), "a kubeconfig");
      }
    }
  }

 private:
  std::string_view text() const { return files_.text(file_); }

  void found(std::size_t begin, std::size_t end, std::string_view what) {
    const Span span{file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    sink_.report(span, diag::SecretInFile, what);
    files_.mask(span);
  }

  source::Manager& files_;
  source::FileId file_;
  diag::Sink& sink_;
};

}  // namespace

void mask_secrets(source::Manager& files, source::FileId file, diag::Sink& sink) {
  Search search(files, file, sink);
  search.pem();
  search.kubeconfig();
  search.token("LS0tLS1CRUdJTiB", 64, 0, "a PEM file in base64");
  search.token("eyJ", 40, 2, "a JSON Web Token");
  search.token("ghp_", 40, 0, "an access token");
  search.token("github_pat_", 40, 0, "an access token");
  search.token("glpat-", 26, 0, "an access token");
  search.token("AKIA", 20, 0, "an access key");
}

}  // namespace meshfed::parse
