// Certificate of cert-manager: of a certificate authority, in a Secret of type kubernetes.io/tls, which istiod reads.
// https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct Certificate {
  static constexpr std::string_view kGroup = "cert-manager.io", kVersion = "v1", kKind = "Certificate";

  Meta meta;  // the Secret has the same name
  std::string common_name;
  std::string issuer;                                   // a ClusterIssuer
  std::vector<std::string> permitted_uri_domains = {};  // name constraints; empty: none

  bool operator==(const Certificate&) const = default;
};

yaml::Map spec(const Certificate& certificate);

}  // namespace meshfed::k8s
