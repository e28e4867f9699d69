#include "k8s/endpoint_slice.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::Map;

namespace {

const char* spelling(EndpointSlice::AddressType type) {
  switch (type) {
    case EndpointSlice::AddressType::IPv4:
      return "IPv4";
    case EndpointSlice::AddressType::IPv6:
      return "IPv6";
    case EndpointSlice::AddressType::FQDN:
      return "FQDN";
  }
  __builtin_unreachable();
}

Map endpoint(const EndpointSlice::Endpoint& endpoint) { return {{"addresses", endpoint.addresses}}; }

Map port(const EndpointSlice::Port& port) {
  return {
      {"name", port.name},
      {"port", port.port},
      {"protocol", "TCP"},
  };
}

}  // namespace

Map body(const EndpointSlice& slice) {
  return {
      {"addressType", spelling(slice.address_type)},
      {"endpoints", each(slice.endpoints, endpoint)},
      {"ports", each(slice.ports, port)},
  };
}

}  // namespace meshfed::k8s
