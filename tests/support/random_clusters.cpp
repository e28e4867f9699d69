#include <algorithm>

#include <fmt/format.h>

#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

std::string egress_word(Random& random) { return random.chance(50) ? "gateway" : "direct"; }

/// Keys that may stand in [defaults], [mesh.*] and [cluster.*] alike.
void settings(Random& random, TomlTable& into, unsigned percent) {
  const auto maybe = [&](const std::string& line) {
    if (random.chance(percent)) into.lines.push_back(line);
  };
  maybe(fmt::format("revision = \"rev-{}\"", random.below(5)));
  maybe(fmt::format("mtls = \"{}\"", random.pick<std::string>({"strict", "permissive", "unmanaged"})));
  maybe(fmt::format("dns_capture = {}", random.chance(70)));
  maybe(fmt::format("namespaces = \"{}\"", random.pick<std::string>({"create", "assume"})));
  maybe(fmt::format("kustomization = {}", random.chance(50)));
  maybe(fmt::format("files = \"{}\"", random.pick<std::string>({"host", "namespace"})));
  maybe(fmt::format("import_namespace = \"imports-{}\"", random.below(3)));
  maybe("outlier = " + random_outlier(random));
  maybe(fmt::format("accept = [\"{}\"]", random.pick<std::string>({"MF0429", "MF0704", "MF0705", "MF0607"})));
}

void defaults(Draft& draft) {
  TomlTable& defaults = draft.table("defaults");
  const std::string patch = draft.random.chance(30) ? fmt::format(".{}", draft.random.below(8)) : "";
  defaults.lines.push_back(fmt::format("istio = \"1.{}{}\"", draft.random.between(26, 32), patch));
  if (draft.random.chance(20)) defaults.lines.push_back("dataplane = \"sidecar\"");
  if (draft.random.chance(30)) defaults.lines.push_back("cluster_domain = \"cluster.example\"");
  settings(draft.random, defaults, 25);
  if (draft.random.chance(30)) defaults.lines.push_back(fmt::format("egress = \"{}\"", egress_word(draft.random)));
}

void network(Draft& draft, std::size_t mesh) {
  Random& random = draft.random;
  const std::size_t id = draft.networks.size();
  draft.networks.push_back(fmt::format("net-{}", id));
  // A port of its own for every network: two of them may leave one cluster by one egress gateway.
  draft.table(fmt::format("network.net-{}", id)).lines.push_back(fmt::format("egress_port = {}", 15443 + id));
  const bool gateways = id < 2 || random.chance(70);
  const bool pending = gateways && id >= 2 && random.chance(12);
  const bool router = gateways && random.chance(20);
  for (std::size_t n = random.between(1, 2); n > 0; --n) {
    DraftCluster cluster;
    cluster.name = fmt::format("c{}", draft.clusters.size());
    cluster.mesh = mesh;
    cluster.network = id;
    cluster.gateway = gateways;
    cluster.pending = pending;
    cluster.router = router;
    cluster.table.header = "cluster." + cluster.name;
    cluster.table.lines = {fmt::format("mesh = \"mesh-{}\"", mesh), fmt::format("network = \"net-{}\"", id)};
    // Who may be a source says where it is; of others that is not known everywhere.
    if (draft.localities && (gateways || random.chance(60)))
      cluster.table.lines.push_back(fmt::format("locality = \"region-{}/zone-{}\"", mesh, id));
    settings(random, cluster.table, 8);
    draft.clusters.push_back(cluster);
  }
}

/// Trust domains are all equal or all distinct, and one of the distinct ones may be Istio's default.
void meshes(Draft& draft) {
  Random& random = draft.random;
  const std::size_t count = random.between(2, 5);
  const std::size_t default_domain = random.chance(60) ? random.below(count) : count;
  for (std::size_t id = 0; id < count; ++id) {
    DraftMesh mesh{.name = fmt::format("mesh-{}", id)};
    TomlTable& own = draft.table("mesh." + mesh.name);
    if (!draft.equal_domains && id != default_domain) {
      mesh.trust_domain = fmt::format("td{}.example", id);
      own.lines.push_back(fmt::format("trust_domain = \"{}\"", mesh.trust_domain));
    }
    if (random.chance(25)) {
      mesh.root_namespace = "mesh-system";
      own.lines.push_back("root_namespace = \"mesh-system\"");
    }
    settings(random, own, 10);
    draft.meshes.push_back(mesh);
    const std::size_t first = draft.clusters.size();
    for (std::size_t n = random.between(1, 2); n > 0; --n) network(draft, id);
    if (!random.chance(20)) continue;
    // Of several clusters that read each other, much would have to be alike.
    const bool alone = draft.clusters.size() == first + 1;
    const auto table = std::ranges::find(draft.result.tables, "mesh." + draft.meshes.back().name, &TomlTable::header);
    table->lines.push_back(fmt::format("remote_secrets = {}", alone));
  }
}

/// One of a gateway's addresses, as some viewers dial it.
std::string address(Draft& draft, std::size_t cluster, std::size_t view, std::size_t number) {
  if (draft.host_names && draft.random.chance(40)) return fmt::format("gw{}-{}-{}.example.net", cluster, view, number);
  if (draft.random.chance(25)) return fmt::format("2001:db8:{:x}:{:x}::{}", view + 1, cluster + 1, number);
  return view == 0 ? fmt::format("192.0.2.{}", 100 * (number - 1) + cluster + 1)
                   : fmt::format("10.{}.{}.{}", view, cluster + 1, number);
}

std::string addresses(Draft& draft, std::size_t cluster, std::size_t view) {
  Strings list = {address(draft, cluster, view, 1)};
  if (draft.random.chance(25)) list.push_back(address(draft, cluster, view, 2));
  return quoted_list(list);
}

std::string router(Draft& draft, std::size_t id, bool existing) {
  return fmt::format("gateway.router = {{ addresses = {}{} }}", addresses(draft, id, 0),
                     existing ? ", service = \"shared-ingress\"" : "");
}

std::string replicas(Random& random) {
  const std::size_t least = random.between(1, 3);
  return random.chance(50) ? std::to_string(least)
                           : fmt::format("{{ min = {}, max = {} }}", least, least + random.below(4));
}

void gateway(Draft& draft, std::size_t id) {
  Random& random = draft.random;
  const DraftCluster& cluster = draft.clusters[id];
  Strings& lines = draft.clusters[id].table.lines;
  const bool existing = random.chance(25);
  if (cluster.pending) lines.push_back("gateway.pending = true");
  if (cluster.router) lines.push_back(router(draft, id, existing));
  if (!cluster.router && (!cluster.pending || random.chance(30)))
    lines.push_back("gateway.addresses = " + addresses(draft, id, 0));
  // All gateways of a network have one port for one viewer.
  if (cluster.network % 3 == 1) lines.push_back("gateway.port = 32443");
  if (cluster.network % 4 == 2) {
    for (std::size_t viewer = 0; viewer < draft.networks.size(); viewer += 2) {
      if (viewer == cluster.network) continue;
      const std::string key = fmt::format("gateway.seen_from.net-{}", viewer);
      lines.push_back(fmt::format("{}.addresses = {}", key, addresses(draft, id, viewer + 1)));
      if (viewer % 4 == 0) lines.push_back(fmt::format("{}.port = 31443", key));
    }
  }
  if (random.chance(20)) lines.push_back(fmt::format("gateway.name = \"ew-{}\"", id));
  if (random.chance(20))
    lines.push_back(fmt::format("gateway.namespace = \"{}\"", random.pick<std::string>({"ingress", "egress", "apps"})));
  if (existing) {
    lines.push_back("gateway.deploy = false");
    lines.push_back("gateway.selector = { istio = \"eastwestgateway\" }");
    lines.push_back("gateway.view = true");
    if (random.chance(20)) lines.push_back("gateway.passes = [\"*.nobody.example\"]");
    return;
  }
  if (random.chance(20)) lines.push_back("gateway.service_type = \"NodePort\"");
  if (random.chance(20)) lines.push_back("gateway.annotations = { \"example.com/lb\" = \"internal\" }");
  if (random.chance(20))
    lines.push_back("gateway.parameters = \"gateway-options\"");
  else if (random.chance(30))
    lines.push_back("gateway.replicas = " + replicas(random));
  if (random.chance(20)) lines.push_back("gateway.protect = true");
}

void egress(Draft& draft, DraftCluster& cluster) {
  Random& random = draft.random;
  Strings& lines = cluster.table.lines;
  if (random.chance(40)) {
    const std::string network = random.pick(draft.networks);
    lines.push_back(
        fmt::format("egress = {{ default = \"{}\", {} = \"{}\" }}", egress_word(random), network, egress_word(random)));
  }
  if (random.chance(20)) {
    Strings ports;
    for (std::size_t id = 0; id < draft.networks.size(); ++id) ports.push_back(std::to_string(15443 + id));
    lines.push_back("egress_gateway.deploy = false");
    lines.push_back("egress_gateway.selector = { istio = \"egressgateway\" }");
    lines.push_back("egress_gateway.service = \"istio-egressgateway\"");
    lines.push_back(fmt::format("egress_gateway.ports = [{}]", fmt::join(ports, ", ")));
  } else if (random.chance(25)) {
    // What a TLSRoute needs: see model::tls_route_version.
    // What is behind a router has a host name per port, of which a route before 1.6 takes few.
    const bool many = std::any_of(draft.clusters.begin(), draft.clusters.end(), [](const auto& c) { return c.router; });
    const bool v1 = many || random.chance(50);
    lines.push_back(v1 ? "istio = \"1.30\"" : "istio = \"1.27\"");
    lines.push_back(many ? "gateway_api = \"1.6\"" : v1 ? "gateway_api = \"1.5\"" : "gateway_api = \"1.4\"");
    lines.push_back("gateway_api_channel = \"experimental\"");
    lines.push_back("alpha_gateway_api = true");
    lines.push_back("egress_gateway.route = \"tlsroute\"");
  }
  if (!draft.host_names && random.chance(20)) lines.push_back("egress_gateway.backend = \"endpointslice\"");
  if (random.chance(15)) lines.push_back("egress_gateway.namespace = \"egress\"");
  if (random.chance(15)) lines.push_back("egress_gateway.name = \"way-out\"");
  if (random.chance(10))
    lines.push_back("egress_gateway.parameters = \"egress-options\"");
  else if (random.chance(20))
    lines.push_back("egress_gateway.replicas = " + replicas(random));
}

void imports(Draft& draft, DraftCluster& cluster) {
  Random& random = draft.random;
  if (random.chance(20)) {
    Strings accepted(cluster.must_import.begin(), cluster.must_import.end());
    for (const DraftExport& exported : draft.exports) {
      if (!cluster.must_import.contains(exported.name) && random.chance(50)) accepted.push_back(exported.name);
    }
    cluster.table.lines.push_back("imports = " + quoted_list(accepted));
  } else if (random.chance(10)) {
    cluster.table.lines.push_back("imports = \"*\"");
  }
}

}  // namespace

void draft_clusters(Draft& draft) {
  defaults(draft);
  meshes(draft);
}

void finish_clusters(Draft& draft) {
  for (std::size_t id = 0; id < draft.clusters.size(); ++id) {
    DraftCluster& cluster = draft.clusters[id];
    if (cluster.gateway) gateway(draft, id);
    egress(draft, cluster);
    imports(draft, cluster);
    draft.result.tables.push_back(cluster.table);
  }
}

}  // namespace meshfed::testing
