#include "k8s/certificate.hpp"

#include <optional>

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::List;
using yaml::Map;

namespace {

std::optional<Map> constraints(const Certificate& certificate) {
  if (certificate.permitted_uri_domains.empty()) return std::nullopt;
  return Map{
      {"critical", true},
      {"permitted", Map{{"uriDomains", certificate.permitted_uri_domains}}},
  };
}

}  // namespace

// The policy of rotation is said because its default has changed: a new key each time.
Map spec(const Certificate& certificate) {
  return {
      {"secretName", certificate.meta.name},
      {"commonName", certificate.common_name},
      {"isCA", true},
      {"duration", "8760h"},
      {"renewBefore", "2190h"},
      {"usages", List{"digital signature", "cert sign", "crl sign"}},
      {"nameConstraints", constraints(certificate)},
      {"privateKey",
       Map{
           {"algorithm", "ECDSA"},
           {"size", std::int64_t{256}},
           {"rotationPolicy", "Always"},
       }},
      {"issuerRef",
       Map{
           {"group", "cert-manager.io"},
           {"kind", "ClusterIssuer"},
           {"name", certificate.issuer},
       }},
  };
}

}  // namespace meshfed::k8s
