#include "k8s/destination_rule.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::List;
using yaml::Map;

namespace {

std::optional<List> distribution(const std::optional<DestinationRule::Distribute>& distribute) {
  if (!distribute) return std::nullopt;
  Map to;
  for (const auto& [locality, percent] : distribute->to) to.add(locality, percent);
  return List{Map{{"from", distribute->from}, {"to", std::move(to)}}};
}

std::optional<Map> load_balancer(const std::optional<DestinationRule::LocalityLb>& locality) {
  if (!locality) return std::nullopt;
  return Map{{"localityLbSetting", Map{
                                       {"enabled", locality->enabled},
                                       {"distribute", distribution(locality->distribute)},
                                       {"failoverPriority", if_any(locality->failover_priority)},
                                   }}};
}

std::optional<Map> outlier_detection(const std::optional<DestinationRule::OutlierDetection>& detection) {
  if (!detection) return std::nullopt;
  return Map{
      {"consecutive5xxErrors", detection->consecutive_5xx_errors},
      {"consecutiveGatewayErrors", detection->consecutive_gateway_errors},
      {"interval", duration(detection->interval)},
      {"baseEjectionTime", duration(detection->base_ejection_time)},
      {"maxEjectionPercent", detection->max_ejection_percent},
      {"minHealthPercent", detection->min_health_percent},
  };
}

std::optional<Map> connection_pool(const std::optional<ConnectionPool>& pool) {
  return pool ? if_any(to_yaml(*pool)) : std::nullopt;
}

std::optional<Map> tls(bool disable) {
  if (!disable) return std::nullopt;
  return Map{{"mode", "DISABLE"}};
}

yaml::List port_settings(const DestinationRule& rule) {
  return each(rule.ports, [&](const DestinationRule::NamedPort& port) -> Map {
    return {
        {"port", Map{{"number", port.number}}},
        {"loadBalancer", load_balancer(rule.locality_lb)},
        {"connectionPool", connection_pool(rule.connection_pool)},
        {"outlierDetection", outlier_detection(rule.outlier_detection)},
        {"tls",
         Map{
             {"mode", "ISTIO_MUTUAL"},
             {"sni", port.sni},
         }},
    };
  });
}

}  // namespace

Map spec(const DestinationRule& rule) {
  return {
      {"host", rule.host},
      {"exportTo", if_any(rule.export_to)},
      {"trafficPolicy", if_any(Map{
                            {"loadBalancer", load_balancer(rule.locality_lb)},
                            {"connectionPool", connection_pool(rule.connection_pool)},
                            {"outlierDetection", outlier_detection(rule.outlier_detection)},
                            {"tls", tls(rule.disable_tls)},
                            {"portLevelSettings", if_any(port_settings(rule))},
                        })},
  };
}

}  // namespace meshfed::k8s
