// Rows of the table of risks about what installs istiod. The kinds differ only in where they hold the charts' values.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "diff/risks.hpp"

namespace meshfed::diff {

inline constexpr std::string_view kNoField = "-";

/// Where one kind says what it installs.
struct InstallFields {
  std::string_view kind;
  std::string_view mesh, cluster, network, trust_domain, version;
};

inline constexpr InstallFields kInstallFields[] = {
    {"HelmValues", "global.meshID", "global.multiCluster", "global.network", "meshConfig.trustDomain", kNoField},
    {"IstioOperator.install.istio.io", "spec.values.global.meshID", "spec.values.global.multiCluster",
     "spec.values.global.network", "spec.values.meshConfig.trustDomain", "spec.tag"},
    {"Istio.sailoperator.io", "spec.values.global.meshID", "spec.values.global.multiCluster",
     "spec.values.global.network", "spec.values.meshConfig.trustDomain", "spec.version"},
    {"Application.argoproj.io", "spec.source.helm.valuesObject.global.meshID",
     "spec.source.helm.valuesObject.global.multiCluster", "spec.source.helm.valuesObject.global.network",
     "spec.source.helm.valuesObject.meshConfig.trustDomain", "spec.source.targetRevision"},
    {"HelmRelease.helm.toolkit.fluxcd.io", "spec.values.global.meshID", "spec.values.global.multiCluster",
     "spec.values.global.network", "spec.values.meshConfig.trustDomain", "spec.chart.spec.version"},
    {"ExternalSecret.external-secrets.io", kNoField, kNoField, kNoField, kNoField, kNoField},
    {"Certificate.cert-manager.io", kNoField, kNoField, kNoField, kNoField, kNoField},
    {"HelmRepository.source.toolkit.fluxcd.io", kNoField, kNoField, kNoField, kNoField, kNoField},
};

constexpr std::array<RiskRule, 8> install_rules(const InstallFields& of) {
  using enum Level;
  return {{
      {"istiod-added", medium, of.kind, Action::add, "", no<moves>, "istiod is installed or changed by it"},
      {"istiod-removed", high, of.kind, Action::remove, "", no<moves>,
       "whoever applies it may uninstall istiod: pods get no sidecar, and no proxy gets configuration or certificates"},
      {"istiod-trust-domain", high, of.kind, Action::change, of.trust_domain, differs,
       "workloads get identities of another trust domain: whoever names or accepts the old one refuses them, and "
       "running "
       "pods keep the old one until they restart"},
      {"istiod-network", high, of.kind, Action::change, of.network, differs,
       "new pods are of another network than running ones, which the gateways and objects of the old one do not reach"},
      {"istiod-name", high, of.kind, Action::change, of.cluster, differs,
       "the cluster has another name: proxies and istiod disagree until all pods have restarted"},
      {"istiod-name", medium, of.kind, Action::change, of.mesh, differs, "the mesh has another ID in telemetry"},
      {"istiod-version", medium, of.kind, Action::change, of.version, differs,
       "istiod is replaced by another version: proxies follow when their pods restart"},
      {"istiod-settings", medium, of.kind, Action::change, "", nullptr,
       "istiod is installed with other settings: it may restart, and proxies read some of them when their pods "
       "restart"},
  }};
}

/// A row that the kind has a field for.
constexpr bool applies_to_kind(const RiskRule& rule) { return rule.field != kNoField; }

constexpr std::size_t count_install_rules() {
  std::size_t count = 0;
  for (const InstallFields& of : kInstallFields) {
    for (const RiskRule& rule : install_rules(of)) count += applies_to_kind(rule) ? 1 : 0;
  }
  return count;
}

/// Those rows of all kinds, after the rows of all else.
template <std::size_t kCount>
constexpr auto with_install_rules(const RiskRule (&rules)[kCount]) {
  std::array<RiskRule, kCount + count_install_rules()> all{};
  std::size_t next = 0;
  for (const RiskRule& rule : rules) all[next++] = rule;
  for (const InstallFields& of : kInstallFields) {
    for (const RiskRule& rule : install_rules(of)) {
      if (applies_to_kind(rule)) all[next++] = rule;
    }
  }
  return all;
}

}  // namespace meshfed::diff
