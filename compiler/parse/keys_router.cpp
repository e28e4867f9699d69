// The rows of keys of a router in front of a gateway.
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr Rule kLabel{.format = Format::dns_label};
constexpr Rule kAddresses{.format = Format::address, .max_items = 16};

using model::Router;

constexpr std::array kRouterKeys{
    key<&Router::addresses>(
        "addresses", kAddresses,
        {"", "1 to 16 IP addresses or fully qualified host names at which other networks reach the router."},
        kRequired),
    key<&Router::service>("service", kLabel,
                          {"the deployed gateway's Service",
                           "The Service of the gateway's pods, which the Routes refer to. Required for an existing "
                           "gateway."}),
};

constexpr Table kRouterTable{.name = "cluster.*.gateway.router",
                             .title = "[cluster.*.gateway.router]",
                             .meaning =
                                 "The OpenShift router in front of the cluster's east-west gateway, for networks from "
                                 "which only port 443 is open.",
                             .keys = kRouterKeys};
}  // namespace

template <>
const Table& table_of<Router>() {
  return kRouterTable;
}

}  // namespace meshfed::parse
