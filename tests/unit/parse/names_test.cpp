// Every name that a federation holds, with the rule that Kubernetes or Istio has for what it names: what they take is
// taken, and what they refuse is refused, by one report.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using Strings = std::vector<std::string>;

const std::string k63(63, 'a');
const std::string k64(64, 'a');
const std::string k253 = k63 + "." + k63 + "." + k63 + "." + std::string(61, 'a');

// IsDNS1123Label
const Strings kLabels = {"a", "0", "1-30", k63};
const Strings kNoLabels = {"A", "a_b", "a.b", "-a", "a-", "a b", k64};
// IsDNS1123Subdomain
const Strings kSubdomains = {"a", "1", "a.1", "opts-v1.2", "1.2.3", k253};
const Strings kNoSubdomains = {"A", "a_b", "a..b", "a.", ".a", "-a", "a.-b", k253 + "a"};
// The same, and the top level is not a number: istiod's ValidateFQDN
const Strings kHosts = {"a", "a.b", "1.a", k253};
const Strings kNoHosts = {"a.1", "1.2.3", "A", "a_b", "a..b", "*.a", k253 + "a"};
// IsValidLabelValue
const Strings kValues = {"A", "a_b", "a.b", "1", "A-b_c.9", k63};
const Strings kNoValues = {"-a", "a-", "_a", "a.", "a b", "a/b", k64};
// IsQualifiedName
const Strings kKeys = {"a", "A_b.c", "a.b/C", "1.2/a", "v1.2/a", k253 + "/" + k63};
const Strings kNoKeys = {"a/", "/a", "a/b/c", "A/b", "a_b/c", "a b", k64, k253 + "a/b"};

/// Where a name stands: the file with `{}` in its place, and what may stand there.
struct Place {
  std::string what;
  std::string toml;
  Strings right;
  Strings wrong;
};

std::string gateway(const std::string& key) {
  return "[cluster.c]\nmesh = \"m\"\nnetwork = \"n\"\ngateway.addresses = [\"192.0.2.1\"]\ngateway." + key + "\n";
}

std::string exported(const std::string& key) {
  return "[export.e]\nnamespace = \"shop\"\nports = [{{ name = \"http\", number = 80 }}]\nfrom = [\"m\"]\n" + key +
         "\n";
}

const std::vector<Place> kPlaces = {
    // Names of ours, which become parts of names of objects.
    {"a mesh", "[mesh.\"{}\"]\n", kLabels, kNoLabels},
    {"a network", "[network.\"{}\"]\n", kLabels, kNoLabels},
    {"a cluster", "[cluster.\"{}\"]\nmesh = \"m\"\nnetwork = \"n\"\n", kLabels, kNoLabels},
    {"an export", "[export.\"{}\"]\nnamespace = \"a\"\nports = [{{ name = \"http\", number = 80 }}]\nfrom = [\"m\"]\n",
     kLabels, kNoLabels},
    // Namespaces.
    {"a namespace", "[export.e]\nnamespace = \"{}\"\nports = [{{ name = \"http\", number = 80 }}]\nfrom = [\"m\"]\n",
     kLabels, kNoLabels},
    {"the root namespace", "[mesh.m]\nroot_namespace = \"{}\"\n", kLabels, kNoLabels},
    {"the namespace of imports", "[defaults]\nimport_namespace = \"{}\"\n", kLabels, kNoLabels},
    {"the namespace of an egress gateway",
     "[cluster.c]\nmesh = \"m\"\nnetwork = \"n\"\negress_gateway.namespace = \"{}\"\n", kLabels, kNoLabels},
    {"a namespace that sees a host", exported("visible_to = [\"{}\"]"), kLabels, kNoLabels},
    // Trust domains: istiod's ValidateTrustDomain.
    {"a trust domain", "[mesh.m]\ntrust_domain = \"{}\"\n", kSubdomains, kNoSubdomains},
    // Objects of the control plane are named after a revision, and it is the value of a label.
    {"a revision", "[defaults]\nrevision = \"{}\"\n", kLabels, {"A", "a_b", "-a", "a-", k64, "a." + k63}},
    // Domains and hosts.
    {"the domain", "[defaults]\ncluster_domain = \"{}\"\n", kHosts, kNoHosts},
    {"a host", exported("host = \"{}\""), kHosts, kNoHosts},
    // ServiceAccounts and ConfigMaps.
    {"a service account", exported("service_accounts = [\"{}\"]"), kSubdomains, kNoSubdomains},
    {"a caller's account", exported("callers = [\"m/shop/{}\"]"), kSubdomains, kNoSubdomains},
    {"a caller's namespace", exported("callers = [\"m/{}/web\"]"), kLabels, kNoLabels},
    {"a caller's mesh", exported("callers = [\"{}/*\"]"), kLabels, kNoLabels},
    {"a gateway's ConfigMap", gateway("parameters = \"{}\""), kSubdomains, kNoSubdomains},
    {"an egress gateway's ConfigMap",
     "[cluster.c]\nmesh = \"m\"\nnetwork = \"n\"\negress_gateway.parameters = \"{}\"\n", kSubdomains, kNoSubdomains},
    // Services, their ports, and Gateways, for which istiod makes Services.
    {"a port", "[export.e]\nnamespace = \"a\"\nports = [{{ name = \"{}\", number = 80 }}]\nfrom = [\"m\"]\n", kLabels,
     kNoLabels},
    {"a Service", exported("service = \"{}\""), kLabels, kNoLabels},
    {"a gateway", gateway("name = \"{}\""), kLabels, kNoLabels},
    // Labels.
    {"a canonical name", exported("canonical_name = \"{}\""), kValues, kNoValues},
    {"a label's value", exported("selector = {{ app = \"{}\" }}"), kValues, kNoValues},
    {"a label's key", exported("selector = {{ \"{}\" = \"a\" }}"), kKeys, kNoKeys},
    {"the value of a gateway's label", gateway("selector = {{ app = \"{}\" }}"), kValues, kNoValues},
    {"the key of a gateway's label", gateway("selector = {{ \"{}\" = \"a\" }}"), kKeys, kNoKeys},
    {"a region",
     "[cluster.c]\nmesh = \"m\"\nnetwork = \"n\"\nlocality = \"{}\"\n",
     kValues,
     {"-a", "a-", "_a", "a.", "a b", k64}},
};

std::size_t flaws(const Place& place, const std::string& name) {
  const Loaded loaded("version = 1\n[federation]\nname = \"x\"\n" + fmt::format(fmt::runtime(place.toml), name));
  return loaded.sink.errors();
}

TEST_CASE("names: what Kubernetes and Istio take is taken, and nothing else") {
  for (const Place& place : kPlaces) {
    CAPTURE(place.what);
    for (const std::string& name : place.right) {
      CAPTURE(name);
      CHECK(flaws(place, name) == 0);
    }
    for (const std::string& name : place.wrong) {
      CAPTURE(name);
      CHECK(flaws(place, name) == 1);
    }
  }
}

}  // namespace
}  // namespace meshfed::testing
