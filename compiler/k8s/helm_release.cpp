#include "k8s/helm_release.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;
using yaml::List;
using yaml::Map;

namespace {

List dependencies(const HelmRelease& release) {
  if (release.after.empty()) return {};
  return List{Map{{"name", release.after}}};
}

}  // namespace

Map spec(const HelmRelease& release) {
  return {
      {"interval", "1h"},
      {"releaseName", release.meta.name},
      {"dependsOn", if_any(dependencies(release))},
      {"chart", Map{{"spec",
                     Map{
                         {"chart", release.chart},
                         {"version", release.version},
                         {"sourceRef",
                          Map{
                              {"kind", "HelmRepository"},
                              {"name", release.repository},
                          }},
                     }}}},
      {"values", release.values},
  };
}

}  // namespace meshfed::k8s
