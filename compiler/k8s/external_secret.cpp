#include "k8s/external_secret.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::Map;

Map spec(const ExternalSecret& secret) {
  const auto entry = [&](const std::string& name) -> Map {
    return {
        {"secretKey", name},
        {"remoteRef",
         Map{
             {"key", secret.key},
             {"property", name},
         }},
    };
  };
  return {
      {"refreshInterval", "1h"},
      {"secretStoreRef",
       Map{
           {"kind", "ClusterSecretStore"},
           {"name", secret.store},
       }},
      {"target",
       Map{
           {"name", secret.meta.name},
           {"creationPolicy", "Owner"},
       }},
      {"data", each(secret.entries, entry)},
  };
}

}  // namespace meshfed::k8s
