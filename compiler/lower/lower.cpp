#include "lower/lower.hpp"

#include "lower/context.hpp"

namespace meshfed::lower {

k8s::Meta Context::meta(std::string name, std::string ns) const {
  return {
      .name = std::move(name),
      .ns = std::move(ns),
      .labels = {{"app.kubernetes.io/managed-by", "meshfedc"}, {"app.kubernetes.io/part-of", *world.federation.name}}};
}

std::string in_namespace(const std::string& ns, const std::string& stem) { return ns + "/" + stem + ".yaml"; }

k8s::StringMap workload_labels(const model::Export& exported) {
  if (exported.canonical_name.given()) return {{std::string(model::kCanonicalNameLabel), *exported.canonical_name}};
  k8s::StringMap labels;
  for (const auto& [key, value] : *exported.selector) labels[*key] = *value;
  return labels;
}

k8s::ClusterPlan lower(const check::Checked& checked, model::ClusterId cluster, const Known& known) {
  const Context context{checked.world(), cluster};
  k8s::ClusterPlan plan{
      .cluster = *context.cluster().name, .kustomization = *context.settings().kustomization, .files = {}};
  const std::vector<model::NetworkId> networks = context.world.remote_networks(cluster);
  add_peer_authentication(context, plan);
  add_eastwest_gateway(context, plan);
  add_remote_networks(context, networks, plan);
  add_egress(context, networks, plan);
  add_hosts(context, known, plan);
  add_namespaces(context, plan);
  return plan;
}

}  // namespace meshfed::lower
