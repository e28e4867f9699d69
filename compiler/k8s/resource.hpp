// Any object of a cluster. This is the one list of the kinds; what is said here holds for each of them.
#pragma once

#include <string>
#include <variant>

#include "k8s/authorization_policy.hpp"
#include "k8s/config_map.hpp"
#include "k8s/destination_rule.hpp"
#include "k8s/endpoint_slice.hpp"
#include "k8s/envoy_filter.hpp"
#include "k8s/gateway.hpp"
#include "k8s/istio_gateway.hpp"
#include "k8s/namespace.hpp"
#include "k8s/peer_authentication.hpp"
#include "k8s/route.hpp"
#include "k8s/service.hpp"
#include "k8s/service_entry.hpp"
#include "k8s/tls_route.hpp"
#include "k8s/virtual_service.hpp"
#include "k8s/workload_entry.hpp"

namespace meshfed::k8s {

// A kind that is not listed here does not become a Resource; one without spec() or body() does not compile.
using Resource =
    std::variant<Namespace, PeerAuthentication, ConfigMap, Gateway, IstioGateway, ServiceEntry, Service, WorkloadEntry,
                 EndpointSlice, DestinationRule, VirtualService, TlsRoute, AuthorizationPolicy, EnvoyFilter, Route>;

// The whole document: apiVersion, kind, metadata, then the spec or what the kind has instead.
yaml::Map document(const Resource& resource);

// `apiVersion` and kind as API discovery spells them: `v1/Service`, `gateway.networking.k8s.io/v1/Gateway`.
std::string type_of(const Resource& resource);

// What identifies the object in its cluster, without the version: `Kind.group/namespace/name`, a core kind
// without the group (`Service/httpbin/httpbin`), a cluster-scoped one without the namespace (`Namespace/httpbin`).
std::string object_id(const Resource& resource);

const Meta& meta_of(const Resource& resource);

}  // namespace meshfed::k8s
