// ExternalSecret: a Secret whose content stays in a store elsewhere. Of one key in the store, a property for each
// entry. https://external-secrets.io/latest/api/externalsecret/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct ExternalSecret {
  static constexpr std::string_view kGroup = "external-secrets.io", kVersion = "v1", kKind = "ExternalSecret";

  Meta meta;  // the Secret has the same name
  std::string store;
  std::string key;
  std::vector<std::string> entries;

  bool operator==(const ExternalSecret&) const = default;
};

yaml::Map spec(const ExternalSecret& secret);

}  // namespace meshfed::k8s
