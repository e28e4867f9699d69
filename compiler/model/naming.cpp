#include "model/naming.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace meshfed::model {

const std::string& service_name(const Export& exported) {
  return exported.service.given() ? *exported.service : *exported.name;
}

std::string host_name(const Federation& federation, const Export& exported, Naming naming,
                      std::string_view cluster_domain) {
  if (naming == Naming::service) return service_host(service_name(exported), *exported.namespace_, cluster_domain);
  return exported.host.given() ? *exported.host : fmt::format("{}.{}", *exported.name, *federation.domain);
}

std::string workload_entry_name(std::string_view network, std::string_view host) {
  return fmt::format("{}.{}", network, host);
}

std::string remote_network_name(std::string_view network) { return fmt::format("{}{}", kRemoteNetworkPrefix, network); }

std::string egress_route_name(std::string_view network) { return fmt::format("{}{}", kEgressRoutePrefix, network); }

std::string remote_gateway_host(std::string_view network, std::string_view domain) {
  return fmt::format("{}.gateway.{}", network, domain);
}

std::string deployed_service_name(std::string_view gateway) { return fmt::format("{}-istio", gateway); }

std::string egress_service_name(const EgressGateway& egress) {
  return *egress.deploy ? deployed_service_name(*egress.name) : *egress.service;
}

std::string parameters_name(std::string_view gateway) { return fmt::format("{}-parameters", gateway); }

std::string service_host(std::string_view service, std::string_view namespace_, std::string_view cluster_domain) {
  return fmt::format("{}.{}.svc.{}", service, namespace_, cluster_domain);
}

std::string sni(int port, std::string_view host) { return fmt::format("outbound_.{}_._.{}", port, host); }

std::string router_name(int port, std::string_view host) {
  const std::size_t dot = std::min(host.find('.'), host.size());
  return fmt::format("{}-{}{}", host.substr(0, dot), port, host.substr(dot));
}

std::string spiffe_id(std::string_view trust_domain, std::string_view namespace_, std::string_view service_account) {
  return fmt::format("spiffe://{}/ns/{}/sa/{}", trust_domain, namespace_, service_account);
}

std::string_view mesh_of_caller(std::string_view caller) { return caller.substr(0, caller.find('/')); }

std::string principal(std::string_view trust_domain, std::string_view caller) {
  const std::string_view rest = caller.substr(caller.find('/') + 1);
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return fmt::format("{}/*", trust_domain);
  return fmt::format("{}/ns/{}/sa/{}", trust_domain, rest.substr(0, slash), rest.substr(slash + 1));
}

}  // namespace meshfed::model
