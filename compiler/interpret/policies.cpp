#include "interpret/policies.hpp"

#include <algorithm>
#include <array>

#include "base/sorted.hpp"

namespace meshfed::interpret {
namespace {

template <class T>
const T* oldest(const std::vector<const T*>& items) {
  const auto found =
      std::min_element(items.begin(), items.end(), [](const T* a, const T* b) { return is_older(*a, *b); });
  return found == items.end() ? nullptr : *found;
}

/// What the policy says takes the place of what the wider one said, unless it is unset.
void narrow(PeerMode& mode, const PeerAuthentication* policy) {
  if (policy && policy->mode != Mtls::unset) mode = {policy->mode, policy};
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern == "*") return !text.empty();
  if (pattern.starts_with('*')) return text.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return text.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == text;
}

constexpr std::string_view kLocalDomain = "cluster.local";

bool is_whole_principal(std::string_view principal) {
  return std::count(principal.begin(), principal.end(), '/') == 4 && !principal.starts_with("*/");
}

/// A principal of the own domain, or of `cluster.local`, means the own domain and its aliases
/// (security/trustdomain/bundle.go).
bool matches_principal(const ClusterFacts& facts, std::string_view pattern, std::string_view principal) {
  if (matches(pattern, principal)) return true;
  if (principal.empty() || !is_whole_principal(pattern)) return false;
  const auto domain_of = [](std::string_view text) { return text.substr(0, text.find('/')); };
  const auto is_own = [&](std::string_view domain) {
    return domain == facts.trust_domain ||
           std::find(facts.domain_aliases.begin(), facts.domain_aliases.end(), domain) != facts.domain_aliases.end();
  };
  const std::string_view wanted = domain_of(pattern), shown = domain_of(principal);
  if (!is_own(shown) || !(is_own(wanted) || wanted == kLocalDomain)) return false;
  return matches(pattern.substr(wanted.size()), principal.substr(shown.size()));
}

template <class Matches>
bool any(const std::vector<std::string>& patterns, Matches matches_one) {
  return std::any_of(patterns.begin(), patterns.end(), matches_one);
}

class Judge {
 public:
  Judge(const ClusterFacts& facts, std::int64_t port, const Caller& caller)
      : facts_(facts), port_(port), caller_(caller) {}

  bool applies(const AuthorizationPolicy& policy) const {
    return std::any_of(policy.rules.begin(), policy.rules.end(),
                       [this](const AuthorizationRule& rule) { return applies(rule); });
  }

 private:
  bool applies(const AuthorizationRule& rule) const {
    const bool from = rule.from.empty() || std::any_of(rule.from.begin(), rule.from.end(),
                                                       [this](const Match& match) { return is_from(match); });
    const bool to = rule.to.empty() || std::any_of(rule.to.begin(), rule.to.end(),
                                                   [this](const PortMatch& match) { return is_to(match); });
    return from && to;
  }

  bool is_from(const Match& match) const {
    const auto principal = [this](const std::string& pattern) {
      return matches_principal(facts_, pattern, caller_.principal);
    };
    // A namespace is read from the certificate.
    const std::string_view ns = caller_.principal.empty() ? std::string_view() : caller_.ns;
    const auto of_namespace = [&](const std::string& pattern) { return !ns.empty() && matches(pattern, ns); };
    return (match.principals.empty() || any(match.principals, principal)) && !any(match.not_principals, principal) &&
           (match.namespaces.empty() || any(match.namespaces, of_namespace)) &&
           !any(match.not_namespaces, of_namespace);
  }

  bool is_to(const PortMatch& match) const {
    const auto has = [this](const std::vector<std::int64_t>& ports) {
      return std::find(ports.begin(), ports.end(), port_) != ports.end();
    };
    return (match.ports.empty() || has(match.ports)) && !has(match.not_ports);
  }

  const ClusterFacts& facts_;
  std::int64_t port_;
  const Caller& caller_;
};

}  // namespace

PeerMode namespace_mode(const Cluster& cluster, std::string_view ns) {
  PeerMode mode;
  const std::string& root = cluster.facts.root_namespace;
  narrow(mode, oldest(cluster.authentications.of_all(root)));
  if (ns != root) narrow(mode, oldest(cluster.authentications.of_all(ns)));
  return mode;
}

PeerMode peer_mode(const Cluster& cluster, std::string_view ns, const Labels& labels, std::int64_t port) {
  PeerMode mode = namespace_mode(cluster, ns);
  if (ns == cluster.facts.root_namespace) return mode;  // one with a selector there is passed over
  std::vector<const PeerAuthentication*> own = cluster.authentications.selecting(ns, labels);
  std::erase_if(own, [](const PeerAuthentication* policy) { return policy->selector.empty(); });
  const PeerAuthentication* policy = oldest(own);
  narrow(mode, policy);
  if (!policy) return mode;
  const auto at_port = policy->by_port.find(port);
  if (at_port != policy->by_port.end() && at_port->second != Mtls::unset) mode = {at_port->second, policy};
  return mode;
}

bool accepts_domain(const ClusterFacts& facts, std::string_view domain) {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), domain) != list.end();
  };
  return domain == facts.trust_domain || has(facts.domain_aliases) || has(facts.accepted_domains);
}

std::vector<std::string> with_aliases(const ClusterFacts& facts, std::vector<std::string> identities) {
  constexpr std::string_view kScheme = "spiffe://";
  if (!facts.domain_aliases.empty()) {
    const std::size_t given = identities.size();
    for (std::size_t i = 0; i < given; ++i) {
      if (!identities[i].starts_with(kScheme)) continue;
      const std::size_t path = identities[i].find('/', kScheme.size());
      if (path == std::string::npos) continue;
      const std::string rest = identities[i].substr(path);
      for (const std::string& alias : facts.domain_aliases)
        identities.push_back(std::string(kScheme).append(alias).append(rest));
    }
  }
  base::sort_unique(identities);
  return identities;
}

Permission permission(const Cluster& cluster, std::string_view ns, const Labels& labels, std::int64_t port,
                      const Caller& caller) {
  std::vector<const AuthorizationPolicy*> policies = cluster.policies.selecting(ns, labels);
  if (const std::string& root = cluster.facts.root_namespace; ns != root) {
    const auto everywhere = cluster.policies.selecting(root, labels);
    policies.insert(policies.end(), everywhere.begin(), everywhere.end());
  }
  std::sort(policies.begin(), policies.end(),
            [](const AuthorizationPolicy* a, const AuthorizationPolicy* b) { return is_older(*a, *b); });
  const Judge judge(cluster.facts, port, caller);
  const AuthorizationPolicy* not_understood = nullptr;
  const AuthorizationPolicy* allowing = nullptr;
  bool allowed = false;
  for (const AuthorizationPolicy* policy : policies) {
    if (policy->action == AuthorizationPolicy::Action::allow && !allowing) allowing = policy;
    const bool applies = judge.applies(*policy);
    if (!policy->gaps.empty() && applies) not_understood = policy;
    if (!policy->gaps.empty() || !applies) continue;
    if (policy->action == AuthorizationPolicy::Action::deny) return {Permission::Verdict::denied, policy};
    allowed = allowed || policy->action == AuthorizationPolicy::Action::allow;
  }
  if (not_understood) return {Permission::Verdict::unknown, not_understood};
  if (allowing && !allowed) return {Permission::Verdict::not_allowed, allowing};
  return {};
}

}  // namespace meshfed::interpret
