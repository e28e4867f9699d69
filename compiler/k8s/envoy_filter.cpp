#include "k8s/envoy_filter.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::List;
using yaml::Map;

Map spec(const EnvoyFilter& filter) {
  return {
      {"workloadSelector", Map{{"labels", filter.workload_selector}}},
      {"configPatches", List{Map{
                            {"applyTo", "FILTER_CHAIN"},
                            {"match",
                             Map{
                                 {"context", "GATEWAY"},
                                 {"listener",
                                  Map{
                                      {"portNumber", filter.listener_port},
                                      {"filterChain", Map{{"sni", filter.sni}}},
                                  }},
                             }},
                            {"patch",
                             Map{
                                 {"operation", "MERGE"},
                                 {"value", Map{{"filter_chain_match", Map{{"server_names", filter.server_names}}}}},
                             }},
                        }}},
  };
}

}  // namespace meshfed::k8s
