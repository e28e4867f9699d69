#include "k8s/istio_values.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

Map authority(const IstioValues::Authority& authority) {
  return {
      {"pem", if_any(authority.pem)},
      {"trustDomains", if_any(authority.trust_domains)},
  };
}

Map mesh_config(const IstioValues& values) {
  return {
      {"trustDomain", values.trust_domain},
      {"trustDomainAliases", if_any(values.trust_domain_aliases)},
      {"caCertificates", if_any(each(values.authorities, authority))},
      {"defaultConfig", if_any(Map{{"proxyMetadata", if_any(values.proxy_metadata)}})},
  };
}

}  // namespace

Map base_values(const IstioValues& values) {
  return {
      {"defaultRevision", values.revision.empty() ? "default" : values.revision},
      {"global",
       Map{
           {"istioNamespace", values.ns},
           {"enableReaderRBAC", values.readers},
       }},
  };
}

Map istiod_values(const IstioValues& values) {
  return {
      {"revision", if_any(values.revision)},
      {"global",
       Map{
           {"istioNamespace", values.ns},
           {"meshID", values.mesh_id},
           {"network", values.network},
           {"multiCluster", Map{{"clusterName", values.cluster}}},
           {"caAddress", if_any(values.authority_address)},
           {"hub", if_any(values.hub)},
           {"enableReaderRBAC", values.readers},
           {"proxy", if_any(Map{{"clusterDomain", if_any(values.cluster_domain)}})},
       }},
      {"meshConfig", mesh_config(values)},
      {"pilot", if_any(Map{{"env", if_any(values.environment)}})},
  };
}

Map istiod_values_without_revision(IstioValues values) {
  values.revision.clear();
  return istiod_values(values);
}

}  // namespace meshfed::k8s
