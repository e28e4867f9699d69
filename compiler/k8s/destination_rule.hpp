// DestinationRule: how clients spread calls to a host over its endpoints, and which of them they stop calling.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/connection_pool.hpp"
#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct DestinationRule {
  static constexpr std::string_view kGroup = "networking.istio.io", kVersion = "v1", kKind = "DestinationRule";

  struct Distribute {
    std::string from;                        // the clients' locality; `*`: any
    std::map<std::string, std::int64_t> to;  // percentages by locality, 100 in all

    bool operator==(const Distribute&) const = default;
  };

  struct LocalityLb {
    bool enabled;
    std::optional<Distribute> distribute = {};
    std::vector<std::string> failover_priority = {};  // label keys, the strongest first; not beside `distribute`

    bool operator==(const LocalityLb&) const = default;
  };

  struct OutlierDetection {
    std::int64_t consecutive_5xx_errors;  // 0: they do not count
    std::optional<std::int64_t> consecutive_gateway_errors = {};
    std::chrono::milliseconds interval;
    std::chrono::milliseconds base_ejection_time;
    std::int64_t max_ejection_percent;
    std::optional<std::int64_t> min_health_percent = {};

    bool operator==(const OutlierDetection&) const = default;
  };

  /// A port of the host that is called by a server name of its own, with mTLS for workloads with a sidecar only.
  struct NamedPort {
    std::int64_t number;
    std::string sni;

    bool operator==(const NamedPort&) const = default;
  };

  Meta meta;
  std::string host;
  std::vector<std::string> export_to = {};  // namespaces, `.` (the own one) or `*`; left out: the mesh's default
  std::optional<LocalityLb> locality_lb = {};
  std::optional<ConnectionPool> connection_pool = {};
  std::optional<OutlierDetection> outlier_detection = {};
  bool disable_tls = false;           // for a connection that carries somebody else's TLS
  std::vector<NamedPort> ports = {};  // each repeats the rest, because what a port says replaces all of it

  bool operator==(const DestinationRule&) const = default;
};

yaml::Map spec(const DestinationRule& rule);

}  // namespace meshfed::k8s
