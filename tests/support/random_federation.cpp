#include "support/random_federation.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "support/random.hpp"

namespace meshfed::testing {
namespace {

using Strings = std::vector<std::string>;

std::string quoted_list(const Strings& items) {
  std::string list;
  for (const std::string& item : items) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", item);
  return "[" + list + "]";
}

struct Cluster {
  std::string name;
  std::size_t mesh;
  std::size_t network;
  bool gateway = false;
  bool pending = false;
  TomlTable table;
  std::set<std::string> must_import;
};

struct Export {
  std::string name;
  TomlTable table;
  bool host = false;  // says `host`, which a fragment may not
};

/// Builds one federation. What is chosen first (trust domains, names instead of IPs, localities) bounds what may be
/// chosen later, so that the result has no errors; warnings are welcome.
class Builder {
 public:
  explicit Builder(std::uint64_t seed) : random_(seed) {}

  RandomFederation build() {
    equal_domains_ = random_.chance(60);
    host_names_ = random_.chance(30);
    localities_ = random_.chance(60);
    global_default_ = !equal_domains_ || random_.chance(70);
    top();
    defaults();
    meshes();
    exports();
    for (Cluster& cluster : clusters_) finish(cluster);
    distribute();
    return std::move(result_);
  }

 private:
  TomlTable& table(std::string header) {
    result_.tables.push_back({std::move(header), {}});
    return result_.tables.back();
  }

  void top() {
    table("").lines.push_back("version = 1");
    TomlTable& federation = table("federation");
    federation.lines.push_back(fmt::format("name = \"fed{}\"", random_.below(100)));
    if (random_.chance(40)) federation.lines.push_back(fmt::format("domain = \"d{}.example\"", random_.below(9)));
    if (!global_default_) federation.lines.push_back("naming = \"service\"");
    if (global_default_ && random_.chance(20)) federation.lines.push_back("naming = \"global\"");
    if (random_.chance(50)) federation.lines.push_back("accept = [\"MF0608\", \"MF0603\", \"MF0507\"]");
  }

  /// Keys that may stand in [defaults], [mesh.*] and [cluster.*] alike.
  void settings(TomlTable& into, unsigned percent) {
    const auto maybe = [&](const std::string& line) {
      if (random_.chance(percent)) into.lines.push_back(line);
    };
    maybe(fmt::format("revision = \"rev-{}\"", random_.below(5)));
    maybe(fmt::format("mtls = \"{}\"", random_.pick<std::string>({"strict", "permissive", "unmanaged"})));
    maybe(fmt::format("dns_capture = {}", random_.chance(70)));
    maybe(fmt::format("namespaces = \"{}\"", random_.pick<std::string>({"create", "assume"})));
    maybe(fmt::format("kustomization = {}", random_.chance(50)));
    maybe(fmt::format("files = \"{}\"", random_.pick<std::string>({"host", "namespace"})));
    maybe(fmt::format("import_namespace = \"imports-{}\"", random_.below(3)));
    maybe(fmt::format("accept = [\"{}\"]", random_.pick<std::string>({"MF0429", "MF0704", "MF0705", "MF0607"})));
  }

  void defaults() {
    TomlTable& defaults = table("defaults");
    defaults.lines.push_back(fmt::format("istio = \"1.{}\"", random_.between(26, 31)));
    if (random_.chance(30)) defaults.lines.push_back("cluster_domain = \"cluster.example\"");
    settings(defaults, 25);
    if (random_.chance(30)) defaults.lines.push_back(fmt::format("egress = \"{}\"", egress_word()));
  }

  std::string egress_word() { return random_.chance(50) ? "gateway" : "direct"; }

  void meshes() {
    const std::size_t count = random_.between(2, 5);
    for (std::size_t mesh = 0; mesh < count; ++mesh) {
      TomlTable& own = table(fmt::format("mesh.mesh-{}", mesh));
      mesh_names_.push_back(fmt::format("mesh-{}", mesh));
      if (!equal_domains_) own.lines.push_back(fmt::format("trust_domain = \"td{}.example\"", mesh));
      if (random_.chance(25)) own.lines.push_back("root_namespace = \"mesh-system\"");
      settings(own, 10);
      for (std::size_t n = random_.between(1, 2); n > 0; --n) network(mesh);
    }
  }

  void network(std::size_t mesh) {
    const std::size_t id = network_names_.size();
    network_names_.push_back(fmt::format("net-{}", id));
    // A port of its own for every network: two of them may leave one cluster by one egress gateway.
    table(fmt::format("network.net-{}", id)).lines.push_back(fmt::format("egress_port = {}", 15443 + id));
    const bool gateways = id < 2 || random_.chance(70);
    const bool pending = gateways && id >= 2 && random_.chance(12);
    for (std::size_t n = random_.between(1, 2); n > 0; --n) {
      Cluster cluster;
      cluster.name = fmt::format("c{}", clusters_.size());
      cluster.mesh = mesh;
      cluster.network = id;
      cluster.gateway = gateways;
      cluster.pending = pending;
      cluster.table.header = "cluster." + cluster.name;
      cluster.table.lines = {fmt::format("mesh = \"mesh-{}\"", mesh), fmt::format("network = \"net-{}\"", id)};
      if (localities_) cluster.table.lines.push_back(fmt::format("locality = \"region-{}/zone-{}\"", mesh, id));
      settings(cluster.table, 8);
      clusters_.push_back(cluster);
    }
  }

  std::string address(std::size_t cluster, std::size_t view) {
    if (host_names_ && random_.chance(40)) return fmt::format("gw{}-{}.example.net", cluster, view);
    if (random_.chance(25)) return fmt::format("2001:db8:{:x}:{:x}::1", view + 1, cluster + 1);
    return view == 0 ? fmt::format("192.0.2.{}", cluster + 1) : fmt::format("10.{}.{}.1", view, cluster + 1);
  }

  void gateway(Cluster& cluster) {
    const auto id = static_cast<std::size_t>(&cluster - clusters_.data());
    Strings& lines = cluster.table.lines;
    if (cluster.pending) lines.push_back("gateway.pending = true");
    if (!cluster.pending || random_.chance(30)) lines.push_back("gateway.addresses = " + quoted_list({address(id, 0)}));
    // All gateways of a network have one port for one viewer.
    if (cluster.network % 3 == 1) lines.push_back("gateway.port = 32443");
    if (cluster.network % 4 == 2) {
      for (std::size_t viewer = 0; viewer < network_names_.size(); viewer += 2) {
        if (viewer == cluster.network) continue;
        const std::string key = fmt::format("gateway.seen_from.net-{}", viewer);
        lines.push_back(fmt::format("{}.addresses = {}", key, quoted_list({address(id, viewer + 1)})));
        if (viewer % 4 == 0) lines.push_back(fmt::format("{}.port = 31443", key));
      }
    }
    if (random_.chance(20)) lines.push_back(fmt::format("gateway.name = \"ew-{}\"", id));
    if (random_.chance(15)) {
      lines.push_back("gateway.deploy = false");
      lines.push_back("gateway.selector = { istio = \"eastwestgateway\" }");
      return;
    }
    if (random_.chance(20)) lines.push_back("gateway.service_type = \"NodePort\"");
    if (random_.chance(20)) lines.push_back("gateway.annotations = { \"example.com/lb\" = \"internal\" }");
    if (random_.chance(20)) lines.push_back("gateway.parameters = \"gateway-options\"");
  }

  void egress(Cluster& cluster) {
    Strings& lines = cluster.table.lines;
    if (random_.chance(40)) {
      const std::string network = random_.pick(network_names_);
      lines.push_back(
          fmt::format("egress = {{ default = \"{}\", {} = \"{}\" }}", egress_word(), network, egress_word()));
    }
    const bool routes = random_.chance(25);
    if (routes) {
      // What a TLSRoute needs: reference/istio.md section 3.3.
      const bool v1 = random_.chance(50);
      lines.push_back(v1 ? "istio = \"1.30\"" : "istio = \"1.27\"");
      lines.push_back(v1 ? "gateway_api = \"1.5\"" : "gateway_api = \"1.4\"");
      lines.push_back("gateway_api_channel = \"experimental\"");
      lines.push_back("alpha_gateway_api = true");
      lines.push_back("egress_gateway.route = \"tlsroute\"");
    }
    if (!host_names_ && random_.chance(20)) lines.push_back("egress_gateway.backend = \"endpointslice\"");
    if (random_.chance(15)) lines.push_back("egress_gateway.namespace = \"egress\"");
    if (random_.chance(15)) lines.push_back("egress_gateway.name = \"way-out\"");
    if (random_.chance(10)) lines.push_back("egress_gateway.parameters = \"egress-options\"");
  }

  void finish(Cluster& cluster) {
    if (cluster.gateway) gateway(cluster);
    egress(cluster);
    if (random_.chance(20)) {
      Strings accepted(cluster.must_import.begin(), cluster.must_import.end());
      for (const Export& exported : exports_) {
        if (!cluster.must_import.contains(exported.name) && random_.chance(50)) accepted.push_back(exported.name);
      }
      cluster.table.lines.push_back("imports = " + quoted_list(accepted));
    } else if (random_.chance(10)) {
      cluster.table.lines.push_back("imports = \"*\"");
    }
    result_.tables.push_back(cluster.table);
  }

  void exports() {
    for (std::size_t n = random_.between(1, 8); n > 0; --n) exported();
  }

  bool is_source(std::size_t network) const {
    return std::any_of(clusters_.begin(), clusters_.end(),
                       [&](const Cluster& c) { return c.network == network && c.gateway; });
  }

  /// Clusters named one by one, or by their mesh where that means the same.
  Strings parties(const std::set<std::size_t>& chosen) {
    Strings names;
    std::set<std::size_t> left = chosen;
    for (std::size_t mesh = 0; mesh < mesh_names_.size(); ++mesh) {
      std::set<std::size_t> members;
      for (std::size_t c = 0; c < clusters_.size(); ++c) {
        if (clusters_[c].mesh == mesh) members.insert(c);
      }
      if (!std::includes(left.begin(), left.end(), members.begin(), members.end()) || random_.chance(40)) continue;
      names.push_back(mesh_names_[mesh]);
      for (const std::size_t member : members) left.erase(member);
    }
    for (const std::size_t c : left) names.push_back(clusters_[c].name);
    return names;
  }

  struct Roles {
    std::set<std::size_t> sources;  // networks
    std::set<std::size_t> from, merge, to;
    bool everyone = false;
    bool consumes_what_it_serves() const {
      return !merge.empty() || std::any_of(from.begin(), from.end(), [&](auto c) { return to.contains(c); });
    }
  };

  Roles roles() {
    Roles roles;
    for (std::size_t network = 0; network < network_names_.size(); ++network) {
      if (is_source(network) && (roles.sources.empty() ? random_.chance(60) : random_.chance(25)))
        roles.sources.insert(network);
    }
    if (roles.sources.empty()) roles.sources.insert(0);
    for (std::size_t c = 0; c < clusters_.size(); ++c) {
      const bool beside = roles.sources.contains(clusters_[c].network);
      if (beside && clusters_[c].gateway) roles.from.insert(c);
      if (beside && roles.sources.size() >= 2 && random_.chance(40)) roles.to.insert(c);
      if (!beside && random_.chance(25))
        roles.merge.insert(c);
      else if (!beside && random_.chance(60))
        roles.to.insert(c);
    }
    roles.everyone = random_.chance(15);
    return roles;
  }

  void exported() {
    Export exported;
    exported.name = fmt::format("svc-{}", exports_.size());
    exported.table.header = "export." + exported.name;
    const Roles roles = this->roles();
    for (const std::size_t c : roles.merge) clusters_[c].must_import.insert(exported.name);
    Strings& lines = exported.table.lines;
    lines.push_back(fmt::format("namespace = \"ns-{}\"", random_.below(4)));
    lines.push_back("from = " + quoted_list(parties(roles.from)));
    if (!roles.merge.empty()) lines.push_back("merge = " + quoted_list(parties(roles.merge)));
    Strings to = parties(roles.to);
    if (roles.everyone) to.push_back("*");
    if (!to.empty()) lines.push_back("to = " + quoted_list(to));
    const bool service = equal_domains_ && (global_default_ ? random_.chance(25) : random_.chance(75));
    if (service)
      service_naming(exported, roles);
    else
      global_naming(exported, roles);
    ports(exported);
    traffic(exported, roles);
    exports_.push_back(std::move(exported));
  }

  void service_naming(Export& exported, const Roles& roles) {
    Strings& lines = exported.table.lines;
    if (global_default_) lines.push_back("naming = \"service\"");
    if (random_.chance(30)) lines.push_back(fmt::format("service = \"{}-app\"", exported.name));
    const bool callers = random_.chance(30);
    if (callers) add_callers(exported);
    if (callers || roles.consumes_what_it_serves())
      lines.push_back(fmt::format("selector = {{ app = \"{}\" }}", exported.name));
    if (random_.chance(60)) lines.push_back("service_accounts = [\"server\"]");
  }

  void global_naming(Export& exported, const Roles& roles) {
    Strings& lines = exported.table.lines;
    if (!global_default_) lines.push_back("naming = \"global\"");
    if (random_.chance(15)) {
      exported.host = true;
      lines.push_back(fmt::format("host = \"{}.corp.example\"", exported.name));
    }
    if (random_.chance(60))
      lines.push_back(fmt::format("canonical_name = \"{}\"", exported.name));
    else
      lines.push_back(fmt::format("selector = {{ app = \"{}\", tier = \"backend\" }}", exported.name));
    // Workloads that are merged across trust domains must be named (MF0610).
    if ((!equal_domains_ && roles.consumes_what_it_serves()) || random_.chance(70))
      lines.push_back("service_accounts = " +
                      quoted_list(random_.chance(50) ? Strings{"server"} : Strings{"server", "worker"}));
    if (random_.chance(30)) add_callers(exported);
    if (random_.chance(25)) lines.push_back(fmt::format("vip = [\"240.1.0.{}\"]", exports_.size() + 1));
  }

  void add_callers(Export& exported) {
    Strings callers;
    for (const std::string& mesh : mesh_names_) {
      if (random_.chance(50)) callers.push_back(mesh + random_.pick<std::string>({"/*", "/client/*", "/client/shop"}));
    }
    if (callers.empty()) callers.push_back(mesh_names_.front() + "/*");
    exported.table.lines.push_back("callers = " + quoted_list(callers));
  }

  void ports(Export& exported) {
    Strings rows = {"{ name = \"http\", number = 8080 }"};
    if (random_.chance(40)) rows.push_back("{ name = \"grpc-api\", number = 9090, target = 19090 }");
    if (random_.chance(30)) rows.push_back("{ name = \"db\", number = 5432, protocol = \"tcp\" }");
    if (random_.chance(20)) rows.push_back("{ name = \"tls\", number = 8443, target = 443 }");
    random_.shuffle(rows);
    std::string list;
    for (const std::string& row : rows) list += (list.empty() ? "" : ", ") + row;
    exported.table.lines.push_back("ports = [" + list + "]");
  }

  void traffic(Export& exported, const Roles& roles) {
    Strings& lines = exported.table.lines;
    if (random_.chance(40))
      lines.push_back(fmt::format("prefer = \"{}\"", localities_ && random_.chance(50)
                                                         ? "nearest"
                                                         : random_.pick<std::string>({"spread", "local"})));
    if (random_.chance(20))
      lines.push_back(fmt::format("weight = {}", random_.between(1, 1000)));
    else if (random_.chance(20))
      lines.push_back(
          fmt::format("weight = {{ default = 2, net-{} = {} }}", *roles.sources.begin(), random_.between(1, 100)));
    if (random_.chance(20)) lines.push_back("visible_to = [\"client\", \"ns-0\"]");
    if (random_.chance(20)) lines.push_back("accept = [\"MF0603\"]");
  }

  /// Some exports go into fragments, with a rule that allows them.
  void distribute() {
    const bool fragments = random_.chance(25);
    for (Export& exported : exports_) {
      if (fragments && !exported.host && random_.chance(50)) {
        result_.fragments[fmt::format("apps/team-{}.toml", random_.below(3))].push_back(exported.table);
      } else {
        result_.tables.push_back(exported.table);
      }
    }
    if (result_.fragments.empty()) return;
    result_.tables.front().lines.push_back("include = [\"apps/*.toml\"]");
    TomlTable& rule = table("fragment.\"apps/*.toml\"");
    rule.lines.push_back("namespaces = " + quoted_list({"ns-0", "ns-1", "ns-2", "ns-3"}));
    rule.lines.push_back("from = " + quoted_list(mesh_names_));
    Strings to = mesh_names_;
    to.push_back("*");
    rule.lines.push_back("to = " + quoted_list(to));
  }

  Random random_;
  RandomFederation result_;
  Strings mesh_names_, network_names_;
  std::vector<Cluster> clusters_;
  std::vector<Export> exports_;
  bool equal_domains_ = true, host_names_ = false, localities_ = false, global_default_ = true;
};

std::string text_of(std::vector<TomlTable> tables, Random* shuffle) {
  if (shuffle) {
    std::stable_partition(tables.begin(), tables.end(), [](const TomlTable& t) { return t.header.empty(); });
    std::vector<TomlTable> rest(tables.begin() + (tables.front().header.empty() ? 1 : 0), tables.end());
    shuffle->shuffle(rest);
    std::copy(rest.begin(), rest.end(), tables.end() - static_cast<std::ptrdiff_t>(rest.size()));
    for (TomlTable& table : tables) shuffle->shuffle(table.lines);
  }
  std::string text;
  for (const TomlTable& table : tables) {
    if (!table.header.empty()) text += fmt::format("\n[{}]\n", table.header);
    for (const std::string& line : table.lines) text += line + "\n";
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> RandomFederation::files(std::uint64_t shuffle) const {
  Random random(shuffle);
  Random* const order = shuffle == 0 ? nullptr : &random;
  std::map<std::string, std::string> files = {{"federation.toml", text_of(tables, order)}};
  for (const auto& [path, fragment] : fragments) files[path] = text_of(fragment, order);
  return files;
}

RandomFederation random_federation(std::uint64_t seed) { return Builder(seed).build(); }

}  // namespace meshfed::testing
