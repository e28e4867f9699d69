#include "k8s/route.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

Map spec(const Route& route) {
  return {
      {"host", route.host},
      {"to",
       Map{
           {"kind", "Service"},
           {"name", route.service},
           {"weight", std::int64_t{100}},
       }},
      {"port", Map{{"targetPort", route.target_port}}},
      {"tls", Map{{"termination", "passthrough"}}},
      {"wildcardPolicy", "None"},
  };
}

}  // namespace meshfed::k8s
