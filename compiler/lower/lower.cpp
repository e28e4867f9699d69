#include "lower/lower.hpp"

#include <algorithm>
#include <iterator>

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

std::string in_namespace(const std::string& ns, const std::string& stem) { return ns + "/" + stem + ".yaml"; }

k8s::StringMap string_map(const model::Labels& labels) {
  k8s::StringMap map;
  for (const auto& [key, value] : *labels) map[*key] = *value;
  return map;
}

k8s::StringMap workload_labels(const model::Export& exported) {
  if (exported.canonical_name.given()) return {{std::string(model::kCanonicalNameLabel), *exported.canonical_name}};
  return string_map(exported.selector);
}

k8s::ClusterPlan lower(const check::Checked& checked, model::ClusterId cluster, const Known& known) {
  const Context context = context_of(checked.resolved(), cluster);
  k8s::ClusterPlan plan{
      .cluster = *context.cluster().name, .kustomization = *context.settings().kustomization, .files = {}};
  add_peer_authentication(context, plan);
  add_eastwest_gateway(context, plan);
  add_remote_networks(context, plan);
  add_egress(context, plan);
  add_hosts(context, known, plan);
  add_namespaces(context, plan);
  return plan;
}

}  // namespace meshfed::lower
