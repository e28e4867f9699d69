#include "unit/diff/risk_cases.hpp"

namespace meshfed::testing {
namespace {

std::string rule(const std::string& spec) { return istio("DestinationRule", "a.b", spec); }
std::string named(const std::string& sni) {
  return "trafficPolicy: {portLevelSettings: [{port: {number: 1}, tls: {mode: ISTIO_MUTUAL, sni: " + sni + "}}]}";
}
std::string passed(const std::string& spec) { return object("route.openshift.io/v1", "Route", "a-1.b", spec); }
std::string names(const std::string& spec) { return istio("EnvoyFilter", "a-1.b", spec); }

}  // namespace

std::vector<Case> router_cases() {
  return {
      {"names of routers come with a rule", kNone, rule(named("a-1.b")), "host-name:high host-balancing:medium"},
      {"they go with it", rule(named("a-1.b")), kNone, "host-name:high host-balancing:medium"},
      {"they come", rule(""), rule(named("a-1.b")), "host-name:high"},
      {"another name", rule(named("a-1.b")), rule(named("a-2.b")), "host-name:high"},
      {"what a named port repeats",
       rule("trafficPolicy: {portLevelSettings: [{port: {number: 1}, outlierDetection: {interval: 1s}}]}"),
       rule("trafficPolicy: {portLevelSettings: [{port: {number: 1}, outlierDetection: {interval: 2s}}]}"),
       "host-balancing:medium"},
      {"a router opens", kNone, passed("host: a-1.b"), "gateway-opens:medium"},
      {"a router closes", passed("host: a-1.b"), kNone, "gateway-closes:high"},
      {"a router passes something else", passed("to: {name: a}"), passed("to: {name: b}"), "gateway-closes:high"},
      {"a router looks into it", passed("tls: {termination: passthrough}"), passed("tls: {termination: edge}"),
       "gateway-tls:high"},
      {"a gateway knows a name", kNone, names("workloadSelector: {labels: {a: b}}"), "gateway-opens:low"},
      {"it knows none", names("workloadSelector: {labels: {a: b}}"), kNone, "gateway-closes:high"},
      {"another gateway does", names("workloadSelector: {labels: {a: b}}"), names("workloadSelector: {labels: {a: c}}"),
       "gateway-closes:high"},
  };
}

}  // namespace meshfed::testing
