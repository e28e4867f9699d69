#include "k8s/service.hpp"

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::each;
using yaml::if_any;
using yaml::Map;

namespace {

Map port(const Service::Port& port) {
  return {
      {"name", port.name},
      {"port", port.port},
      {"protocol", "TCP"},
      {"targetPort", port.target_port},
      {"appProtocol", if_any(port.app_protocol)},
  };
}

}  // namespace

Map spec(const Service& service) {
  return {
      {"clusterIP", if_any(std::string(service.headless ? "None" : ""))},
      {"selector", if_any(service.selector)},
      {"ports", each(service.ports, port)},
  };
}

}  // namespace meshfed::k8s
