#include "check/cluster_dns.hpp"

namespace meshfed::check {

std::set<std::string_view> dns_of_clusters(const model::ResolvedFederation& resolved) {
  std::set<std::string_view> suffixes{"svc", "clusterset.local"};
  for (const auto& cluster : resolved.clusters) {
    if (cluster.settings.cluster_domain.usable()) suffixes.insert(*cluster.settings.cluster_domain);
  }
  return suffixes;
}

std::string_view suffix_of(const std::set<std::string_view>& suffixes, std::string_view host) {
  while (!host.empty()) {
    if (const auto found = suffixes.find(host); found != suffixes.end()) return *found;
    const std::size_t dot = host.find('.');
    host = dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
  }
  return {};
}

}  // namespace meshfed::check
