// Who serves a host: pods and entries, and what of them a proxy is given to dial, in which shares.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/sight.hpp"

namespace meshfed::interpret {

/// One that serves a port of a Service, before any proxy looks at it (model.IstioEndpoint).
struct Endpoint {
  const Workload* workload = nullptr;  // pods; null: an entry
  const ClusterFacts* home = nullptr;  // where it was found
  const Object* object = nullptr;      // what brought it: the Service or ServiceEntry for pods, else the entry
  std::string_view address;            // of an entry; may be empty
  std::string_view network;
  std::string_view locality;
  std::string_view account;  // empty: none, or not known
  const Labels* labels = nullptr;
  std::string_view ns;
  double weight = 1;
  std::int64_t port = 0;
  bool tls = false;  // it has a sidecar, or says so
};

std::vector<Endpoint> endpoints_of(const Cluster& cluster, const Service& service, std::string_view host,
                                   const Port& port);

/// The identities that a client accepts of a Service, sorted; none: any (PushContext.addServiceAccounts). Of endpoints
/// `known` are the identities.
std::vector<std::string> identities_of(const Cluster& cluster, const Service& service, std::vector<std::string> known);

std::string spiffe_id(std::string_view domain, std::string_view ns, std::string_view account);

/// What a proxy dials.
struct Target {
  const Workload* workload = nullptr;  // pods; null: an address
  const ClusterFacts* home = nullptr;  // of the pods
  std::string_view address;
  std::int64_t port = 0;
  const NetworkGateway* gateway = nullptr;  // the address is of a remote network's gateway
  std::string_view network;                 // where it ends, or leads
  const Object* object = nullptr;           // what brought it
  bool mtls = false;
  double share = 0;  // of the calls, while all is well; 0: only when others fail
};

/// An endpoint that the proxy gets no way to.
struct Lost {
  enum class Why { no_gateway, no_mtls, no_address, not_distributed };
  Why why;
  const Object* object;
  std::string_view network;
  const ClientTls* tls = nullptr;  // no_mtls: of the rule that says so; null: the endpoint does not take it
};

struct Assignment {
  std::vector<Target> targets;
  std::vector<std::string> identities;  // of all endpoints whose account is known
  std::vector<Lost> lost;
  bool refused = false;            // Envoy refuses all of them: one has an empty address
  std::string_view unknown_label;  // a failover priority whose label is no fact
};

/// How a proxy calls a port of a Service.
struct Call {
  const Proxy& proxy;
  const Service& service;
  std::string_view host;
  const Port& port;
  const Rule& rule;
  std::string_view subset = {};
  bool dnat = false;  // by an AUTO_PASSTHROUGH listener, which only leads to endpoints with mTLS
};

/// EndpointBuilder.BuildClusterLoadAssignment (xds/endpoints/endpoint_builder.go).
Assignment assign(const Call& call);

/// The policy that holds for the call's port and subset: what the subset says goes before what the rule says.
struct Effective {
  const ClientTls* tls = nullptr;
  const ClientTls* checked_tls = nullptr;  // by which endpoints are kept: a port without its own takes that of the rule
  const LocalityLb* locality = nullptr;
  bool outlier = false;
};
Effective effective_policy(const Rule& rule, std::int64_t port, std::string_view subset);

}  // namespace meshfed::interpret
