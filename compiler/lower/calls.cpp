// What a DestinationRule says of endpoints that fail, and of connections.
#include "lower/context.hpp"

namespace meshfed::lower {
namespace {

using model::Duration;
using model::Value;

std::optional<std::int64_t> number(const Value<int>& value) {
  return value.given() ? std::optional<std::int64_t>(*value) : std::nullopt;
}

std::optional<Duration> time(const Value<Duration>& value) {
  return value.given() ? std::optional(*value) : std::nullopt;
}

k8s::ConnectionPool::Tcp tcp_pool(const model::TcpPool& tcp) {
  return {.max_connections = number(tcp.max_connections),
          .connect_timeout = time(tcp.connect_timeout),
          .keepalive = {.probes = number(tcp.keepalive->probes),
                        .time = time(tcp.keepalive->time),
                        .interval = time(tcp.keepalive->interval)},
          .max_connection_duration = time(tcp.max_connection_duration),
          .idle_timeout = time(tcp.idle_timeout)};
}

k8s::ConnectionPool::Http http_pool(const model::HttpPool& http) {
  const auto& upgrade = http.h2_upgrade_policy;
  const auto& client = http.use_client_protocol;
  return {.http1_max_pending_requests = number(http.http1_max_pending_requests),
          .http2_max_requests = number(http.http2_max_requests),
          .max_requests_per_connection = number(http.max_requests_per_connection),
          .max_retries = number(http.max_retries),
          .idle_timeout = time(http.idle_timeout),
          .h2_upgrade_policy = upgrade.given() ? std::string(model::word(*upgrade)) : std::string(),
          .use_client_protocol = client.given() ? std::optional(*client) : std::nullopt,
          .max_concurrent_streams = number(http.max_concurrent_streams)};
}

}  // namespace

/// With `gateway` an application that answers 500 stays: with every 5xx, a bug takes all of its endpoints out, and a
/// single source becomes "no healthy upstream" for everybody. Where every endpoint is out, the least health lets calls
/// go to all of them, so that callers get the application's own answer. All may be out: Istio's own limit of 10 % would
/// end failover long before.
std::optional<k8s::DestinationRule::OutlierDetection> outlier_detection(const model::Outlier& outlier) {
  if (!outlier.on) return std::nullopt;
  k8s::DestinationRule::OutlierDetection detection{.consecutive_5xx_errors = 0,
                                                   .interval = *outlier.interval,
                                                   .base_ejection_time = *outlier.ejection,
                                                   .max_ejection_percent = *outlier.max_percent,
                                                   .min_health_percent = 1};
  switch (*outlier.count) {
    case model::Counted::gateway:
      detection.consecutive_gateway_errors = *outlier.errors;
      break;
    case model::Counted::all_5xx:
      detection.consecutive_5xx_errors = *outlier.errors;
      break;
  }
  return detection;
}

std::optional<k8s::ConnectionPool> connection_pool(const Value<model::ConnectionPool>& pool) {
  if (!pool.given()) return std::nullopt;
  return k8s::ConnectionPool{.tcp = tcp_pool(*pool->tcp), .http = http_pool(*pool->http)};
}

}  // namespace meshfed::lower
