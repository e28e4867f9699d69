#include "ask/table.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

#include "ask/trace.hpp"
#include "base/pool.hpp"
#include "base/sorted.hpp"
#include "interpret/sight.hpp"

namespace meshfed::ask {
namespace {

using interpret::Cluster;
using interpret::Service;

constexpr std::size_t kHostsOfPart = 128;
constexpr std::size_t kPartsAtOnce = 1024;  // of several clusters, even where there are very many hosts

/// `domain/ns/namespace/sa/account`, in its parts; nothing where it names no namespace.
std::vector<std::string_view> parts_of(std::string_view principal) {
  std::vector<std::string_view> part;
  while (part.size() < 5) {
    const std::size_t slash = std::min(principal.find('/'), principal.size());
    part.push_back(principal.substr(0, slash));
    principal.remove_prefix(std::min(slash + 1, principal.size()));
  }
  const bool named = part[1] == "ns" && !part[2].empty() && part[2].find('*') == std::string_view::npos;
  return named ? part : std::vector<std::string_view>();
}

/// Workloads are behind it, here or on another network.
bool has_workloads(const Service& entry) {
  return !entry.selector.empty() || entry.selects_all ||
         std::any_of(entry.endpoints.begin(), entry.endpoints.end(),
                     [](const interpret::EndpointSpec& endpoint) { return !endpoint.network.empty(); });
}

/// What only stands for remote gateways, for routes to lead to: no workload is meant to call it. An entry that lost its
/// `location` is external, too, and is called all the same.
bool is_way_out(const Cluster& cluster, const Service& service) {
  return (service.external && !has_workloads(service)) || (service.headless && service.selector.empty()) ||
         cluster.gateway_behind(service);
}

std::size_t rounded_up(std::size_t count, std::size_t of) { return (count + of - 1) / of; }

}  // namespace

Table::Table(const interpret::World& world, Range range) : world_(world), range_(std::move(range)) {
  gather();
  for (const interpret::ClusterFacts& facts : world.clusters()) {
    if (range_.cluster.empty() || facts.name == range_.cluster) clusters_.push_back(&facts);
  }
  parts_ = clusters_.size() * rounded_up(hosts_.size(), kHostsOfPart);
}

void Table::gather() {
  std::unordered_map<std::string_view, Host> known;
  for (const interpret::ClusterFacts& facts : world_.clusters()) {
    const Cluster& cluster = *world_.find(facts.name);
    for (const auto& [name, services] : cluster.services) {
      const bool wanted = range_.host.empty() ? !is_way_out(cluster, *services.front()) : name == range_.host;
      if (!wanted) continue;
      Host& host = known[name];
      host.name = name;
      for (const Service* service : services) take(cluster, *service, host);
    }
  }
  for (auto& [name, host] : known) {
    base::sort_unique(host.ports);
    base::sort_unique(host.callers);
    hosts_.push_back(std::move(host));
  }
  std::sort(hosts_.begin(), hosts_.end(), [](const Host& a, const Host& b) { return a.name < b.name; });
}

void Table::take(const Cluster& cluster, const Service& service, Host& host) const {
  for (const interpret::Port& port : service.ports) {
    const bool wanted = port.protocol != interpret::Protocol::udp && (range_.port == 0 || port.number == range_.port);
    if (wanted && std::find(host.ports.begin(), host.ports.end(), port.number) == host.ports.end())
      host.ports.push_back(port.number);
  }
  if (service.selector.empty()) return;
  const auto take_principal = [&](const std::string& principal) {
    const std::vector<std::string_view> part = parts_of(principal);
    if (part.empty()) return;
    const bool whole = part[3] == "sa" && part[4].find('*') == std::string_view::npos;
    host.callers.push_back({std::string(part[0]), std::string(part[2]), {}});
    if (whole) host.callers.push_back({std::string(part[0]), std::string(part[2]), std::string(part[4])});
  };
  const auto labels_of = [](const interpret::Workload& pods) -> const interpret::Labels& { return pods.labels; };
  for (const interpret::Workload* pods :
       cluster.peers.front().workloads.selected(service.ns, service.selector, labels_of)) {
    for (const interpret::AuthorizationPolicy* policy : cluster.policies.selecting(pods->ns, pods->labels)) {
      for (const interpret::AuthorizationRule& rule : policy->rules) {
        for (const interpret::Match& match : rule.from) {
          for (const std::string& one : match.principals) take_principal(one);
          for (const std::string& one : match.not_principals) take_principal(one);
        }
      }
    }
  }
}

/// Those of the cluster that are told apart when they call the host.
std::vector<Client> Table::clients(const Cluster& cluster, const Host& host) const {
  std::vector<Client> all{{.cluster = cluster.facts.name}};
  std::set<std::pair<std::string, std::string>> named;
  for (std::string& ns : interpret::namespaces_apart(cluster, host.name)) named.insert({std::move(ns), ""});
  if (!host.callers.empty() && cluster.services.contains(host.name)) {
    for (const Named& caller : host.callers) {
      if (caller.domain == cluster.facts.trust_domain || caller.domain == "cluster.local")
        named.insert({caller.ns, caller.account});
    }
  }
  for (const auto& [ns, account] : named) all.push_back({cluster.facts.name, ns, account});
  return all;
}

std::vector<Question> Table::part(std::size_t number) const {
  const std::size_t blocks = rounded_up(hosts_.size(), kHostsOfPart), block = number % blocks;
  const Cluster& cluster = *world_.find(clusters_[number / blocks]->name);
  std::vector<Question> questions;
  for (std::size_t i = block * kHostsOfPart; i < std::min(hosts_.size(), (block + 1) * kHostsOfPart); ++i) {
    const Host& host = hosts_[i];
    const std::vector<Client> callers = clients(cluster, host);
    for (const std::int64_t port : host.ports) {
      for (const Client& client : callers) questions.push_back({client, std::string(host.name), port});
    }
  }
  return questions;
}

std::vector<std::size_t> Table::fastest_order(std::size_t first, std::size_t count) const {
  const std::size_t blocks = rounded_up(hosts_.size(), kHostsOfPart);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return (first + a) % blocks < (first + b) % blocks; });
  return order;
}

bool Table::asks(const Question& question) const {
  const auto cluster = std::find_if(clusters_.begin(), clusters_.end(), [&](const interpret::ClusterFacts* facts) {
    return facts->name == question.client.cluster;
  });
  const auto host = std::lower_bound(hosts_.begin(), hosts_.end(), question.host,
                                     [](const Host& one, const std::string& name) { return one.name < name; });
  if (cluster == clusters_.end() || host == hosts_.end() || host->name != question.host) return false;
  if (!std::binary_search(host->ports.begin(), host->ports.end(), question.port)) return false;
  const std::vector<Client> known = clients(*world_.find(question.client.cluster), *host);
  return std::find(known.begin(), known.end(), question.client) != known.end();
}

void print(const Table& table, Format format, unsigned jobs, const std::function<void(std::string_view)>& out) {
  const Frame frame = frame_of(format, table.world().assumptions());
  out(frame.begin);
  bool any = false;
  Memo memo;
  for (std::size_t first = 0; first < table.parts(); first += kPartsAtOnce) {
    std::vector<std::string> parts(std::min(kPartsAtOnce, table.parts() - first));
    const std::vector<std::size_t> order = table.fastest_order(first, parts.size());
    base::for_each_index(parts.size(), jobs, [&](std::size_t turn) {
      const std::size_t at = order[turn];
      for (Question& question : table.part(first + at))
        add_row(parts[at], trace(table.world(), std::move(question), Detail::verdict, &memo), format);
    });
    for (const std::string& rows : parts) {
      if (rows.empty()) continue;
      out(std::exchange(any, true) ? frame.between : frame.first);
      out(std::string_view(rows).substr(0, rows.size() - frame.between.size()));
    }
  }
  out(any ? frame.end : frame.none);
}

}  // namespace meshfed::ask
