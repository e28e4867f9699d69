// What a DestinationRule says of connections. What is left out is Istio's to decide.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "yaml/value.hpp"

namespace meshfed::k8s {

struct ConnectionPool {
  using Number = std::optional<std::int64_t>;
  using Duration = std::optional<std::chrono::milliseconds>;

  struct Keepalive {
    Number probes = {};
    Duration time = {};
    Duration interval = {};

    bool operator==(const Keepalive&) const = default;
  };

  struct Tcp {
    Number max_connections = {};
    Duration connect_timeout = {};
    Keepalive keepalive = {};
    Duration max_connection_duration = {};
    Duration idle_timeout = {};

    bool operator==(const Tcp&) const = default;
  };

  struct Http {
    Number http1_max_pending_requests = {};
    Number http2_max_requests = {};
    Number max_requests_per_connection = {};
    Number max_retries = {};
    Duration idle_timeout = {};
    std::string h2_upgrade_policy = {};
    std::optional<bool> use_client_protocol = {};
    Number max_concurrent_streams = {};

    bool operator==(const Http&) const = default;
  };

  Tcp tcp = {};
  Http http = {};

  bool operator==(const ConnectionPool&) const = default;
};

yaml::Map to_yaml(const ConnectionPool& pool);

/// In seconds, as every reader of durations takes them: `10s`, `0.5s`.
std::string duration(std::chrono::milliseconds duration);

}  // namespace meshfed::k8s
