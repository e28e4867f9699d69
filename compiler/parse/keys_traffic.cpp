// The rows of keys that say how calls are made, and how many pods a gateway has: tables that others refer to.
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr int kDay = 86'400'000;

constexpr Rule kAny{};
constexpr Rule kDuration{.min = 1, .max = kDay};
constexpr Rule kDurationOrZero{.min = 0, .max = kDay};
constexpr Rule kCount{.min = 1, .max = 2'147'483'647};
constexpr Rule kReplicas{.min = 1, .max = 1000};

using model::ConnectionPool;
using model::HttpPool;
using model::Keepalive;
using model::Outlier;
using model::Replicas;
using model::TcpPool;

constexpr std::array kOutlierKeys{
    key<&Outlier::errors>("errors", Rule{.min = 1, .max = 1000},
                          {"5", "The number of consecutive failures after which an endpoint is ejected."}),
    key<&Outlier::count>("count", kAny,
                         {"\"gateway\"",
                          "What counts as a failure: with `gateway`, failed connections, 502, 503 and 504; with `5xx` "
                          "also 500, so that a bug in the application can eject all of its endpoints."}),
    key<&Outlier::interval>("interval", kDuration, {"\"10s\"", "The time between checks of endpoints."}),
    key<&Outlier::ejection>(
        "ejection", kDuration,
        {"\"30s\"", "The time for which an endpoint is ejected, multiplied by the number of its ejections."}),
    key<&Outlier::max_percent>("max_percent", Rule{.min = 1, .max = 100},
                               {"100", "The percentage of the endpoints that can be ejected at once."}),
};

constexpr std::array kReplicasKeys{
    key<&Replicas::min>("min", kReplicas, {"", "The lower bound of the autoscaler."}, kRequired),
    key<&Replicas::max>("max", kReplicas, {"", "The upper bound of the autoscaler."}, kRequired),
};

constexpr std::array kConnectionPoolKeys{
    key<&ConnectionPool::tcp>("tcp", kAny, {"", "Limits of TCP connections."}),
    key<&ConnectionPool::http>("http", kAny, {"", "Limits of HTTP requests."}),
};

constexpr std::array kTcpPoolKeys{
    key<&TcpPool::max_connections>("maxConnections", kCount, {"", "The maximum number of connections of one proxy."}),
    key<&TcpPool::connect_timeout>("connectTimeout", kDuration, {"", "The time limit for a new connection."}),
    key<&TcpPool::keepalive>("tcpKeepalive", kAny, {"", "TCP keepalive."}),
    key<&TcpPool::max_connection_duration>("maxConnectionDuration", kDuration,
                                           {"", "The maximum lifetime of a connection."}),
    key<&TcpPool::idle_timeout>("idleTimeout", kDurationOrZero,
                                {"", "How long a TCP connection may be idle; `\"0s\"` is no limit."}),
};

constexpr std::array kKeepaliveKeys{
    key<&Keepalive::probes>("probes", kCount,
                            {"", "The number of unanswered probes after which a connection is dead."}),
    key<&Keepalive::time>("time", kDuration, {"", "How long a connection is idle before the first probe."}),
    key<&Keepalive::interval>("interval", kDuration, {"", "The time between probes."}),
};

constexpr std::array kHttpPoolKeys{
    key<&HttpPool::http1_max_pending_requests>("http1MaxPendingRequests", kCount,
                                               {"", "The maximum number of requests that wait for a connection."}),
    key<&HttpPool::http2_max_requests>("http2MaxRequests", kCount,
                                       {"", "The maximum number of concurrent requests, of any HTTP version."}),
    key<&HttpPool::max_requests_per_connection>("maxRequestsPerConnection", Rule{.min = 1, .max = 536'870'912},
                                                {"", "The number of requests after which a connection is closed."}),
    key<&HttpPool::max_retries>("maxRetries", kCount, {"", "The maximum number of concurrent retries."}),
    key<&HttpPool::idle_timeout>("idleTimeout", kDuration, {"", "How long a connection may be idle."}),
    key<&HttpPool::h2_upgrade_policy>("h2UpgradePolicy", kAny, {"", "Whether HTTP/1.1 is upgraded to HTTP/2."}),
    key<&HttpPool::use_client_protocol>("useClientProtocol", kAny,
                                        {"", "Whether requests are forwarded with the HTTP version of the client."}),
    key<&HttpPool::max_concurrent_streams>("maxConcurrentStreams", kCount,
                                           {"", "The maximum number of concurrent streams of an HTTP/2 connection."}),
};

constexpr Table kOutlierTable{
    .name = "export.*.outlier",
    .title = "[export.*.outlier]",
    .meaning =
        "Outlier detection: when endpoints that fail are ejected, which means they get no calls for some time. "
        "`outlier` of [defaults], [mesh.*] and [cluster.*] has the same keys.",
    .keys = kOutlierKeys};
constexpr Table kReplicasTable{.name = "cluster.*.gateway.replicas",
                               .title = "[cluster.*.gateway.replicas]",
                               .meaning =
                                   "The bounds of an autoscaler. `egress_gateway.replicas` has the same "
                                   "keys.",
                               .keys = kReplicasKeys};
constexpr Table kConnectionPoolTable{
    .name = "export.*.connection_pool",
    .title = "[export.*.connection_pool]",
    .meaning = "Limits of connections and requests to the export, for each calling proxy.",
    .keys = kConnectionPoolKeys};
constexpr Table kTcpPoolTable{.name = "export.*.connection_pool.tcp",
                              .title = "[export.*.connection_pool.tcp]",
                              .meaning = "TCP connections.",
                              .keys = kTcpPoolKeys};
constexpr Table kKeepaliveTable{.name = "export.*.connection_pool.tcp.tcpKeepalive",
                                .title = "[export.*.connection_pool.tcp.tcpKeepalive]",
                                .meaning = "TCP keepalive; the operating system decides about keys that are not set.",
                                .keys = kKeepaliveKeys};
constexpr Table kHttpPoolTable{.name = "export.*.connection_pool.http",
                               .title = "[export.*.connection_pool.http]",
                               .meaning = "HTTP requests.",
                               .keys = kHttpPoolKeys};

}  // namespace

template <>
const Table& table_of<Outlier>() {
  return kOutlierTable;
}
template <>
const Table& table_of<Replicas>() {
  return kReplicasTable;
}
template <>
const Table& table_of<ConnectionPool>() {
  return kConnectionPoolTable;
}
template <>
const Table& table_of<TcpPool>() {
  return kTcpPoolTable;
}
template <>
const Table& table_of<Keepalive>() {
  return kKeepaliveTable;
}
template <>
const Table& table_of<HttpPool>() {
  return kHttpPoolTable;
}

}  // namespace meshfed::parse
