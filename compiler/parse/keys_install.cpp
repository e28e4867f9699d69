// The rows of keys of how istiod is installed, and of whom the meshes trust.
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr Rule kAny{};
constexpr Rule kSubdomain{.format = Format::dns_subdomain};

using model::Cacerts;
using model::Install;
using model::Trust;

constexpr std::array kInstallKeys{
    key<&Install::by>("by", kAny,
                      {"",
                       "`helm`: values of Istio's charts. `sail`: an Istio object of the Sail operator. `istioctl`: an "
                       "IstioOperator file."},
                      kRequired),
    key<&Install::apply>("apply", kAny,
                         {"\"none\"",
                          "Who applies the charts: Argo CD (Applications) or Flux (HelmReleases) instead of `helm "
                          "install`. Only with `helm`."}),
    key<&Install::update>("update", kAny,
                          {"\"InPlace\"",
                           "The update strategy of the Sail operator. `RevisionBased` starts another istiod for each "
                           "version, and its name ends in the version: `revision` must be that name. Only with "
                           "`sail`."}),
};

constexpr Table kInstallTable{.name = "cluster.*.install",
                              .title = "[cluster.*.install]",
                              .meaning = "Who installs istiod. The same in `defaults` and `mesh.*`.",
                              .keys = kInstallKeys};

constexpr std::array kTrustKeys{
    key<&Trust::mode>("mode", kAny,
                      {"\"shared-root\"",
                       "`shared-root`: the authorities of all meshes have one root certificate. `roots`: they have "
                       "different ones, and each mesh also accepts those of the meshes that it talks to."}),
    key<&Trust::domains>("domains", kAny,
                         {"\"distinct\"",
                          "How a mesh accepts callers of another trust domain: policies name them by their own, or "
                          "treat them as the mesh's own accounts of the same name (`aliases`)."}),
    key<&Trust::cacerts>("cacerts", kAny,
                         {"\"none\"",
                          "Where the Secret `cacerts` comes from in every cluster that has `install`: one of these "
                          "words, or a table. Meshes may override it."}),
};

constexpr std::array kCacertsKeys{
    key<&Cacerts::from>("from", kAny,
                        {"",
                         "`external-secret`: an ExternalSecret. `cert-manager`: a Certificate. `istio-csr`: no Secret; "
                         "istio-csr signs in place of istiod."},
                        kRequired),
    key<&Cacerts::store>("store", kSubdomain, {"", "The ClusterSecretStore, for `external-secret`."}),
    key<&Cacerts::key>("key", kAny,
                       {"the mesh's name",
                        "The name in the store, for `external-secret`; its properties are the four files of Istio's "
                        "Secret: ca-cert.pem, ca-key.pem, cert-chain.pem and root-cert.pem."}),
    key<&Cacerts::issuer>("issuer", kSubdomain, {"", "The ClusterIssuer, for `cert-manager` and `istio-csr`."}),
};

constexpr Table kCacertsTable{.name = "trust.cacerts",
                              .title = "[trust.cacerts]",
                              .meaning = "Where the Secret `cacerts` comes from. The same in `mesh.*`.",
                              .keys = kCacertsKeys};

constexpr Table kTrustTable{.name = "trust",
                            .title = "[trust]",
                            .meaning = "Whose certificates the meshes accept: what is written to install istiod.",
                            .keys = kTrustKeys};

}  // namespace

template <>
const Table& table_of<Install>() {
  return kInstallTable;
}
template <>
const Table& table_of<Cacerts>() {
  return kCacertsTable;
}
template <>
const Table& table_of<Trust>() {
  return kTrustTable;
}

}  // namespace meshfed::parse
