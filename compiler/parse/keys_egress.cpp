// The rows of keys of egress gateways.
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr Rule kAny{};
constexpr Rule kLabel{.format = Format::dns_label};
constexpr Rule kSubdomain{.format = Format::dns_subdomain};
constexpr Rule kPorts{.min = 1, .max = 65535, .max_items = 256};
constexpr Rule kReplicas{.min = 1, .max = 1000};
constexpr Rule kSelector{.format = Format::label_key, .value_format = Format::label_value, .max_items = 256};

using model::EgressGateway;

constexpr std::array kEgressGatewayKeys{
    key<&EgressGateway::namespace_>("namespace", kLabel,
                                    {"the root namespace", "The namespace of the egress gateway."}),
    key<&EgressGateway::name>("name", kLabel, {"\"egress-gateway\"", "The name of its Gateway."}),
    key<&EgressGateway::deploy>("deploy", kAny,
                                {"true",
                                 "`false`: use an existing egress gateway in `namespace`; then `selector`, `service` "
                                 "and `ports` are required."}),
    key<&EgressGateway::selector>("selector", kSelector, {"none", "The labels of an existing egress gateway's pods."}),
    key<&EgressGateway::service>(
        "service", kLabel, {"none", "The Service of an existing egress gateway, which the cluster's workloads call."}),
    key<&EgressGateway::ports>("ports", kPorts,
                               {"none",
                                "The ports that this Service exposes. The `egress_port` of every network that is left "
                                "for must be among them."}),
    key<&EgressGateway::route>(
        "route", kAny,
        {"\"virtualservice\"",
         "The object that routes by SNI: a VirtualService works with all versions, a TLSRoute with some."}),
    key<&EgressGateway::backend>(
        "backend", kAny,
        {"\"serviceentry\"",
         "The object that represents the remote gateway: a ServiceEntry, or a headless Service with EndpointSlices."}),
    key<&EgressGateway::parameters>("parameters", kSubdomain,
                                    {"none", "A ConfigMap in the same namespace that customizes the deployment."}),
    key<&EgressGateway::replicas>("replicas", kReplicas, {"one pod", "As `gateway.replicas`."}),
};

constexpr Table kEgressGatewayTable{.name = "cluster.*.egress_gateway",
                                    .title = "[cluster.*.egress_gateway]",
                                    .meaning = "The cluster's egress gateway.",
                                    .keys = kEgressGatewayKeys};

}  // namespace

template <>
const Table& table_of<EgressGateway>() {
  return kEgressGatewayTable;
}

}  // namespace meshfed::parse
