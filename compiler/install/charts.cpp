// Istio's charts `base` and `istiod`, and who applies them.
#include <fmt/core.h>

#include "install/context.hpp"
#include "model/naming.hpp"

namespace meshfed::install {
namespace {

// https://istio.io/latest/docs/setup/install/helm/: charts of every version are here.
constexpr const char* kCharts = "https://blob.istio.io/istio-release/charts";
constexpr const char* kRepository = "istio";
constexpr const char* kBaseRelease = "istio-base";
constexpr const char* kIstiodRelease = "istiod";

/// One chart as it is installed: in Istio's documentation, its release is called so.
struct Chart {
  const char* name;
  const char* release;
  const char* after;  // the release that comes first; may be empty
  yaml::Map values;
};

std::vector<Chart> charts(const k8s::IstioValues& values) {
  return {{"base", kBaseRelease, "", k8s::base_values(values)},
          {"istiod", kIstiodRelease, kBaseRelease, k8s::istiod_values(values)}};
}

void add_values(const Context& context, k8s::ClusterPlan& plan) {
  plan.kustomization = false;  // it would list files that kustomize does not take
  plan.files.push_back(root_namespace(context));
  for (Chart& chart : charts(context.values)) {
    plan.files.push_back({fmt::format("{}{}", chart.name, k8s::kHelmValuesSuffix),
                          {k8s::HelmValues{.meta = {.name = chart.name}, .content = std::move(chart.values)}}});
  }
}

/// In the cluster where Argo CD runs: the Namespace is made where the Application goes.
k8s::ArgoApplication application(const Context& context, Chart chart) {
  const std::string& cluster = *context.cluster().name;
  return {.meta = context.meta(model::application_name(cluster, chart.release), "argocd"),
          .repository = kCharts,
          .chart = chart.name,
          .version = context.version(),
          .release = chart.release,
          .values = std::move(chart.values),
          .cluster = cluster,
          .namespace_ = context.values.ns,
          .namespace_labels = root_namespace_labels(context)};
}

void add_applications(const Context& context, k8s::ClusterPlan& plan) {
  for (Chart& chart : charts(context.values)) {
    const std::string path = fmt::format("{}.yaml", chart.release);
    plan.files.push_back({path, {application(context, std::move(chart))}});
  }
}

k8s::HelmRelease release(const Context& context, Chart chart) {
  return {.meta = context.meta(chart.release, context.values.ns),
          .chart = chart.name,
          .version = context.version(),
          .repository = kRepository,
          .after = chart.after,
          .values = std::move(chart.values)};
}

void add_releases(const Context& context, k8s::ClusterPlan& plan) {
  plan.files.push_back(root_namespace(context));
  plan.files.push_back(
      {"charts.yaml", {k8s::HelmRepository{.meta = context.meta(kRepository, context.values.ns), .url = kCharts}}});
  for (Chart& chart : charts(context.values)) {
    const std::string path = fmt::format("{}.yaml", chart.release);
    plan.files.push_back({path, {release(context, std::move(chart))}});
  }
}

}  // namespace

void add_charts(const Context& context, k8s::ClusterPlan& plan) {
  switch (*context.settings().install->apply) {
    case model::Applier::none:
      return add_values(context, plan);
    case model::Applier::argocd:
      return add_applications(context, plan);
    case model::Applier::flux:
      return add_releases(context, plan);
  }
}

}  // namespace meshfed::install
