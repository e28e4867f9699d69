// Every object that grants or denies, held against the declaration: what istiod and Envoy make of it lets in and passes
// exactly what the federation says. Where istiod applies each of them:
//
// | object                       | applies to                                | matches by               |
// |------------------------------|-------------------------------------------|--------------------------|
// | AuthorizationPolicy (DENY)   | pods of its namespace; of all namespaces  | labels, the pod's port,  |
// |                              | if that is the root namespace             | principals by prefix     |
// | PeerAuthentication `default` | the mesh, in the root namespace           |                          |
// | Gateway (Istio), servers     | gateway pods of any namespace (to 1.30)   | labels; exact hosts, SNI |
// | EnvoyFilter                  | gateway pods; of any namespace from root  | labels; one exact SNI    |
// | Route                        | the router before one Service             | one exact SNI            |
// | ServiceEntry, selector       | pods and WorkloadEntries of its namespace | labels                   |
// | Service, selector            | pods and WorkloadEntries of its namespace | labels                   |
// | ServiceEntry, SANs           | what clients demand of every endpoint     | equal identities         |
//
// In principals, `cluster.local` means the server's own domain.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "driver/compile.hpp"
#include "model/naming.hpp"
#include "property/seeds.hpp"

namespace meshfed::testing {
namespace {

constexpr std::uint64_t kFederations = 300;

using k8s::StringMap;
using model::ClusterId;
using model::ExportId;
using model::ResolvedFederation;

/// A workload and whom it stands for.
struct Pod {
  std::string ns;
  StringMap labels;
};

struct Identity {
  std::string mesh, ns, account;
};

/// One cluster: its objects, and what istiod knows of its mesh.
struct Cluster {
  const ResolvedFederation& resolved;
  ClusterId id;
  k8s::ClusterPlan plan;

  const model::Mesh& mesh() const { return resolved.mesh_of(id); }

  template <class Kind>
  std::vector<const Kind*> all() const {
    std::vector<const Kind*> found;
    for (const k8s::File& file : plan.files) {
      for (const k8s::Resource& resource : file.resources) {
        if (const Kind* kind = std::get_if<Kind>(&resource)) found.push_back(kind);
      }
    }
    return found;
  }
};

void for_each_cluster(const std::function<void(const Cluster&)>& check) {
  for_each_checked(kFederations, [&](const check::Checked& checked) {
    for (ClusterId id = 0; id < checked.resolved().clusters.size(); ++id)
      check({checked.resolved(), id, driver::plan(checked, id)});
  });
}

bool selects(const StringMap& selector, const StringMap& labels) {
  return std::includes(labels.begin(), labels.end(), selector.begin(), selector.end());
}

bool matches(const std::string& pattern, const std::string& text) {
  return pattern.ends_with('*') ? text.starts_with(pattern.substr(0, pattern.size() - 1)) : text == pattern;
}

// --- what istiod and Envoy do

std::string certificate(const ResolvedFederation& resolved, const Identity& who) {
  const std::string& domain = *resolved.mesh(resolved.find_mesh(who.mesh)).trust_domain;
  return fmt::format("{}/ns/{}/sa/{}", domain, who.ns, who.account);
}

/// pilot/pkg/security/trustdomain: the default domain stands for the mesh's own where an account is named.
std::string rewritten(const std::string& principal, const std::string& own) {
  constexpr std::string_view kDefault = "cluster.local/ns/";
  return principal.starts_with(kDefault) ? own + "/ns/" + principal.substr(kDefault.size()) : principal;
}

bool denies(const Cluster& cluster, const k8s::AuthorizationPolicy& policy, const Pod& pod, std::int64_t port,
            const Identity& who) {
  const bool in_root = policy.meta.ns == *cluster.mesh().root_namespace;
  if ((!in_root && policy.meta.ns != pod.ns) || !selects(policy.selector, pod.labels)) return false;
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const auto& rule) {
    const bool here = rule.ports.empty() || std::count(rule.ports.begin(), rule.ports.end(), port) > 0;
    const auto is_who = [&](const std::string& principal) {
      return matches(rewritten(principal, *cluster.mesh().trust_domain), certificate(cluster.resolved, who));
    };
    return here && std::none_of(rule.not_principals.begin(), rule.not_principals.end(), is_who);
  });
}

bool admitted(const Cluster& cluster, const Pod& pod, std::int64_t port, const Identity& who) {
  const auto policies = cluster.all<k8s::AuthorizationPolicy>();
  return std::none_of(policies.begin(), policies.end(),
                      [&](const auto* policy) { return denies(cluster, *policy, pod, port, who); });
}

// --- what was declared

/// What an export says of its workloads in one cluster.
struct Workloads {
  std::string ns;
  StringMap labels;
  std::vector<std::string> accounts;
  std::map<std::string, std::int64_t> targets;  // by port

  /// Each key of a table takes the place of what was said above it; of the two that select, either replaces both.
  template <class Table>
  void say(const Table& table) {
    if (table.namespace_.given()) ns = *table.namespace_;
    if (table.selector.given() || table.canonical_name.given()) labels.clear();
    for (const auto& [key, value] : *table.selector) labels[*key] = *value;
    if (table.canonical_name.given()) labels = {{std::string(model::kCanonicalNameLabel), *table.canonical_name}};
    if (table.service_accounts.given()) accounts.clear();
    for (const model::Name& account : *table.service_accounts) accounts.push_back(*account);
  }
};

Workloads workloads_of(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  const model::Export& exported = resolved.exported(id);
  Workloads workloads;
  workloads.say(exported);
  for (const model::Port& port : *exported.ports) workloads.targets[*port.name] = model::target_of(port);
  for (const std::string& name : {*resolved.mesh_of(cluster).name, *resolved.cluster(cluster).name}) {
    for (const model::Place& place : exported.at) {
      if (*place.name != name) continue;
      workloads.say(place);
      for (const auto& [port, target] : *place.targets) workloads.targets[*port] = *target;
    }
  }
  return workloads;
}

/// One of its pods. A real pod has all the labels that the random exports of one application may select by.
Pod pod_of(const Workloads& workloads) {
  const StringMap& labels = workloads.labels;
  const std::string app = labels.contains("app") ? labels.at("app") : labels.begin()->second;
  return {workloads.ns, {{"app", app}, {"tier", "backend"}, {std::string(model::kCanonicalNameLabel), app}}};
}

/// Some caller of the list is this identity, as far as certificates can tell.
bool lists(const ResolvedFederation& resolved, const model::Export& exported, const Identity& who) {
  return std::any_of(exported.callers->begin(), exported.callers->end(), [&](const model::Name& caller) {
    const model::MeshId mesh = resolved.find_mesh(model::mesh_of_caller(*caller));
    return matches(model::principal(*resolved.mesh(mesh).trust_domain, *caller), certificate(resolved, who));
  });
}

/// Workloads of every mesh: those that the random callers name, and some that nobody does.
std::vector<Identity> identities(const ResolvedFederation& resolved) {
  std::vector<Identity> all;
  for (const model::Mesh& mesh : resolved.federation.meshes) {
    for (const auto& [ns, account] : {std::pair("client", "shop"), std::pair("client", "other"),
                                      std::pair("web", "shop"), std::pair("clients", "shop")})
      all.push_back({*mesh.name, ns, account});
  }
  return all;
}

bool reaches(const ResolvedFederation& resolved, ExportId id, const std::string& mesh) {
  const model::ExportInfo& info = resolved.exports[id];
  const auto is_of = [&](ClusterId cluster) { return *resolved.mesh_of(cluster).name == mesh; };
  return std::any_of(info.consumers.begin(), info.consumers.end(), is_of) ||
         std::any_of(info.from.begin(), info.from.end(), is_of) ||
         std::any_of(info.merge.begin(), info.merge.end(), is_of);
}

void check_port(const Cluster& cluster, ExportId id, const Pod& pod, std::int64_t target) {
  const model::Export& exported = cluster.resolved.exported(id);
  for (const Identity& who : identities(cluster.resolved)) {
    INFO("cluster " << cluster.plan.cluster << ", export " << *exported.name << ", port " << target << ", caller "
                    << who.mesh << "/" << who.ns << "/" << who.account);
    if (exported.callers.given())
      CHECK(admitted(cluster, pod, target, who) == lists(cluster.resolved, exported, who));
    else if (reaches(cluster.resolved, id, who.mesh))
      CHECK(admitted(cluster, pod, target, who));
  }
}

TEST_CASE("callers: exactly those listed are let in, and without a list whoever reaches the export") {
  std::size_t guarded = 0;
  for_each_cluster([&](const Cluster& cluster) {
    for (const ExportId id : cluster.resolved.clusters[cluster.id].hosts) {
      const model::Export& exported = cluster.resolved.exported(id);
      const Workloads workloads = workloads_of(cluster.resolved, cluster.id, id);
      if (!cluster.resolved.has_workloads(cluster.id, id) || workloads.labels.empty()) continue;
      guarded += exported.callers.given() ? 1U : 0U;
      for (const auto& [port, target] : workloads.targets) check_port(cluster, id, pod_of(workloads), target);
    }
  });
  CHECK(guarded > tried_of(kFederations) / 4);
}

TEST_CASE("callers: nobody is kept from what was not declared") {
  for_each_cluster([&](const Cluster& cluster) {
    for (const ExportId id : cluster.resolved.clusters[cluster.id].hosts) {
      const model::Export& exported = cluster.resolved.exported(id);
      if (!exported.callers.given() || !cluster.resolved.has_workloads(cluster.id, id)) continue;
      const Workloads workloads = workloads_of(cluster.resolved, cluster.id, id);
      Pod elsewhere = pod_of(workloads);
      elsewhere.ns = "nobody-declared-this";
      Pod other = pod_of(workloads);
      other.labels = {{"app", "nobody-declared-this"}};
      for (const Identity& who : identities(cluster.resolved)) {
        INFO("cluster " << cluster.plan.cluster << ", export " << *exported.name << ", mesh " << who.mesh);
        for (const auto& [port, target] : workloads.targets) {
          CHECK(admitted(cluster, elsewhere, target, who));
          CHECK(admitted(cluster, other, target, who));
        }
        CHECK(admitted(cluster, pod_of(workloads), 7, who));  // no target of any random export
      }
    }
  });
}

/// Others open the cluster's existing gateway for the host.
bool passed_already(const Cluster& cluster, const std::string& host) {
  const auto& gateway = cluster.resolved.cluster(cluster.id).gateway;
  return gateway.given() && std::ranges::any_of(*(*gateway)->passes, [&](const model::Name& pattern) {
           return *pattern == host || (pattern->starts_with('*') && host.ends_with(pattern->substr(1)));
         });
}

TEST_CASE("gateways pass the hosts that are served, and each Istio Gateway is that of one gateway") {
  for_each_cluster([&](const Cluster& cluster) {
    INFO("cluster " << cluster.plan.cluster);
    std::multiset<std::string> passed, served;
    for (const k8s::IstioGateway* gateway : cluster.all<k8s::IstioGateway>()) {
      std::set<std::string> selected;
      for (const k8s::Gateway* deployed : cluster.all<k8s::Gateway>()) {
        if (deployed->class_name != "istio") continue;
        if (selects(gateway->selector, {{std::string(model::kGatewayNameLabel), deployed->meta.name}}))
          selected.insert(deployed->meta.ns + "/" + deployed->meta.name);
      }
      CHECK(selected.size() <= 1);
      for (const k8s::IstioGateway::Server& server : gateway->servers) {
        if (server.tls_mode == k8s::IstioGateway::TlsMode::AutoPassthrough)
          passed.insert(server.hosts.begin(), server.hosts.end());
      }
    }
    for (const ExportId id : cluster.resolved.clusters[cluster.id].hosts) {
      if (!cluster.resolved.serves(cluster.id, id)) continue;
      model::each_host(cluster.resolved.exports[id], [&](const std::string& host) {
        if (!passed_already(cluster, host)) served.insert(host);
      });
    }
    CHECK(passed == served);  // a host twice would be two filter chains of one SNI
  });
}

/// The other clusters of a mesh with remote secrets whose pods a cluster's istiod finds for an export.
struct Found {
  std::vector<ClusterId> clusters;
  bool imported = false;  // some are on another network, or the cluster has no pods of its own
};

Found found_by(const ResolvedFederation& resolved, ClusterId own, ExportId id) {
  Found found;
  if (!*resolved.mesh_of(own).remote_secrets) return found;
  const bool local = resolved.has_workloads(own, id);
  bool there = local || resolved.exports[id].naming == model::Naming::service;  // for whom the host selects pods
  for (ClusterId other = 0; other < resolved.clusters.size(); ++other) {
    if (other == own || resolved.clusters[other].mesh != resolved.clusters[own].mesh) continue;
    if (!resolved.has_workloads(other, id)) continue;
    found.clusters.push_back(other);
    there = there || resolved.serves(other, id);
    found.imported = found.imported || !local || resolved.clusters[other].network != resolved.clusters[own].network;
  }
  return there ? found : Found{};
}

TEST_CASE("routers and gateways pass the names by which callers ask, each once") {
  std::size_t names = 0;
  for_each_cluster([&](const Cluster& cluster) {
    INFO("cluster " << cluster.plan.cluster);
    const ResolvedFederation& resolved = cluster.resolved;
    std::multiset<std::string> at_gateway, at_router, asked, served, called;
    for (const k8s::EnvoyFilter* filter : cluster.all<k8s::EnvoyFilter>())
      at_gateway.insert(filter->server_names.begin(), filter->server_names.end());
    for (const k8s::Route* route : cluster.all<k8s::Route>()) at_router.insert(route->host);
    for (const k8s::DestinationRule* rule : cluster.all<k8s::DestinationRule>())
      for (const k8s::DestinationRule::NamedPort& port : rule->ports) asked.insert(port.sni);
    for (const ExportId id : resolved.clusters[cluster.id].hosts) {
      const auto& sources = resolved.exports[id].sources;
      const bool routed =
          std::any_of(sources.begin(), sources.end(), [&](auto one) { return resolved.networks[one].router; });
      if (!routed) continue;
      for (const model::Port& port : *resolved.exported(id).ports) {
        const auto add = [&](std::multiset<std::string>& to) {
          return [&](const std::string& host) { to.insert(model::router_name(*port.number, host)); };
        };
        if (resolved.serves(cluster.id, id)) model::each_host(resolved.exports[id], add(served));
        const bool imported =
            !resolved.live_sources(cluster.id, id).empty() || found_by(resolved, cluster.id, id).imported;
        if (imported) resolved.each_host_at(cluster.id, id, add(called));
      }
    }
    const auto& gateway = *resolved.cluster(cluster.id).gateway;
    CHECK(at_gateway == served);
    CHECK(at_router == (gateway && *gateway->router ? served : std::multiset<std::string>{}));
    CHECK(asked == called);
    CHECK(std::set<std::string>(served.begin(), served.end()).size() == served.size());
    names += asked.size();
  });
  CHECK(names > tried_of(kFederations));
}

TEST_CASE("remote endpoints are selected by what they were written for, and by nothing else") {
  std::size_t entries = 0;
  for_each_cluster([&](const Cluster& cluster) {
    for (const k8s::WorkloadEntry* entry : cluster.all<k8s::WorkloadEntry>()) {
      ++entries;
      std::vector<std::string> hosts;  // of all that selects it
      for (const k8s::ServiceEntry* service : cluster.all<k8s::ServiceEntry>()) {
        if (service->workload_selector.empty() || service->meta.ns != entry->meta.ns) continue;
        if (selects(service->workload_selector, entry->meta.labels)) hosts.push_back(service->hosts.front());
      }
      for (const k8s::Service* service : cluster.all<k8s::Service>()) {
        if (service->selector.empty() || service->meta.ns != entry->meta.ns) continue;
        if (selects(service->selector, entry->meta.labels))
          hosts.push_back(model::service_host(service->meta.name, service->meta.ns,
                                              *cluster.resolved.clusters[cluster.id].settings.cluster_domain));
      }
      for (const ExportId id : cluster.resolved.clusters[cluster.id].hosts) {  // the applications' own Services
        const Workloads workloads = workloads_of(cluster.resolved, cluster.id, id);
        const bool own = cluster.resolved.exports[id].naming == model::Naming::service &&
                         cluster.resolved.has_workloads(cluster.id, id) && !workloads.labels.empty();
        if (own && workloads.ns == entry->meta.ns && selects(workloads.labels, entry->meta.labels))
          hosts.push_back(cluster.resolved.exports[id].host);
      }
      INFO("cluster " << cluster.plan.cluster << ", WorkloadEntry " << entry->meta.name);
      const auto has = [&](const model::ExportInfo& info) {
        return std::ranges::find(hosts, info.host) != hosts.end();
      };
      const auto exported = std::ranges::find_if(cluster.resolved.exports, has);
      REQUIRE(exported != cluster.resolved.exports.end());
      // An alias has the endpoints of its own export's host, and of no other.
      std::erase_if(hosts, [&](const std::string& host) { return base::contains(exported->aliases, host); });
      REQUIRE(hosts.size() == 1);
      CHECK(entry->meta.name == model::workload_entry_name(entry->network, hosts.front()));
    }
  });
  CHECK(entries > tried_of(kFederations));
}

TEST_CASE("clients demand the identities that were declared, of the meshes that serve") {
  for_each_cluster([&](const Cluster& cluster) {
    const ResolvedFederation& resolved = cluster.resolved;
    for (const k8s::ServiceEntry* entry : cluster.all<k8s::ServiceEntry>()) {
      const auto& hosts = resolved.clusters[cluster.id].hosts;
      const auto id = std::find_if(hosts.begin(), hosts.end(), [&](ExportId host) {
        const model::ExportInfo& info = resolved.exports[host];
        return info.host == entry->hosts.front() || base::contains(info.aliases, entry->hosts.front());
      });
      if (id == hosts.end()) continue;  // stands for a remote gateway
      std::set<std::string> expected;
      const auto add = [&](ClusterId server) {
        const Workloads workloads = workloads_of(resolved, server, *id);
        for (const std::string& account : workloads.accounts)
          expected.insert(
              fmt::format("spiffe://{}/ns/{}/sa/{}", *resolved.mesh_of(server).trust_domain, workloads.ns, account));
      };
      const auto sources = resolved.live_sources(cluster.id, *id);
      for (const ClusterId server : resolved.exports[*id].from) {
        const model::NetworkId network = resolved.clusters[server].network;
        if (std::count(sources.begin(), sources.end(), network) == 0) continue;
        add(server);
        // Its gateway sends calls on to pods that its istiod finds on its network.
        for (const ClusterId other : found_by(resolved, server, *id).clusters) {
          if (resolved.clusters[other].network == network) add(other);
        }
      }
      const Found found = found_by(resolved, cluster.id, *id);
      const bool imported = !sources.empty() || found.imported;
      if (imported) std::ranges::for_each(found.clusters, add);
      if (imported && resolved.has_workloads(cluster.id, *id)) add(cluster.id);
      INFO("cluster " << cluster.plan.cluster << ", host " << entry->hosts.front());
      CHECK(std::set<std::string>(entry->subject_alt_names.begin(), entry->subject_alt_names.end()) == expected);
    }
  });
}

TEST_CASE("mesh-wide mTLS is what was declared, and stands where it holds for the mesh") {
  for_each_cluster([&](const Cluster& cluster) {
    const auto found = cluster.all<k8s::PeerAuthentication>();
    const model::Mtls mtls = *cluster.resolved.clusters[cluster.id].settings.mtls;
    REQUIRE(found.size() == (mtls == model::Mtls::unmanaged ? 0 : 1));
    if (found.empty()) return;
    CHECK(found.front()->meta.ns == *cluster.mesh().root_namespace);
    CHECK((found.front()->mode == k8s::PeerAuthentication::Mode::Strict) == (mtls == model::Mtls::strict));
  });
}

}  // namespace
}  // namespace meshfed::testing
