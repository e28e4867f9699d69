// What is written for whom.
#include "unit/install/installed.hpp"

namespace meshfed::testing {
namespace {

k8s::ClusterPlan plan_of(const std::string& toml) {
  MemoryFs fs;
  const check::Checked done = checked(fs, toml);
  return install::plan(done, done.resolved().find_cluster("tokyo-1"));
}

/// Each file behind its path, as it is written.
std::string tree(const std::string& toml) {
  std::string text;
  for (const k8s::File& file : plan_of(toml).files) {
    text += "# " + file.path + "\n";
    for (const k8s::Resource& resource : file.resources) yaml::write(k8s::document(resource), text);
  }
  return text;
}

const std::string kNamespace = R"(# namespace.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels:
    app.kubernetes.io/managed-by: meshfedc
    app.kubernetes.io/part-of: shop
    topology.istio.io/network: tokyo-vpc
  annotations:
    argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
    kustomize.toolkit.fluxcd.io/prune: disabled
)";

TEST_CASE("helm: values of two charts, and the Namespace that they go to") {
  const k8s::ClusterPlan plan = plan_of(installed("\"helm\""));
  CHECK_FALSE(plan.kustomization);
  CHECK(tree(installed("\"helm\"")) == kNamespace + R"(# base-values.yaml
defaultRevision: default
global:
  istioNamespace: istio-system
  enableReaderRBAC: false
# istiod-values.yaml
global:
  istioNamespace: istio-system
  meshID: tokyo
  network: tokyo-vpc
  multiCluster:
    clusterName: tokyo-1
  enableReaderRBAC: false
meshConfig:
  trustDomain: cluster.local
  defaultConfig:
    proxyMetadata:
      ISTIO_META_DNS_CAPTURE: "true"
)");
}

TEST_CASE("istioctl: an IstioOperator without an ingress gateway") {
  const k8s::ClusterPlan plan = plan_of(installed("\"istioctl\"", "revision = \"blue\"\n"));
  CHECK_FALSE(plan.kustomization);
  const std::string text = tree(installed("\"istioctl\"", "revision = \"blue\"\n"));
  CHECK(text.find("  profile: minimal\n  tag: 1.31.1\n  namespace: istio-system\n  revision: blue\n  values:\n") ==
        std::string::npos);
  CHECK(text.find("  profile: minimal\n  tag: \"1.31.1\"\n  namespace: istio-system\n  revision: blue\n  values:\n") !=
        std::string::npos);
}

TEST_CASE("sail: the operator derives the revision from the object's name") {
  const auto name = [](const std::string& install, const std::string& more) {
    const k8s::ClusterPlan plan = plan_of(installed(install, more));
    return k8s::meta_of(plan.files.back().resources.front()).name;
  };
  CHECK(name("\"sail\"", "") == "default");
  CHECK(name("\"sail\"", "revision = \"blue\"\n") == "blue");
  CHECK(name("{ by = \"sail\", update = \"RevisionBased\" }", "revision = \"blue-v1-31-1\"\n") == "blue");
  const std::string text = tree(installed("\"sail\"", "revision = \"blue\"\n"));
  CHECK(text.find("  version: v1.31.1\n  namespace: istio-system\n  updateStrategy:\n    type: InPlace\n  values:\n    "
                  "global:\n") != std::string::npos);
}

TEST_CASE("Argo CD: Applications for the cluster, which make the Namespace there") {
  const k8s::ClusterPlan plan = plan_of(installed("{ by = \"helm\", apply = \"argocd\" }"));
  CHECK(plan.kustomization);
  REQUIRE(plan.files.size() == 2);
  const auto& istiod = std::get<k8s::ArgoApplication>(plan.files[1].resources.front());
  CHECK(istiod.meta.name == "tokyo-1-istiod");
  CHECK(istiod.cluster == "tokyo-1");
  CHECK(istiod.version == "1.31.1");
  CHECK(istiod.namespace_labels == k8s::StringMap{{"topology.istio.io/network", "tokyo-vpc"}});
}

TEST_CASE("cacerts: where the Secret comes from, never what is in it") {
  const auto object = [](const std::string& cacerts) {
    return tree(installed("\"helm\"", "", "trust_domain = \"tokyo.example\"\ncacerts = " + cacerts + "\n"));
  };
  const std::string certificate = object("{ from = \"cert-manager\", issuer = \"root\" }");
  CHECK(certificate.find("  nameConstraints:\n    critical: true\n    permitted:\n      uriDomains:\n      - "
                         "tokyo.example\n") != std::string::npos);
  CHECK(certificate.find("  isCA: true\n") != std::string::npos);
  const std::string secret = object("{ from = \"external-secret\", store = \"vault\" }");
  for (const char* entry : {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"})
    CHECK(secret.find(std::string("- secretKey: ") + entry +
                      "\n    remoteRef:\n      key: tokyo\n      property: " + entry + "\n") != std::string::npos);
  const std::string csr = object("{ from = \"istio-csr\", issuer = \"root\" }");
  CHECK(csr.find("# cacerts.yaml") == std::string::npos);
  CHECK(csr.find("    ENABLE_CA_SERVER: \"false\"\n") != std::string::npos);
}

TEST_CASE("Flux: base comes before istiod") {
  const k8s::ClusterPlan plan = plan_of(installed("{ by = \"helm\", apply = \"flux\" }"));
  REQUIRE(plan.files.size() == 4);
  const auto& istiod = std::get<k8s::HelmRelease>(plan.files[3].resources.front());
  CHECK(istiod.after == "istio-base");
  CHECK(istiod.repository == k8s::meta_of(plan.files[1].resources.front()).name);
}

}  // namespace
}  // namespace meshfed::testing
