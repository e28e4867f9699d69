// Objects of a cluster as far as Istio's sidecar mode makes something of them. What a manifest says beyond that is a
// gap of its object: a field by name. Whoever bases an answer on an object with gaps does not know.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/labels.hpp"

namespace meshfed::interpret {

struct Object {
  std::string_view kind;  // with its group: `ServiceEntry.networking.istio.io`
  std::string ns;
  std::string name;
  std::string created;            // as the API server writes it, which sorts by time; empty in a manifest
  std::vector<std::string> gaps;  // `spec.foo.bar`
};

/// `Kind.group/namespace/name`
std::string id_of(const Object& object);

/// `namespace/name`, one for each object of a kind
std::string key_of(const Object& object);

/// Older objects first; those of one age by name, then namespace: what istiod does (sortConfigByCreationTime).
bool is_older(const Object& a, const Object& b);

enum class Protocol : std::uint8_t { tcp, udp, http, tls, other };

struct Port {
  std::string name;
  std::int64_t number = 0;
  std::int64_t target = 0;       // 0: see `target_name`
  std::string target_name = {};  // of a container's port
  Protocol protocol = Protocol::tcp;
};

/// Of a ServiceEntry, an EndpointSlice or a WorkloadEntry.
struct EndpointSpec {
  std::string address;
  std::string network;
  std::string locality;
  std::int64_t weight = 0;  // 0: not given
  std::string account;
  Labels labels;
  std::map<std::string, std::int64_t> ports;
};

enum class Resolution : std::uint8_t { none, fixed, dns, other };

/// A Service, or a ServiceEntry.
struct Service : Object {
  bool entry = false;
  std::vector<std::string> hosts;  // of a Service: one, without the cluster's domain
  std::vector<std::string> export_to;
  std::vector<std::string> addresses;
  bool external = false;
  bool headless = false;
  Resolution resolution = Resolution::fixed;
  std::vector<Port> ports;
  std::vector<std::string> sans;
  Labels selector;           // empty: none, unless it selects
  bool selects_all = false;  // a ServiceEntry's selector without labels
  std::vector<EndpointSpec> endpoints;
  std::string gateway_network;     // label topology.istio.io/network
  std::int64_t gateway_port = 0;   // label networking.istio.io/gatewayPort; 0: not given
  std::vector<std::string> given;  // addresses that its load balancer has
};

struct WorkloadEntry : Object {
  EndpointSpec endpoint;
};

struct EndpointSlice : Object {
  std::string service;
  std::vector<std::string> addresses;
  std::map<std::string, std::int64_t> ports;
};

enum class TlsMode : std::uint8_t { disable, simple, mutual, istio_mutual };

/// As DestinationRules write it.
std::string_view word(TlsMode mode);

struct ClientTls {
  TlsMode mode = TlsMode::disable;
  std::string sni;
  std::vector<std::string> sans;
};

struct LocalityLb {
  bool enabled = true;
  std::vector<std::string> failover_priority;
  struct Distribute {
    std::string from;
    std::vector<std::pair<std::string, std::int64_t>> to;
  };
  std::vector<Distribute> distribute;
  std::vector<std::pair<std::string, std::string>> failover;  // from region to region
};

struct TrafficPolicy {
  std::optional<ClientTls> tls;
  std::optional<LocalityLb> locality;
  bool outlier = false;
};

struct Subset {
  std::string name;
  Labels labels;
  std::optional<TrafficPolicy> policy;
};

struct DestinationRule : Object {
  std::string host;
  std::vector<std::string> export_to;
  Labels selector;
  std::optional<TrafficPolicy> policy;
  std::map<std::int64_t, TrafficPolicy> by_port;
  std::vector<Subset> subsets;
};

struct Server {
  enum class Mode : std::uint8_t { passthrough, auto_passthrough, other };
  std::int64_t port = 0;
  std::string protocol;
  std::vector<std::string> hosts;  // may have a namespace before a `/`
  Mode mode = Mode::other;
  bool plain = false;   // HTTP, whatever its `tls` says
  std::string section;  // of a Gateway API listener: its name
};

/// Istio's Gateway.
struct IstioGateway : Object {
  Labels selector;
  std::vector<Server> servers;
};

struct Listener {
  std::string name;
  std::int64_t port = 0;
  std::string protocol;
  std::string hostname;
  bool passthrough = false;
  bool auto_passthrough = false;  // by its own option
  bool same_namespace = true;     // allowedRoutes
};

/// Gateway API's Gateway.
struct KubeGateway : Object {
  std::string class_name;
  Labels labels;
  std::optional<Labels> infrastructure;
  std::vector<std::string> addresses;  // IPs and host names
  /// IsManaged (config/kube/gatewaycommon): of several addresses, or one that is no IP, somebody else has the pods.
  bool managed = true;
  bool by_services = false;  // then these are the pods of Services that the addresses name
  std::vector<Listener> listeners;
};

struct Destination {
  std::string host;
  std::int64_t port = 0;
  std::int64_t weight = 0;
};

struct TlsRule {
  std::int64_t port = 0;  // 0: any
  std::vector<std::string> sni_hosts;
  std::vector<Destination> routes;
};

struct VirtualService : Object {
  std::vector<std::string> hosts;
  std::vector<std::string> gateways;
  std::vector<std::string> export_to;
  std::vector<TlsRule> tls;
  bool mesh = true;  // it is for sidecars (as well)
};

struct TlsRoute : Object {
  struct Parent {
    std::string ns;
    std::string name;
    std::string section;  // empty: all
  };
  std::vector<std::string> hostnames;
  std::vector<Parent> parents;
  std::vector<std::vector<Destination>> rules;  // where each leads; those with a weight
  bool refused = false;                         // istiod takes none of its rules, for a mistake in one
  std::string version;
};

/// An EnvoyFilter that gives filter chains of gateways further names. Any other one has gaps.
struct EnvoyFilter : Object {
  struct Names {
    std::int64_t port = 0;  // 0: any
    std::string listener;   // its name; empty: any
    std::string sni;        // of the chain; empty: all
    std::vector<std::string> added;
  };
  Labels selector;
  std::vector<Names> names;
};

/// OpenShift's: what a router passes on by its server name.
struct Route : Object {
  std::string host;
  std::string service;
  std::int64_t port = 0;  // of the pods; 0: see `port_name`
  std::string port_name;
  bool passthrough = false;
};

enum class Mtls : std::uint8_t { unset, disable, permissive, strict };

struct PeerAuthentication : Object {
  Labels selector;
  Mtls mode = Mtls::unset;
  std::map<std::int64_t, Mtls> by_port;
};

/// A source or an operation: what is not given matches all.
struct Match {
  std::vector<std::string> principals, not_principals;
  std::vector<std::string> namespaces, not_namespaces;
};

struct PortMatch {
  std::vector<std::int64_t> ports, not_ports;
};

struct AuthorizationRule {
  std::vector<Match> from;
  std::vector<PortMatch> to;
};

struct AuthorizationPolicy : Object {
  enum class Action : std::uint8_t { allow, deny, other };
  Labels selector;
  Action action = Action::allow;
  std::vector<AuthorizationRule> rules;
};

/// Of one or several files; never changed after it was read, so that clusters may share it.
struct Objects {
  std::vector<Service> services;
  std::vector<WorkloadEntry> entries;
  std::vector<EndpointSlice> slices;
  std::vector<DestinationRule> rules;
  std::vector<IstioGateway> istio_gateways;
  std::vector<KubeGateway> kube_gateways;
  std::vector<VirtualService> virtual_services;
  std::vector<TlsRoute> tls_routes;
  std::vector<EnvoyFilter> filters;
  std::vector<Route> routes;
  std::vector<PeerAuthentication> authentications;
  std::vector<AuthorizationPolicy> policies;
  std::vector<std::string> unknown;  // ids of objects that may change where calls go, of kinds that are not understood
  std::size_t of_no_account = 0;     // objects that do not matter here
};

}  // namespace meshfed::interpret
