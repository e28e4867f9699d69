#include "k8s/connection_pool.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::if_any;
using yaml::Map;

namespace {

std::optional<std::string> text(const ConnectionPool::Duration& time) {
  return time ? std::optional(duration(*time)) : std::nullopt;
}

Map keepalive(const ConnectionPool::Keepalive& keepalive) {
  return {
      {"probes", keepalive.probes},
      {"time", text(keepalive.time)},
      {"interval", text(keepalive.interval)},
  };
}

Map tcp(const ConnectionPool::Tcp& tcp) {
  return {
      {"maxConnections", tcp.max_connections},
      {"connectTimeout", text(tcp.connect_timeout)},
      {"tcpKeepalive", if_any(keepalive(tcp.keepalive))},
      {"maxConnectionDuration", text(tcp.max_connection_duration)},
      {"idleTimeout", text(tcp.idle_timeout)},
  };
}

Map http(const ConnectionPool::Http& http) {
  return {
      {"http1MaxPendingRequests", http.http1_max_pending_requests},
      {"http2MaxRequests", http.http2_max_requests},
      {"maxRequestsPerConnection", http.max_requests_per_connection},
      {"maxRetries", http.max_retries},
      {"idleTimeout", text(http.idle_timeout)},
      {"h2UpgradePolicy", if_any(http.h2_upgrade_policy)},
      {"useClientProtocol", http.use_client_protocol},
      {"maxConcurrentStreams", http.max_concurrent_streams},
  };
}

}  // namespace

Map to_yaml(const ConnectionPool& pool) {
  return {
      {"tcp", if_any(tcp(pool.tcp))},
      {"http", if_any(http(pool.http))},
  };
}

std::string duration(std::chrono::milliseconds duration) {
  const auto whole = duration.count() / 1000;
  std::string text = std::to_string(whole);
  if (const auto rest = duration.count() % 1000; rest != 0) {
    std::string digits = std::to_string(1000 + rest).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + "s";
}

}  // namespace meshfed::k8s
