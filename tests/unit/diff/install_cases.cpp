#include "unit/diff/risk_cases.hpp"

namespace meshfed::testing {
namespace {

/// An object of one of the kinds that install istiod, with one of its fields.
using Written = std::string (*)(const std::string& path, const std::string& value);

/// "{a: {b: value}}" of "a.b"
std::string nested(const std::string& path, const std::string& value) {
  const std::size_t dot = path.find('.');
  if (dot == std::string::npos) return "{" + path + ": " + value + "}";
  return "{" + path.substr(0, dot) + ": " + nested(path.substr(dot + 1), value) + "}";
}

std::string body(const std::string& inner) { return inner.substr(1, inner.size() - 2); }

std::string helm_values(const std::string& path, const std::string& value) {
  return "{apiVersion: v1, kind: HelmValues, metadata: {name: istiod}, " + body(nested(path, value)) + "}";
}
std::string iop(const std::string& path, const std::string& value) {
  return object("install.istio.io/v1alpha1", "IstioOperator", "istio", body(nested("values." + path, value)));
}
std::string sail(const std::string& path, const std::string& value) {
  return object("sailoperator.io/v1", "Istio", "default", body(nested("values." + path, value)));
}
std::string application(const std::string& path, const std::string& value) {
  return object("argoproj.io/v1alpha1", "Application", "istiod",
                body(nested("source.helm.valuesObject." + path, value)));
}
std::string release(const std::string& path, const std::string& value) {
  return object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "istiod", body(nested("values." + path, value)));
}
std::string repository(const std::string& path, const std::string& value) {
  return object("source.toolkit.fluxcd.io/v1", "HelmRepository", "istio", body(nested(path, value)));
}

std::string external_secret(const std::string& path, const std::string& value) {
  return object("external-secrets.io/v1", "ExternalSecret", "cacerts", body(nested(path, value)));
}
std::string certificate(const std::string& path, const std::string& value) {
  return object("cert-manager.io/v1", "Certificate", "cacerts", body(nested(path, value)));
}

void add_cases(Written written, std::vector<Case>& cases) {
  const std::string some = written("a", "b");
  cases.push_back({"istiod comes", kNone, some, "istiod-added:medium"});
  cases.push_back({"istiod goes", some, kNone, "istiod-removed:high"});
  cases.push_back({"another setting", some, written("a", "c"), "istiod-settings:medium"});
}

void add_cases_of_values(Written written, std::vector<Case>& cases) {
  add_cases(written, cases);
  const auto edit = [&](const std::string& what, const std::string& path, const char* rules) {
    cases.push_back({what, written(path, "a"), written(path, "b"), rules});
  };
  edit("another trust domain", "meshConfig.trustDomain", "istiod-trust-domain:high");
  edit("another network", "global.network", "istiod-network:high");
  edit("another name", "global.multiCluster.clusterName", "istiod-name:high");
  edit("another mesh", "global.meshID", "istiod-name:medium");
}

}  // namespace

std::vector<Case> install_cases() {
  std::vector<Case> cases;
  for (const Written written : {helm_values, iop, sail, application, release}) add_cases_of_values(written, cases);
  for (const Written written : {repository, external_secret, certificate}) add_cases(written, cases);
  const std::string labelled =
      "{apiVersion: v1, kind: Namespace, metadata: {name: ns, labels: {topology.istio.io/network: ";
  cases.push_back(
      {"another network of the root namespace", labelled + "a}}}", labelled + "b}}}", "namespace-network:high"});
  const auto version = [&](const std::string& before, const std::string& after) {
    cases.push_back({"another version", before, after, "istiod-version:medium"});
  };
  version(object("install.istio.io/v1alpha1", "IstioOperator", "istio", "tag: a"),
          object("install.istio.io/v1alpha1", "IstioOperator", "istio", "tag: b"));
  version(object("sailoperator.io/v1", "Istio", "default", "version: a"),
          object("sailoperator.io/v1", "Istio", "default", "version: b"));
  version(object("argoproj.io/v1alpha1", "Application", "istiod", "source: {targetRevision: a}"),
          object("argoproj.io/v1alpha1", "Application", "istiod", "source: {targetRevision: b}"));
  version(object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "istiod", "chart: {spec: {version: a}}"),
          object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "istiod", "chart: {spec: {version: b}}"));
  return cases;
}

}  // namespace meshfed::testing
