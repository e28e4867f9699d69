// DestinationRules and VirtualServices.
#include "interpret/read_kinds.hpp"

namespace meshfed::interpret {
namespace {

TlsMode tls_mode(std::string_view text) {
  for (const TlsMode mode : {TlsMode::simple, TlsMode::mutual, TlsMode::istio_mutual}) {
    if (text == word(mode)) return mode;
  }
  return TlsMode::disable;
}

std::optional<ClientTls> tls_of(Fields& policy) {
  if (!policy.has("tls")) return std::nullopt;
  Fields tls = policy.map("tls");
  return ClientTls{.mode = tls_mode(tls.text("mode")), .sni = tls.text("sni"), .sans = tls.texts("subjectAltNames")};
}

LocalityLb::Distribute distribution(Fields& fields) {
  LocalityLb::Distribute one{.from = fields.text("from"), .to = {}};
  for (const yaml::Entry& entry : fields.take("to").entries()) {
    if (const auto weight = yaml::View(entry.value).number()) one.to.emplace_back(entry.key, *weight);
  }
  return one;
}

std::optional<LocalityLb> locality_of(Fields& policy) {
  Fields balancer = policy.map("loadBalancer");
  // Which of equal endpoints is next does not change the shares, unless a request always goes to the same one.
  const std::string simple = balancer.text("simple");
  if (simple == "PASSTHROUGH") balancer.gap("simple");
  balancer.ignore({"warmup", "warmupDurationSecs"});
  if (!balancer.has("localityLbSetting")) return std::nullopt;
  Fields setting = balancer.map("localityLbSetting");
  LocalityLb locality{.enabled = setting.flag("enabled", true),
                      .failover_priority = setting.texts("failoverPriority"),
                      .distribute = {},
                      .failover = {}};
  setting.each("distribute", [&](Fields& one) { locality.distribute.push_back(distribution(one)); });
  setting.each("failover", [&](Fields& one) {
    std::string from = one.text("from");
    locality.failover.emplace_back(std::move(from), one.text("to"));
  });
  return locality;
}

/// Outlier detection counts as it is there: what it counts and how long it lasts changes nothing while all is well.
TrafficPolicy policy_of(Fields& policy) {
  TrafficPolicy read{.tls = tls_of(policy), .locality = locality_of(policy), .outlier = policy.has("outlierDetection")};
  policy.ignore({"outlierDetection", "connectionPool", "port"});
  return read;
}

std::optional<TrafficPolicy> policy_below(Fields& fields, DestinationRule* rule) {
  if (!fields.has("trafficPolicy")) return std::nullopt;
  Fields policy = fields.map("trafficPolicy");
  if (rule) {
    policy.each("portLevelSettings", [&](Fields& port) {
      const std::int64_t number = port.map("port").number("number");
      rule->by_port[number] = policy_of(port);
    });
  }
  return policy_of(policy);
}

/// A rule for each of its matches.
void read_tls(Fields& fields, std::vector<TlsRule>& rules) {
  std::vector<Destination> routes;
  fields.each("route", [&](Fields& route) {
    Fields destination = route.map("destination");
    routes.push_back({.host = destination.text("host"),
                      .port = destination.map("port").number("number"),
                      .weight = route.number("weight")});
  });
  fields.each("match", [&](Fields& match) {
    rules.push_back({.port = match.number("port"), .sni_hosts = match.texts("sniHosts"), .routes = routes});
  });
}

}  // namespace

std::string_view word(TlsMode mode) {
  switch (mode) {
    case TlsMode::disable:
      return "DISABLE";
    case TlsMode::simple:
      return "SIMPLE";
    case TlsMode::mutual:
      return "MUTUAL";
    case TlsMode::istio_mutual:
      return "ISTIO_MUTUAL";
  }
  __builtin_unreachable();
}

void read_spec(Fields& spec, DestinationRule& rule) {
  rule.host = spec.text("host");
  rule.export_to = spec.texts("exportTo");
  rule.policy = policy_below(spec, &rule);
  rule.selector = spec.map("workloadSelector").labels("matchLabels");
  if (!rule.selector.empty()) spec.gap("workloadSelector");  // the clients' labels are no facts
  spec.each("subsets", [&](Fields& subset) {
    Subset read{
        .name = subset.text("name"), .labels = subset.labels("labels"), .policy = policy_below(subset, nullptr)};
    rule.subsets.push_back(std::move(read));
  });
}

void read_spec(Fields& spec, VirtualService& service) {
  service.hosts = spec.texts("hosts");
  service.export_to = spec.texts("exportTo");
  service.gateways = spec.texts("gateways");
  service.mesh = service.gateways.empty();
  for (const std::string& gateway : service.gateways) service.mesh = service.mesh || gateway == "mesh";
  spec.each("tls", [&](Fields& rule) { read_tls(rule, service.tls); });
}

}  // namespace meshfed::interpret
