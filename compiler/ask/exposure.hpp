// What gateways pass, and who needs it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ask/answer.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// One name that callers may ask a gateway for.
struct Passed {
  std::string cluster;
  std::string gateway;  // `namespace/name` of its pods
  std::int64_t port = 0;
  std::string sni;
  std::string host;  // empty: a route decides
  std::int64_t host_port = 0;
  std::string object;               // what passes it
  std::vector<std::string> needed;  // clusters whose endpoints lead here for the host; not known for routes
};

struct Exposure {
  std::vector<Passed> passed;  // by cluster, gateway, port and name
  std::vector<Cause> causes;   // listeners that Envoy refuses, and what is not interpreted
};

/// Of all clusters, or of one. That one is of the world's.
Exposure exposure(const interpret::World& world, const std::string& cluster);

}  // namespace meshfed::ask
