#include "ask/table.hpp"

#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "ask/trace.hpp"
#include "base/pool.hpp"

namespace meshfed::ask {
namespace {

using interpret::Cluster;
using interpret::Service;

/// Somebody whom a policy tells from others: a namespace, and an account or all that no policy names.
struct Named {
  std::string domain;
  std::string ns;
  std::string account;

  auto operator<=>(const Named&) const = default;
};

/// What is known of a host in any cluster.
struct Host {
  std::set<std::int64_t> ports;
  std::set<Named> callers;
};

/// `domain/ns/namespace/sa/account`; nothing where it names no namespace.
void take_principal(std::string_view principal, std::set<Named>& callers) {
  std::vector<std::string_view> part;
  while (part.size() < 5) {
    const std::size_t slash = std::min(principal.find('/'), principal.size());
    part.push_back(principal.substr(0, slash));
    principal.remove_prefix(std::min(slash + 1, principal.size()));
  }
  if (part[1] != "ns" || part[2].empty() || part[2].find('*') != std::string_view::npos) return;
  const bool whole = part[3] == "sa" && part[4].find('*') == std::string_view::npos;
  callers.insert({std::string(part[0]), std::string(part[2]), whole ? std::string(part[4]) : std::string()});
  callers.insert({std::string(part[0]), std::string(part[2]), {}});
}

void take_policies(const Cluster& cluster, const Service& service, Host& host) {
  if (service.selector.empty()) return;
  const auto labels_of = [](const interpret::Workload& pods) -> const interpret::Labels& { return pods.labels; };
  for (const interpret::Workload* pods : cluster.workloads.selected(service.ns, service.selector, labels_of)) {
    for (const interpret::AuthorizationPolicy* policy : cluster.policies.selecting(pods->ns, pods->labels)) {
      for (const interpret::AuthorizationRule& rule : policy->rules) {
        for (const interpret::Match& match : rule.from) {
          for (const std::string& one : match.principals) take_principal(one, host.callers);
          for (const std::string& one : match.not_principals) take_principal(one, host.callers);
        }
      }
    }
  }
}

std::map<std::string, Host> hosts_of(const interpret::World& world, const std::string& only) {
  std::map<std::string, Host> hosts;
  for (const interpret::ClusterFacts& facts : world.clusters()) {
    const Cluster& cluster = *world.find(facts.name);
    for (const auto& [name, services] : cluster.services) {
      if (!only.empty() && name != only) continue;
      Host& host = hosts[name];
      for (const Service* service : services) {
        for (const interpret::Port& port : service->ports) host.ports.insert(port.number);
        take_policies(cluster, *service, host);
      }
    }
  }
  return hosts;
}

/// The clients of a cluster that are told apart when they call the host.
std::vector<Client> clients_of(const Cluster& cluster, const std::string& name, const Host& host) {
  std::set<std::pair<std::string, std::string>> clients{{"", ""}};
  if (const auto known = cluster.services.find(name); known != cluster.services.end()) {
    for (const Service* service : known->second) {
      for (const std::string& ns : service->export_to) {
        if (ns == ".")
          clients.insert({service->ns, ""});
        else if (ns != "*" && ns != "~")
          clients.insert({ns, ""});
      }
    }
    for (const Named& caller : host.callers) {
      if (caller.domain == cluster.facts.trust_domain || caller.domain == "cluster.local")
        clients.insert({caller.ns, caller.account});
    }
  }
  std::vector<Client> all;
  for (const auto& [ns, account] : clients) all.push_back({cluster.facts.name, ns, account});
  return all;
}

}  // namespace

std::vector<Question> questions(const interpret::World& world, const Range& range) {
  std::vector<Question> asked;
  const std::map<std::string, Host> hosts = hosts_of(world, range.host);
  for (const interpret::ClusterFacts& facts : world.clusters()) {
    if (!range.cluster.empty() && facts.name != range.cluster) continue;
    const Cluster& cluster = *world.find(facts.name);
    for (const auto& [name, host] : hosts) {
      const std::vector<Client> clients = clients_of(cluster, name, host);
      for (const std::int64_t port : host.ports) {
        for (const Client& client : clients) asked.push_back({client, name, port});
      }
    }
  }
  return asked;
}

std::vector<Answer> answers(const interpret::World& world, const std::vector<Question>& questions, unsigned jobs) {
  constexpr std::size_t kAtOnce = 256;
  std::vector<Answer> all(questions.size());
  base::for_each_index((questions.size() + kAtOnce - 1) / kAtOnce, jobs, [&](std::size_t batch) {
    const std::size_t end = std::min(questions.size(), (batch + 1) * kAtOnce);
    for (std::size_t i = batch * kAtOnce; i < end; ++i) all[i] = trace(world, questions[i], Detail::verdict);
  });
  return all;
}

}  // namespace meshfed::ask
