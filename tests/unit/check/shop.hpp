// The federation that the tests of names, exports and roles begin with: nothing is wrong with it.
#pragma once

#include <string>

namespace meshfed::testing {

inline const std::string kShop = R"(version = 1
[federation]
name = "shop"
[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"
[mesh.berlin]
[mesh.tokyo]
[network.berlin-vpc]
[network.tokyo-vpc]
[cluster.berlin-1]
mesh = "berlin"
network = "berlin-vpc"
gateway.addresses = ["198.51.100.10"]
[cluster.tokyo-1]
mesh = "tokyo"
network = "tokyo-vpc"
gateway.addresses = ["203.0.113.7"]
)";

inline const std::string kCart = R"([export.cart]
namespace = "cart"
canonical_name = "cart"
ports = [{ name = "http", number = 8080 }]
from = ["berlin"]
to = ["tokyo"]
service_accounts = ["cart"]
)";

}  // namespace meshfed::testing
