// Policy: mTLS for the mesh, callers for an export, and the Namespaces that the rest needs.
#include <algorithm>
#include <set>

#include "lower/context.hpp"

namespace meshfed::lower {
namespace {

std::set<std::string> namespaces_of(const k8s::ClusterPlan& plan) {
  std::set<std::string> namespaces;
  for (const k8s::File& file : plan.files) namespaces.insert(file.path.substr(0, file.path.find('/')));
  return namespaces;
}

/// Clients or workloads of a host live there, and need their sidecars.
bool has_hosts(const Context& context, const std::string& ns) {
  const std::vector<model::ExportId>& hosts = context.resolved.clusters[context.id].hosts;
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](auto host) { return context.resolved.host_namespace(context.id, host) == ns; });
}

}  // namespace

const k8s::StringMap& kept() {
  static const k8s::StringMap kAnnotations = {{"argocd.argoproj.io/sync-options", "Prune=false,Delete=false"},
                                              {"kustomize.toolkit.fluxcd.io/prune", "disabled"}};
  return kAnnotations;
}

void add_peer_authentication(const Context& context, k8s::ClusterPlan& plan) {
  const model::Mtls mtls = *context.settings().mtls;
  if (mtls == model::Mtls::unmanaged) return;
  const auto mode =
      mtls == model::Mtls::strict ? k8s::PeerAuthentication::Mode::Strict : k8s::PeerAuthentication::Mode::Permissive;
  const std::string& root = context.root_namespace();
  plan.files.push_back(
      {in_namespace(root, "mesh"), {k8s::PeerAuthentication{.meta = context.meta("default", root), .mode = mode}}});
}

/// DENY whoever is not listed. ALLOW policies are a union: one per export would open each other's ports, and close what
/// nobody declared.
std::vector<k8s::Resource> caller_policy(const Context& context, model::ExportId id) {
  const model::Export& exported = context.resolved.exported(id);
  if (!exported.callers.given()) return {};
  std::set<std::string> principals;
  for (const model::Name& caller : *exported.callers) {
    const model::MeshId mesh = context.resolved.find_mesh(model::mesh_of_caller(*caller));
    principals.insert(model::principal(*context.resolved.mesh(mesh).trust_domain, *caller));
  }
  std::set<std::int64_t> targets;
  for (const model::Port& port : *exported.ports) targets.insert(context.resolved.target_number(context.id, id, port));
  const std::string& ns = *context.resolved.workload_namespace(context.id, id);
  return {k8s::AuthorizationPolicy{.meta = context.meta(context.resolved.exports[id].host, ns),
                                   .selector = workload_labels(context, id),
                                   .rules = {{.not_principals = {principals.begin(), principals.end()},
                                              .ports = {targets.begin(), targets.end()}}}}};
}

void add_namespaces(const Context& context, k8s::ClusterPlan& plan) {
  if (*context.settings().namespaces == model::Namespaces::assume) return;
  const model::Name& revision = context.settings().revision;
  std::vector<k8s::Resource> resources;
  for (const std::string& ns : namespaces_of(plan)) {
    k8s::Meta meta = context.meta(ns, "");
    const bool gateways = ns == context.root_namespace() || ns == context.resolved.egress_namespace(context.id) ||
                          (ns == context.resolved.gateway_namespace(context.id) && !has_hosts(context, ns));
    if (!gateways && revision.given()) meta.labels[std::string(model::kRevisionLabel)] = *revision;
    if (!gateways && !revision.given()) meta.labels["istio-injection"] = "enabled";
    // Removing an export must not remove a namespace with all that others keep in it.
    meta.annotations = kept();
    resources.emplace_back(k8s::Namespace{.meta = std::move(meta)});
  }
  if (!resources.empty()) plan.files.push_back({"namespaces.yaml", std::move(resources)});
}

}  // namespace meshfed::lower
