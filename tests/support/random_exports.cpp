#include <algorithm>

#include <fmt/core.h>

#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

using Clusters = std::set<std::size_t>;
using Labels = std::map<std::string, std::string>;

constexpr const char* kCanonicalName = "service.istio.io/canonical-name";

bool is_source(const Draft& draft, std::size_t network) {
  return std::any_of(draft.clusters.begin(), draft.clusters.end(),
                     [&](const DraftCluster& c) { return c.network == network && c.gateway; });
}

Roles roles(Draft& draft) {
  Random& random = draft.random;
  Roles roles;
  for (std::size_t network = 0; network < draft.networks.size(); ++network) {
    if (is_source(draft, network) && (roles.sources.empty() ? random.chance(60) : random.chance(25)))
      roles.sources.insert(network);
  }
  if (roles.sources.empty()) roles.sources.insert(0);
  for (std::size_t c = 0; c < draft.clusters.size(); ++c) {
    const bool beside = roles.sources.contains(draft.clusters[c].network);
    if (beside && draft.clusters[c].gateway) roles.from.insert(c);
    if (beside && draft.clusters[c].gateway && roles.sources.size() >= 2 && random.chance(40)) roles.to.insert(c);
    if (beside && draft.clusters[c].gateway) continue;
    if (random.chance(25))
      roles.merge.insert(c);
    else if (random.chance(60))
      roles.to.insert(c);
  }
  roles.everyone = random.chance(15);
  return roles;
}

Clusters clusters_of(const Draft& draft, std::size_t mesh) {
  Clusters members;
  for (std::size_t c = 0; c < draft.clusters.size(); ++c) {
    if (draft.clusters[c].mesh == mesh) members.insert(c);
  }
  return members;
}

/// Some cluster of the mesh gets the export from a network that no cluster of it is on.
bool imports_from_elsewhere(const Draft& draft, const Roles& roles, const Clusters& mesh) {
  const bool elsewhere = std::ranges::any_of(roles.sources, [&](auto network) {
    return std::ranges::none_of(mesh, [&](auto c) { return draft.clusters[c].network == network; });
  });
  return elsewhere && std::ranges::any_of(mesh, [&](auto c) {
           return roles.merge.contains(c) || roles.to.contains(c) || (roles.everyone && !roles.from.contains(c));
         });
}

/// In a mesh whose clusters read each other all of them see a Service, who has pods imports if anybody does, for one
/// finds what another imports, and nobody merges pods that others on another network would find: the gateway before
/// these does not pass their host.
void fit_reading_meshes(const Draft& draft, Roles& roles, bool service) {
  for (std::size_t mesh = 0; mesh < draft.meshes.size(); ++mesh) {
    if (!draft.meshes[mesh].reads) continue;
    const Clusters members = clusters_of(draft, mesh);
    const auto takes_part = [&](auto c) { return roles.has_workloads(c) || roles.to.contains(c) || roles.everyone; };
    const bool seen = service && std::ranges::any_of(members, takes_part);
    std::set<std::size_t> networks;
    for (const std::size_t c : members) {
      if (seen && !roles.has_workloads(c)) roles.to.insert(c);
      if (takes_part(c)) networks.insert(draft.clusters[c].network);
    }
    for (const std::size_t c : members) {
      if (networks.size() > 1 && roles.merge.erase(c) > 0) roles.to.insert(c);
    }
    if (!imports_from_elsewhere(draft, roles, members)) continue;
    for (const std::size_t c : members) {
      if (roles.from.contains(c)) roles.to.insert(c);
    }
  }
}

/// Clusters named one by one, or by their mesh where that means the same.
Strings parties(Draft& draft, const Clusters& chosen) {
  Strings names;
  Clusters left = chosen;
  for (std::size_t mesh = 0; mesh < draft.meshes.size(); ++mesh) {
    const Clusters members = clusters_of(draft, mesh);
    if (!std::includes(left.begin(), left.end(), members.begin(), members.end()) || draft.random.chance(40)) continue;
    names.push_back(draft.meshes[mesh].name);
    for (const std::size_t member : members) left.erase(member);
  }
  for (const std::size_t c : left) names.push_back(draft.clusters[c].name);
  return names;
}

// --- whose pods an export selects

bool is_part_of(const Labels& part, const Labels& whole) {
  return std::all_of(part.begin(), part.end(), [&](const auto& label) {
    const auto same = whole.find(label.first);
    return same != whole.end() && same->second == label.second;
  });
}

/// One pod may have all labels of both.
bool agree(const Labels& a, const Labels& b) {
  return std::all_of(a.begin(), a.end(), [&](const auto& label) {
    const auto same = b.find(label.first);
    return same == b.end() || same->second == label.second;
  });
}

template <class Test>
bool in_some_cluster(const Draft& draft, Test test) {
  for (std::size_t c = 0; c < draft.clusters.size(); ++c) {
    if (test(c)) return true;
  }
  return false;
}

/// The cluster has the entries that stand for an export's remote workloads, or finds those of another that it reads.
bool finds_entries(const Draft& draft, const Roles& roles, std::size_t cluster) {
  return roles.merges(cluster) ||
         (draft.reads(cluster) && in_some_cluster(draft, [&](auto other) {
            return draft.clusters[other].mesh == draft.clusters[cluster].mesh && roles.merges(other);
          }));
}

/// Somewhere the one selects the entries that stand for the other's remote workloads.
bool takes_entries(const Draft& draft, const DraftExport& taker, const DraftExport& other) {
  return taker.ns == other.ns && is_part_of(taker.selection.labels, other.selection.labels) &&
         in_some_cluster(draft,
                         [&](auto c) { return taker.roles.has_workloads(c) && finds_entries(draft, other.roles, c); });
}

/// One pod may be of both, where they have pods in one cluster.
bool are_alike(const DraftExport& a, const DraftExport& b) {
  return a.ns == b.ns && !a.selection.labels.empty() && !b.selection.labels.empty() &&
         agree(a.selection.labels, b.selection.labels);
}

/// Somewhere one pod may be of both.
bool meet(const Draft& draft, const DraftExport& a, const DraftExport& b) {
  return are_alike(a, b) &&
         in_some_cluster(draft, [&](auto c) { return a.roles.has_workloads(c) && b.roles.has_workloads(c); });
}

/// In each mesh whose clusters read each other the two have pods in the same clusters: a selector finds all of the
/// mesh.
bool are_found_together(const Draft& draft, const DraftExport& a, const DraftExport& b) {
  return !in_some_cluster(
      draft, [&](auto c) { return draft.reads(c) && a.roles.has_workloads(c) != b.roles.has_workloads(c); });
}

/// Only a Service's labels are `app` for sure.
Labels labels_of(Random& random, const std::string& app, bool service) {
  const std::size_t form = service ? 1 : random.below(4);
  if (form == 1) return {{"app", app}};
  if (form == 2) return {{"app", app}, {"tier", "backend"}};
  return {{kCanonicalName, app}};
}

/// The pods of an earlier export, which are then of both, if they may be.
bool shares_pods(Draft& draft, DraftExport& exported, bool service) {
  if (draft.exports.empty()) return false;
  const DraftExport& other = draft.random.pick(draft.exports);
  // Their pods have one identity. Workloads that are merged across trust domains must be named (MF0610).
  const bool unnamed = !draft.equal_domains && exported.roles.merges_somewhere() && other.accounts.empty();
  if (other.selection.labels.empty() || unnamed || (service && other.accounts.size() > 1)) return false;
  if (other.own_accounts) return false;
  DraftExport sharing = exported;
  sharing.ns = other.ns;
  sharing.accounts = other.accounts;
  sharing.selection = {other.selection.app, labels_of(draft.random, other.selection.app, service)};
  const bool taken = std::any_of(draft.exports.begin(), draft.exports.end(), [&](const DraftExport& earlier) {
    return takes_entries(draft, sharing, earlier) || takes_entries(draft, earlier, sharing) ||
           (are_alike(sharing, earlier) && !are_found_together(draft, sharing, earlier));
  });
  if (!taken) exported = sharing;
  return !taken;
}

void workloads(Draft& draft, DraftExport& exported, bool service) {
  Random& random = draft.random;
  if (random.chance(40) && shares_pods(draft, exported, service)) return;
  exported.ns = random.chance(85) ? fmt::format("ns-{}", random.below(4))
                                  : random.pick<std::string>({"istio-system", "mesh-system"});
  exported.selection.app = exported.name;
  if (!service || exported.roles.merges_somewhere() || random.chance(40))
    exported.selection.labels = labels_of(random, exported.name, service);
  const bool named = !service && !draft.equal_domains && exported.roles.merges_somewhere();
  if (named || random.chance(70))
    exported.accounts = service || random.chance(50) ? Strings{"server"} : Strings{"server", "worker"};
}

// --- who may call

/// A policy in a mesh's root namespace would hold for pods of every namespace.
bool is_root_namespace(const Draft& draft, const DraftExport& exported) {
  return in_some_cluster(draft, [&](auto c) {
    return exported.roles.has_workloads(c) && draft.meshes[draft.clusters[c].mesh].root_namespace == exported.ns;
  });
}

/// In a policy, an account of `cluster.local` is one of the trust domain of whoever serves. All of a mesh can be named.
bool can_be_named(const Draft& draft, const DraftExport& exported, const DraftMesh& caller) {
  return caller.trust_domain != "cluster.local" || !in_some_cluster(draft, [&](auto c) {
           return exported.roles.has_workloads(c) &&
                  draft.meshes[draft.clusters[c].mesh].trust_domain != caller.trust_domain;
         });
}

bool may_have_callers(const Draft& draft, const DraftExport& exported) {
  return !exported.selection.labels.empty() && !is_root_namespace(draft, exported);
}

Strings some_callers(Draft& draft, const DraftExport& exported) {
  Strings callers;
  if (!may_have_callers(draft, exported)) return callers;
  for (const DraftMesh& mesh : draft.meshes) {
    if (!draft.random.chance(60)) continue;
    const bool by_account = can_be_named(draft, exported, mesh);
    callers.push_back(mesh.name +
                      (by_account ? draft.random.pick<std::string>({"/*", "/client/*", "/client/shop"}) : "/*"));
  }
  return callers;
}

bool may_have(const Draft& draft, const DraftExport& exported, const Strings& callers) {
  if (callers.empty()) return true;
  return may_have_callers(draft, exported) &&
         std::all_of(draft.meshes.begin(), draft.meshes.end(), [&](const DraftMesh& mesh) {
           const auto is_of = [&](const std::string& caller) {
             return caller.starts_with(mesh.name + "/") && caller != mesh.name + "/*";
           };
           return can_be_named(draft, exported, mesh) || std::none_of(callers.begin(), callers.end(), is_of);
         });
}

/// Exports that meet on a target port have the same callers there. Either they all have those of the first of them, or
/// this one has target ports of its own.
void callers(Draft& draft, DraftExport& exported) {
  Random& random = draft.random;
  std::vector<const DraftExport*> met;
  for (const DraftExport& other : draft.exports) {
    if (other.target_shift == 0 && meet(draft, exported, other)) met.push_back(&other);
  }
  const bool same =
      std::all_of(met.begin(), met.end(), [&](auto other) { return other->callers == met.front()->callers; });
  if (!met.empty() && same && may_have(draft, exported, met.front()->callers) && random.chance(60)) {
    exported.callers = met.front()->callers;
    return;
  }
  if (!met.empty()) exported.target_shift = draft.exports.size() + 1;
  if (random.chance(40)) exported.callers = some_callers(draft, exported);
}

// --- what is said of it

void naming(Draft& draft, DraftExport& exported, bool service) {
  Random& random = draft.random;
  Strings& lines = exported.table.lines;
  if (service == draft.global_default) lines.push_back(service ? "naming = \"service\"" : "naming = \"global\"");
  if (service && random.chance(30)) lines.push_back(fmt::format("service = \"{}-app\"", exported.name));
  if (!service && random.chance(15)) {
    exported.main_file = true;
    lines.push_back(fmt::format("host = \"{}.corp.example\"", exported.name));
  }
}

/// A fragment may not have one; with naming "service" the pods must be known.
void alias(Draft& draft, DraftExport& exported) {
  exported.alias = !exported.selection.labels.empty() && draft.random.chance(20);
  if (!exported.alias) return;
  exported.main_file = true;
  Strings names = {exported.name + ".alias.example"};
  if (draft.random.chance(30)) names.push_back(exported.name + ".other.example");
  exported.table.lines.push_back("alias = " + quoted_list(names));
}

void selection(DraftExport& exported) {
  const Labels& labels = exported.selection.labels;
  if (labels.empty()) return;
  if (labels.contains(kCanonicalName)) {
    exported.table.lines.push_back(fmt::format("canonical_name = \"{}\"", labels.at(kCanonicalName)));
    return;
  }
  std::string list;
  for (const auto& [key, value] : labels) list += fmt::format("{}{} = \"{}\"", list.empty() ? "" : ", ", key, value);
  exported.table.lines.push_back(fmt::format("selector = {{ {} }}", list));
}

void ports(Draft& draft, DraftExport& exported, bool service) {
  Random& random = draft.random;
  Strings rows;
  const auto add = [&](const std::string& name, std::size_t number, std::size_t target,
                       const std::string& protocol = {}) {
    target += exported.target_shift;
    exported.ports.push_back({name, protocol, number, target});
    const std::string port =
        fmt::format("name = \"{}\"", name) + (protocol.empty() ? "" : fmt::format(", protocol = \"{}\"", protocol));
    const bool default_target = target == number && !(service && (!exported.callers.empty() || exported.alias));
    rows.push_back(default_target ? fmt::format("{{ {}, number = {} }}", port, number)
                                  : fmt::format("{{ {}, number = {}, target = {} }}", port, number, target));
  };
  add("http", 8080, 8080);
  if (random.chance(40)) add("grpc-api", 9090, 19090);
  const bool tcp = random.chance(30);
  if (tcp) add("db", 5432, 5432, "tcp");
  if (random.chance(20)) add("tls", 8443, 443);
  random.shuffle(rows);
  std::string list;
  for (const std::string& row : rows) list += (list.empty() ? "" : ", ") + row;
  exported.table.lines.push_back("ports = [" + list + "]");
  if (!service && random.chance(tcp ? 50 : 15))
    exported.table.lines.push_back(fmt::format("vip = [\"240.1.0.{}\"]", draft.exports.size() + 1));
  else if (tcp && !service)
    exported.main_file = true;  // in a fragment it may take no port of clusters that allocate no address
}

/// All of Istio's keys, so that each of them appears.
std::string connection_pool(Random& random) {
  if (random.chance(50)) return fmt::format("{{ tcp = {{ maxConnections = {} }} }}", random.between(500, 1000));
  return "{ tcp = { connectTimeout = \"500ms\", maxConnectionDuration = \"1h\", idleTimeout = \"0s\", "
         "tcpKeepalive = { probes = 3, time = \"2m\", interval = \"10s\" } }, "
         "http = { http1MaxPendingRequests = 10, http2MaxRequests = 100, maxRequestsPerConnection = 5, maxRetries = 2, "
         "idleTimeout = \"1m\", h2UpgradePolicy = \"DO_NOT_UPGRADE\", useClientProtocol = true, "
         "maxConcurrentStreams = 20 } }";
}

/// Some source network has a router: then a rule of ours says the names that it knows.
bool is_routed(const Draft& draft, const DraftExport& exported) {
  return std::any_of(draft.clusters.begin(), draft.clusters.end(), [&](const DraftCluster& cluster) {
    return cluster.router && exported.roles.sources.contains(cluster.network);
  });
}

void traffic(Draft& draft, DraftExport& exported) {
  Random& random = draft.random;
  Strings& lines = exported.table.lines;
  const bool has_rule = exported.has_rule = is_routed(draft, exported) || !random.chance(10);
  if (!has_rule || random.chance(10)) lines.push_back(fmt::format("destination_rule = {}", has_rule));
  exported.preferring = !has_rule || random.chance(60);
  const bool prefers = has_rule && exported.preferring && random.chance(70);
  if (has_rule && random.chance(20))
    lines.push_back("outlier = " + (prefers || random.chance(70) ? random_outlier(random) : "false"));
  if (has_rule && random.chance(20)) lines.push_back("connection_pool = " + connection_pool(random));
  if (prefers) {
    const bool nearest = draft.localities && random.chance(50);
    lines.push_back(
        fmt::format("prefer = \"{}\"", nearest ? "nearest" : random.pick<std::string>({"spread", "local"})));
  }
  if (exported.preferring && random.chance(30))
    lines.push_back(fmt::format("weight = {}", random.between(1, 1000)));
  else if (exported.preferring && random.chance(30))
    lines.push_back(fmt::format("weight = {{ default = 2, net-{} = {} }}", *exported.roles.sources.begin(),
                                random.between(1, 100)));
  if (random.chance(20))
    lines.push_back(random.chance(80) ? "visible_to = [\"client\", \"ns-0\"]" : "visible_to = \"*\"");
  if (random.chance(20)) lines.push_back("accept = [\"MF0603\"]");
}

void parties(Draft& draft, DraftExport& exported) {
  const Roles& roles = exported.roles;
  Strings& lines = exported.table.lines;
  lines.push_back("from = " + quoted_list(parties(draft, roles.from)));
  if (!roles.merge.empty()) lines.push_back("merge = " + quoted_list(parties(draft, roles.merge)));
  Strings to = parties(draft, roles.to);
  if (roles.everyone) to.push_back("*");
  if (!to.empty()) lines.push_back("to = " + quoted_list(to));
}

void draft_export(Draft& draft) {
  DraftExport exported;
  exported.name = fmt::format("svc-{}", draft.exports.size());
  exported.table.header = "export." + exported.name;
  exported.roles = roles(draft);
  const bool service = draft.equal_domains && draft.random.chance(draft.global_default ? 25 : 75);
  exported.service = service;
  fit_reading_meshes(draft, exported.roles, service);
  for (std::size_t c = 0; c < draft.clusters.size(); ++c) {
    const bool seen = draft.reads(c) && exported.roles.to.contains(c);
    if (seen || exported.roles.merge.contains(c)) draft.clusters[c].must_import.insert(exported.name);
  }
  workloads(draft, exported, service);
  callers(draft, exported);
  parties(draft, exported);
  alias(draft, exported);
  naming(draft, exported, service);
  selection(exported);
  ports(draft, exported, service);
  traffic(draft, exported);
  Strings& lines = exported.table.lines;
  lines.push_back(fmt::format("namespace = \"{}\"", exported.ns));
  if (!exported.accounts.empty()) lines.push_back("service_accounts = " + quoted_list(exported.accounts));
  if (!exported.callers.empty()) lines.push_back("callers = " + quoted_list(exported.callers));
  draft_places(draft, exported);
  draft.exports.push_back(std::move(exported));
}

}  // namespace

std::string random_outlier(Random& random) {
  Strings keys;
  const auto maybe = [&](const std::string& key) {
    if (random.chance(40)) keys.push_back(key);
  };
  maybe(fmt::format("errors = {}", random.between(1, 9)));
  maybe(fmt::format("count = \"{}\"", random.pick<std::string>({"gateway", "5xx"})));
  maybe(fmt::format("interval = \"{}s\"", random.between(1, 60)));
  maybe(fmt::format("ejection = \"{}ms\"", random.between(1, 90'000)));
  maybe(fmt::format("max_percent = {}", random.between(1, 100)));
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? " " : ", ") + key;
  return "{" + list + " }";
}

bool Roles::merges_somewhere() const {
  return !merge.empty() || std::any_of(from.begin(), from.end(), [&](auto c) { return to.contains(c); });
}

void draft_exports(Draft& draft) {
  for (std::size_t n = draft.random.between(1, 8); n > 0; --n) draft_export(draft);
}

}  // namespace meshfed::testing
