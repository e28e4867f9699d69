#include "k8s/argo_application.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::List;
using yaml::Map;

namespace {

/// istiod closes its webhooks once it runs: Argo CD would open them again.
Map set_by_istiod() {
  return {
      {"group", "admissionregistration.k8s.io"},
      {"kind", "ValidatingWebhookConfiguration"},
      {"jqPathExpressions", List{".webhooks[]?.failurePolicy"}},
  };
}

}  // namespace

Map spec(const ArgoApplication& application) {
  return {
      {"project", "default"},
      {"destination",
       Map{
           {"name", application.cluster},
           {"namespace", application.namespace_},
       }},
      {"source",
       Map{
           {"repoURL", application.repository},
           {"chart", application.chart},
           {"targetRevision", application.version},
           {"helm",
            Map{
                {"releaseName", application.release},
                {"valuesObject", application.values},
            }},
       }},
      {"syncPolicy",
       Map{
           {"automated", Map{{"prune", false}}},
           {"managedNamespaceMetadata", Map{{"labels", application.namespace_labels}}},
           {"syncOptions", List{"CreateNamespace=true", "ServerSideApply=true", "RespectIgnoreDifferences=true"}},
       }},
      {"ignoreDifferences", List{set_by_istiod()}},
  };
}

}  // namespace meshfed::k8s
