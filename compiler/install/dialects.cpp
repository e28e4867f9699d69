// Who installs: one function for each.
#include "install/context.hpp"
#include "model/naming.hpp"

namespace meshfed::install {
namespace {

void add_istio_operator(const Context& context, k8s::ClusterPlan& plan) {
  plan.kustomization = false;  // no cluster knows the kind
  plan.files.push_back(root_namespace(context));
  plan.files.push_back(
      {"istio-operator.yaml",
       {k8s::IstioOperator{
           .meta = context.meta("istio", context.values.ns), .version = context.version(), .values = context.values}}});
}

void add_sail(const Context& context, k8s::ClusterPlan& plan) {
  const model::UpdateStrategy strategy = *context.settings().install->update;
  plan.files.push_back(root_namespace(context));
  plan.files.push_back({"istio.yaml",
                        {k8s::SailIstio{.meta = context.meta(model::sail_istio_name(context.settings()), ""),
                                        .version = context.version(),
                                        .strategy = std::string(model::word(strategy)),
                                        .values = context.values}}});
}

}  // namespace

k8s::Meta Context::meta(std::string name, std::string ns) const {
  return {.name = std::move(name),
          .ns = std::move(ns),
          .labels = {{"app.kubernetes.io/managed-by", "meshfedc"},
                     {"app.kubernetes.io/part-of", *resolved.federation.name}}};
}

k8s::StringMap root_namespace_labels(const Context& context) {
  return {{std::string(model::kNetworkLabel), context.values.network}};
}

k8s::File root_namespace(const Context& context) {
  k8s::Meta meta = context.meta(context.values.ns, "");
  meta.labels.merge(root_namespace_labels(context));
  meta.annotations = k8s::kept();
  return {"namespace.yaml", {k8s::Namespace{.meta = std::move(meta)}}};
}

k8s::ClusterPlan plan(const check::Checked& checked, model::ClusterId id) {
  const model::ResolvedFederation& resolved = checked.resolved();
  const Context context{resolved, id, values_of(resolved, id)};
  k8s::ClusterPlan plan{
      .cluster = *context.cluster().name, .kustomization = *context.settings().kustomization, .files = {}};
  switch (*context.settings().install->by) {
    case model::Installer::none:
      break;
    case model::Installer::helm:
      add_charts(context, plan);
      break;
    case model::Installer::sail:
      add_sail(context, plan);
      break;
    case model::Installer::istioctl:
      add_istio_operator(context, plan);
      break;
  }
  add_cacerts(context, plan);
  return plan;
}

}  // namespace meshfed::install
