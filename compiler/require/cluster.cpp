// What one cluster must be: its Istio, its settings, its secret.
#include <fmt/format.h>

#include "base/text.hpp"
#include "install/install.hpp"
#include "model/naming.hpp"
#include "require/elsewhere.hpp"

namespace meshfed::require {
namespace {

using model::Istio;

/// As known on 2026-11-29: the patch of each minor with fixes that a federation needs (of reading TLSRoutes, of
/// selecting pods, of policies).
constexpr int kLeastPatch[] = {8, 9, 10, 7, 4, 0, 0};
static_assert(std::size(kLeastPatch) == std::size(model::kWords<Istio>));

/// Calls `visit(path, value)` for every scalar.
template <class Visit>
void each_scalar(const std::string& path, const yaml::Value& value, Visit visit) {
  if (const auto* map = std::get_if<yaml::Map>(&value.data())) {
    for (const yaml::Entry& entry : *map)
      each_scalar(path.empty() ? entry.key : path + "." + entry.key, entry.value, visit);
  } else if (const auto* list = std::get_if<yaml::List>(&value.data())) {
    std::size_t number = 0;
    for (const yaml::Value& item : *list) each_scalar(fmt::format("{}[{}]", path, number++), item, visit);
  } else {
    visit(path, value);
  }
}

std::string shown(const yaml::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data())) return *flag ? "true" : "false";
  const auto* text = std::get_if<std::string>(&value.data());
  return text && text->starts_with("-----BEGIN") ? "the root certificate of the other mesh" : text ? *text : "";
}

void add_versions(const Place& at, Found& found) {
  const model::IstioVersion& istio = *at.settings().istio;
  const int least = kLeastPatch[static_cast<std::size_t>(istio.minor)];
  const std::string minimum = fmt::format("{}.{}", model::word(istio.minor), least);
  if (istio.patch) found.add("istio-version", fmt::format("istiod is {}", model::word(istio)), "istioctl version");
  if (!istio.is_at_least(least))
    found.add("istio-patch",
              fmt::format("istiod is {} or a later patch, which contains fixes that federations need", minimum),
              "istioctl version", "MF0705");
  found.add("gateway-api",
            fmt::format("the Gateway API CRDs are those of {}, channel {}; OpenShift 4.19 and later brings its own",
                        model::word(at.resolved.bundle(at.id)), model::word(*at.settings().gateway_api_channel)),
            "kubectl get crd gateways.gateway.networking.k8s.io -o yaml | grep gateway.networking.k8s.io/", "MF0702");
}

/// Where istiod is installed by others: the values that meshfedc would have written.
void add_installation(const Place& at, Found& found) {
  if (at.resolved.installs(at.id)) return;
  const k8s::IstioValues values = install::values_of(at.resolved, at.id);
  each_scalar("", k8s::istiod_values(values), [&](const std::string& path, const yaml::Value& value) {
    if (path == "global.hub" || path == "global.enableReaderRBAC" || path == "global.istioNamespace") return;
    found.add("istiod-setting", fmt::format("istiod is installed with `{}` = `{}`", path, shown(value)),
              fmt::format("kubectl get configmap -n {} istio{} -o yaml", values.ns,
                          values.revision.empty() ? "" : "-" + values.revision));
  });
  if (!values.hub.empty())
    found.add("registry", "images come from `docker.io/istio`: other hosting of this version ends in December 2026",
              fmt::format("kubectl get pods -n {} -o jsonpath='{{.items[*].spec.containers[*].image}}'", values.ns));
}

void add_network_label(const Place& at, Found& found) {
  if (at.resolved.installs(at.id)) return;
  found.add(
      "network-label",
      fmt::format("the Namespace {} has the label `{}={}`", at.root_namespace(), model::kNetworkLabel, at.network()),
      fmt::format("kubectl get namespace {} --show-labels", at.root_namespace()));
}

/// Operators that make the Secret, or sign in istiod's place.
void add_operators(const Place& at, const model::Cacerts& cacerts, Found& found) {
  const model::Mesh& mesh = at.resolved.mesh_of(at.id);
  switch (*cacerts.from) {
    case model::CacertsFrom::none:
      return;
    case model::CacertsFrom::external_secret:
      found.add(
          "external-secrets",
          fmt::format("the External Secrets operator serves external-secrets.io/v1, and the ClusterSecretStore {} "
                      "has the four files as properties of `{}`",
                      *cacerts.store, cacerts.key.given() ? *cacerts.key : *mesh.name),
          fmt::format("kubectl get externalsecret cacerts -n {}", at.root_namespace()));
      return;
    case model::CacertsFrom::cert_manager:
      found.add(
          "cert-manager",
          fmt::format("the ClusterIssuer {} signs with the root itself, because istiod takes `ca.crt` for the root; "
                      "cert-manager runs with the feature gate NameConstraints",
                      *cacerts.issuer),
          fmt::format("kubectl get certificate cacerts -n {}", at.root_namespace()));
      return;
    case model::CacertsFrom::istio_csr:
      found.add("istio-csr",
                fmt::format("istio-csr runs in the namespace cert-manager with `app.server.clusterID` = `{}`, "
                            "`app.tls.trustDomain` = `{}` and the ClusterIssuer {}",
                            *at.cluster().name, *mesh.trust_domain, *cacerts.issuer),
                "kubectl get deployment -n cert-manager cert-manager-istio-csr -o yaml");
      return;
  }
}

void add_certificates(const Place& at, Found& found) {
  const model::Cacerts& cacerts = *at.resolved.cacerts(at.resolved.clusters[at.id].mesh);
  add_operators(at, cacerts, found);
  if (*cacerts.from == model::CacertsFrom::istio_csr) return;
  const bool roots = *at.resolved.federation.trust->mode == model::TrustMode::roots;
  found.add(
      "cacerts",
      roots ? fmt::format("the Secret cacerts in {} contains an intermediate certificate of the mesh's own root",
                          at.root_namespace())
            : fmt::format("the Secret cacerts in {} contains an intermediate certificate of the root that all "
                          "meshes share",
                          at.root_namespace()),
      fmt::format("kubectl get secret cacerts -n {} -o jsonpath='{{.data.root-cert\\.pem}}' | base64 -d | openssl "
                  "x509 -noout -subject -fingerprint -sha256",
                  at.root_namespace()),
      "MF1234");
}

void add_mesh_wide_settings(const Place& at, Found& found) {
  const std::string config = fmt::format("kubectl get configmap -n {} istio -o yaml", at.root_namespace());
  if (*at.settings().istio >= Istio::v1_31)
    found.add(
        "service-entry-visibility",
        "`meshConfig.serviceEntryVisibility` is not set, or PUBLIC, or does not apply to sidecars: else imported hosts "
        "are hidden",
        config);
  std::vector<std::string> namespaces = at.namespaces();
  if (!namespaces.empty())
    found.add("discovery-selectors",
              fmt::format("`meshConfig.discoverySelectors` is not set, or selects the namespaces {}",
                          base::join(namespaces, ", ", 20)),
              config);
  found.add("sidecars", "no Sidecar restricts the `egress.hosts` of callers to other hosts", "kubectl get sidecars -A");
  found.add("compatibility",
            fmt::format("`compatibilityVersion` is not set: an older one changes failover and the merging of gateways"),
            fmt::format("kubectl get deployment -n {} -l app=istiod -o yaml", at.root_namespace()));
}

}  // namespace

ClusterRequirements requirements_of(const check::Checked& checked, model::ClusterId id) {
  const Place at{checked.resolved(), id};
  Found found{{*at.cluster().name, {}}};
  add_versions(at, found);
  add_installation(at, found);
  add_network_label(at, found);
  add_certificates(at, found);
  add_mesh_wide_settings(at, found);
  add_gateways(at, found);
  add_connections(at, found);
  return std::move(found.all);
}

}  // namespace meshfed::require
