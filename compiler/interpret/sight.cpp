#include "interpret/sight.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace meshfed::interpret {
namespace {

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_public(const Service& service) { return service.export_to.empty() || has(service.export_to, "*"); }

/// selectServices in model/sidecar.go: the proxy's own namespace first; else the first seen, but since 1.30 a Service
/// before a ServiceEntry. What names the namespace is seen before what is for all.
const Service* of_sidecar(const Proxy& proxy, const std::vector<const Service*>& visible) {
  const Service* chosen = nullptr;
  const bool prefers_services = proxy.cluster.facts.istio >= 30;
  for (const bool for_all : {false, true}) {
    for (const Service* one : visible) {
      if (is_public(*one) != for_all) continue;
      const bool own = one->ns == proxy.ns;
      const bool better =
          chosen && chosen->ns != proxy.ns && (own || (prefers_services && chosen->entry && !one->entry));
      if (!chosen || better) chosen = one;
    }
  }
  return chosen;
}

/// appendSidecarServices: the first seen, but a Service before a ServiceEntry.
const Service* of_gateway(const std::vector<const Service*>& visible) {
  const Service* chosen = nullptr;
  for (const bool for_all : {false, true}) {
    for (const Service* one : visible) {
      if (is_public(*one) == for_all && (!chosen || (chosen->entry && !one->entry))) chosen = one;
    }
  }
  return chosen;
}

/// For whom a rule is: `exportTo`, and without it the mesh's default, which is all.
bool is_exported(const DestinationRule& rule, std::string_view ns) {
  if (!rule.selector.empty()) return false;
  return rule.export_to.empty() || has(rule.export_to, "*") || has(rule.export_to, ns);
}

bool is_private(const DestinationRule& rule) {
  if (!rule.selector.empty()) return true;
  return rule.export_to.size() == 1 && (rule.export_to.front() == "." || rule.export_to.front() == rule.ns);
}

bool holds_at_home(const DestinationRule& rule) {
  return rule.export_to.empty() || !rule.selector.empty() || has(rule.export_to, "*") || has(rule.export_to, ".") ||
         has(rule.export_to, rule.ns);
}

/// Rules that may be for a host.
struct Candidates {
  std::string_view host;
  const std::vector<const DestinationRule*>* exact;  // null: none
  const std::vector<const DestinationRule*>& wildcards;
};

/// MostSpecificHostMatch among those that `wanted` keeps: the exact host, else the longest wildcard.
template <class Wanted>
std::vector<const DestinationRule*> most_specific(const Candidates& known, Wanted wanted) {
  std::vector<const DestinationRule*> found;
  if (known.exact) std::copy_if(known.exact->begin(), known.exact->end(), std::back_inserter(found), wanted);
  if (!found.empty()) return found;
  for (const DestinationRule* rule : known.wildcards) {
    if (!is_subset(known.host, rule->host) || !wanted(rule)) continue;
    if (!found.empty() && rule->host.size() > found.front()->host.size()) found.clear();
    if (found.empty() || rule->host == found.front()->host) found.push_back(rule);
  }
  return found;
}

/// The only Service of a host, with all rules that there are: nearly always everybody sees the same.
bool is_alike_for_all(const Service& service, const std::vector<const DestinationRule*>& rules) {
  return is_public(service) && std::all_of(rules.begin(), rules.end(), [&](const DestinationRule* rule) {
           return rule->ns == service.ns && rule->selector.empty() &&
                  (rule->export_to.empty() || has(rule->export_to, "*"));
         });
}

/// What a host is from a namespace.
struct Sight {
  const Service* service;
  std::vector<const DestinationRule*> rules;

  bool operator==(const Sight&) const = default;
};

/// All namespaces that one of the objects may be for.
class Namespaces {
 public:
  std::set<std::string> take() && { return std::move(found_); }

  void add(const Object& object, const std::vector<std::string>& export_to) {
    found_.insert(object.ns);
    for (const std::string& item : export_to) {
      if (item != "*" && item != "~" && item != ".") found_.insert(item);
    }
  }

 private:
  std::set<std::string> found_;
};

std::vector<const DestinationRule*> exported_from(const Proxy& proxy, std::string_view ns, const Candidates& known) {
  std::vector<const DestinationRule*> found =
      most_specific(known, [&](const DestinationRule* rule) { return rule->ns == ns && !is_private(*rule); });
  std::erase_if(found, [&](const DestinationRule* rule) { return !is_exported(*rule, proxy.ns); });
  return found;
}

}  // namespace

bool is_visible(const Service& service, std::string_view ns) {
  if (has(service.export_to, "~")) return false;
  return is_public(service) || has(service.export_to, ns) || (service.ns == ns && has(service.export_to, "."));
}

Found find_service(const Proxy& proxy, std::string_view host) {
  const auto known = proxy.cluster.services.find(host);
  if (known == proxy.cluster.services.end()) return {};
  if (known->second.size() == 1) {  // as nearly always
    const Service* only = known->second.front();
    return {.service = is_visible(*only, proxy.ns) ? only : nullptr, .exists = true};
  }
  std::vector<const Service*> visible;
  std::copy_if(known->second.begin(), known->second.end(), std::back_inserter(visible),
               [&](const Service* service) { return is_visible(*service, proxy.ns); });
  return {.service = proxy.gateway ? of_gateway(visible) : of_sidecar(proxy, visible), .exists = true};
}

const Port* find_port(const Service& service, std::int64_t number) {
  const auto found = std::find_if(service.ports.begin(), service.ports.end(), [&](const Port& port) {
    return port.number == number && port.protocol != Protocol::udp;
  });
  return found == service.ports.end() ? nullptr : &*found;
}

const TrafficPolicy* Rule::policy(std::int64_t port) const {
  for (const DestinationRule* rule : from) {
    if (!rule->policy) continue;
    const auto at = rule->by_port.find(port);  // inherits nothing
    return at == rule->by_port.end() ? &*rule->policy : &at->second;
  }
  return nullptr;
}

const DestinationRule* Rule::owner(const ClientTls* tls) const {
  const auto is_of = [&](const std::optional<TrafficPolicy>& policy) {
    return policy && policy->tls && &*policy->tls == tls;
  };
  for (const DestinationRule* rule : from) {
    if (is_of(rule->policy)) return rule;
    for (const auto& [port, policy] : rule->by_port) {
      if (policy.tls && &*policy.tls == tls) return rule;
    }
    for (const Subset& subset : rule->subsets) {
      if (is_of(subset.policy)) return rule;
    }
  }
  return nullptr;
}

std::vector<const Subset*> Rule::subsets() const {
  std::vector<const Subset*> found;
  for (const DestinationRule* rule : from) {
    for (const Subset& one : rule->subsets) {
      if (std::none_of(found.begin(), found.end(), [&](const Subset* known) { return known->name == one.name; }))
        found.push_back(&one);
    }
  }
  return found;
}

const Subset* Rule::subset(std::string_view name) const {
  for (const Subset* one : subsets()) {
    if (one->name == name) return one;
  }
  return nullptr;
}

Rule find_rule(const Proxy& proxy, const Service& service, std::string_view host) {
  const auto exact = proxy.cluster.rules.find(host);
  const Candidates known{.host = host,
                         .exact = exact == proxy.cluster.rules.end() ? nullptr : &exact->second,
                         .wildcards = proxy.cluster.wildcard_rules};
  if (!known.exact && known.wildcards.empty()) return {};
  const bool in_root = proxy.ns == proxy.cluster.facts.root_namespace;
  std::vector<const DestinationRule*> found = most_specific(known, [&](const DestinationRule* rule) {
    return rule->ns == proxy.ns && (in_root ? is_private(*rule) : holds_at_home(*rule));
  });
  if (found.empty()) found = exported_from(proxy, service.ns, known);
  if (found.empty()) found = exported_from(proxy, proxy.cluster.facts.root_namespace, known);
  return {std::move(found)};
}

std::vector<std::string> namespaces_apart(const Cluster& cluster, std::string_view host) {
  const auto known = cluster.services.find(host);
  if (known == cluster.services.end()) return {};
  std::vector<const DestinationRule*> rules;
  if (const auto exact = cluster.rules.find(host); exact != cluster.rules.end()) rules = exact->second;
  std::copy_if(cluster.wildcard_rules.begin(), cluster.wildcard_rules.end(), std::back_inserter(rules),
               [&](const DestinationRule* rule) { return is_subset(host, rule->host); });
  if (known->second.size() == 1 && is_alike_for_all(*known->second.front(), rules)) return {};
  Namespaces named;
  for (const Service* service : known->second) named.add(*service, service->export_to);
  for (const DestinationRule* rule : rules) named.add(*rule, rule->export_to);
  const auto sight = [&](std::string_view ns) -> Sight {
    const Proxy proxy{.cluster = cluster, .ns = ns};
    const Service* service = find_service(proxy, host).service;
    if (!service) return {.service = nullptr, .rules = {}};
    return {.service = service, .rules = find_rule(proxy, *service, host).from};
  };
  std::vector<std::string> apart;
  const Sight others = sight({});
  for (const std::string& ns : std::move(named).take()) {
    if (sight(ns) != others) apart.push_back(ns);
  }
  return apart;
}

}  // namespace meshfed::interpret
