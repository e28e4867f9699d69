#include "k8s/destination_rule.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

std::string spelling(std::chrono::seconds duration) { return std::to_string(duration.count()) + "s"; }

std::optional<Map> load_balancer(const std::optional<DestinationRule::LocalityLb>& locality) {
  if (!locality) return std::nullopt;
  return Map{{"localityLbSetting", Map{
                                       {"enabled", locality->enabled},
                                       {"failoverPriority", if_any(locality->failover_priority)},
                                   }}};
}

std::optional<Map> outlier_detection(const std::optional<DestinationRule::OutlierDetection>& detection) {
  if (!detection) return std::nullopt;
  return Map{
      {"consecutive5xxErrors", detection->consecutive_5xx_errors},
      {"interval", spelling(detection->interval)},
      {"baseEjectionTime", spelling(detection->base_ejection_time)},
      {"maxEjectionPercent", detection->max_ejection_percent},
  };
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
                            {"outlierDetection", outlier_detection(rule.outlier_detection)},
                            {"tls", tls(rule.disable_tls)},
                            {"portLevelSettings", if_any(port_settings(rule))},
                        })},
  };
}

}  // namespace meshfed::k8s
