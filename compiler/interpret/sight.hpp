// What a proxy sees of its cluster: which Service answers a host, and which DestinationRule holds for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/cluster.hpp"

namespace meshfed::interpret {

/// A sidecar, or a gateway.
struct Proxy {
  const Cluster& cluster;
  std::string_view ns;                   // empty: one that no object names
  const GatewayPods* gateway = nullptr;  // null: a sidecar
};

/// `exportTo` lets the namespace see it.
bool is_visible(const Service& service, std::string_view ns);

struct Found {
  const Service* service = nullptr;
  bool exists = false;  // there are some, though the proxy may not see them
};

/// The Service or ServiceEntry that a host means to the proxy.
Found find_service(const Proxy& proxy, std::string_view host);

/// The port of that number; null if there is none, or one for UDP, which proxies leave alone.
const Port* find_port(const Service& service, std::int64_t number);

/// DestinationRules that hold together for a host: of several in one namespace the first that says something counts.
struct Rule {
  std::vector<const DestinationRule*> from;  // oldest first
  const TrafficPolicy* policy(std::int64_t port) const;
  /// The one that such settings are of; null if they are none of theirs.
  const DestinationRule* owner(const ClientTls* tls) const;
  const Subset* subset(std::string_view name) const;
  std::vector<const Subset*> subsets() const;
};

/// PushContext.destinationRule and SidecarScope.DestinationRule.
Rule find_rule(const Proxy& proxy, const Service& service, std::string_view host);

/// The namespaces from which a host is another Service, or has other rules, than from one that no object names; sorted.
std::vector<std::string> namespaces_apart(const Cluster& cluster, std::string_view host);

}  // namespace meshfed::interpret
