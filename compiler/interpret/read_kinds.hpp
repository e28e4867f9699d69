// One function for each kind that is understood: from `spec`, or from the whole document of a kind without one. The
// object's metadata is filled in already.
#pragma once

#include "interpret/fields.hpp"

namespace meshfed::interpret {

// read_services.cpp
void read_spec(Fields& spec, Service& service);
void read_entry_spec(Fields& spec, Service& service);
void read_spec(Fields& spec, WorkloadEntry& entry);
void read_body(Fields& document, EndpointSlice& slice);

// read_traffic.cpp
void read_spec(Fields& spec, DestinationRule& rule);
void read_spec(Fields& spec, VirtualService& service);

// read_gateways.cpp
void read_spec(Fields& spec, IstioGateway& gateway);
void read_spec(Fields& spec, KubeGateway& gateway);
void read_spec(Fields& spec, TlsRoute& route);
void read_spec(Fields& spec, EnvoyFilter& filter);
void read_spec(Fields& spec, Route& route);

// read_policies.cpp
void read_spec(Fields& spec, PeerAuthentication& authentication);
void read_spec(Fields& spec, AuthorizationPolicy& policy);

}  // namespace meshfed::interpret
