#include "lower/lower.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.hpp"
#include "lower/context.hpp"

namespace meshfed::lower {
namespace {

Context context_of(const model::ResolvedFederation& resolved, model::ClusterId cluster) {
  Context context{resolved, cluster, resolved.remote_networks(cluster), {}};
  std::copy_if(context.networks.begin(), context.networks.end(), std::back_inserter(context.several),
               [&](model::NetworkId network) { return resolved.dials_several_addresses(cluster, network); });
  return context;
}

}  // namespace

k8s::Meta Context::meta(std::string name, std::string ns) const {
  return {.name = std::move(name),
          .ns = std::move(ns),
          .labels = {{"app.kubernetes.io/managed-by", "meshfedc"},
                     {"app.kubernetes.io/part-of", *resolved.federation.name}}};
}

std::string in_namespace(const std::string& ns, const std::string& stem) {
  return base::concat({ns, "/", stem, ".yaml"});
}

k8s::StringMap string_map(const model::Labels& labels) {
  k8s::StringMap map;
  for (const auto& [key, value] : *labels) map[*key] = *value;
  return map;
}

k8s::StringMap workload_labels(const Context& context, model::ExportId exported) {
  const auto [selector, canonical_name] =
      context.resolved.selectors(context.resolved.pods_of(context.id, exported), exported);
  if (canonical_name.given()) return {{std::string(model::kCanonicalNameLabel), *canonical_name}};
  return string_map(selector);
}

std::vector<NamedHost> hosts_in_order(const Context& context) {
  std::vector<NamedHost> hosts;
  for (const model::ExportId id : context.resolved.clusters[context.id].hosts) {
    context.resolved.each_host_at(context.id, id, [&](const std::string& name) { hosts.push_back({&name, id}); });
  }
  const auto place_of = [&](const NamedHost& host) -> std::optional<std::size_t> {
    const model::ExportInfo& info = context.resolved.exports[host.exported];
    return host.name == &info.host ? std::optional(info.place) : std::nullopt;
  };
  std::sort(hosts.begin(), hosts.end(), [&](const NamedHost& a, const NamedHost& b) {
    const auto first = place_of(a), second = place_of(b);
    return first && second ? *first < *second : *a.name < *b.name;
  });
  return hosts;
}

k8s::ClusterPlan lower(const check::Checked& checked, model::ClusterId cluster, const Known& known) {
  const Context context = context_of(checked.resolved(), cluster);
  k8s::ClusterPlan plan{
      .cluster = *context.cluster().name, .kustomization = *context.settings().kustomization, .files = {}};
  add_peer_authentication(context, plan);
  add_eastwest_gateway(context, plan);
  add_router(context, plan);
  add_remote_networks(context, plan);
  add_egress(context, plan);
  add_hosts(context, known, plan);
  add_namespaces(context, plan);
  return plan;
}

}  // namespace meshfed::lower
