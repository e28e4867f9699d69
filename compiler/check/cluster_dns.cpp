#include "check/cluster_dns.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

constexpr std::string_view kShort = "svc";
constexpr std::string_view kOfSeveralClusters = "clusterset.local";

}  // namespace

std::set<std::string_view> dns_of_clusters(const model::ResolvedFederation& resolved) {
  std::set<std::string_view> suffixes{kShort, kOfSeveralClusters};
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

bool may_be_called_as_a_service(const model::ResolvedFederation& resolved, const model::ExportInfo& info,
                                std::string_view host, std::string_view suffix) {
  if (suffix == kShort || suffix == kOfSeveralClusters) return false;
  const std::string services = fmt::format(".svc.{}", suffix);
  if (!host.ends_with(services)) return false;
  const std::string_view name = host.substr(0, host.size() - services.size());
  if (std::ranges::count(name, '.') != 1) return false;
  std::vector<model::ClusterId> have_it = resolve::serving_clusters(info);
  std::erase_if(have_it, [&](model::ClusterId id) { return *resolved.clusters[id].settings.cluster_domain != suffix; });
  std::ranges::sort(have_it);
  return std::ranges::none_of(info.consumers,
                              [&](model::ClusterId id) { return std::ranges::binary_search(have_it, id); });
}

}  // namespace meshfed::check
