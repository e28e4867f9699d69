// What every dialect needs to know of the cluster at hand.
#pragma once

#include <string>

#include "install/install.hpp"

namespace meshfed::install {

struct Context {
  const model::ResolvedFederation& resolved;
  model::ClusterId id;
  k8s::IstioValues values;

  const model::Cluster& cluster() const { return resolved.cluster(id); }
  const model::Settings& settings() const { return resolved.clusters[id].settings; }
  /// "1.30.4"
  std::string version() const { return model::word(*settings().istio); }

  k8s::Meta meta(std::string name, std::string ns) const;
};

/// The root Namespace with its network: proxies and gateways in it are of that network.
k8s::File root_namespace(const Context& context);
k8s::StringMap root_namespace_labels(const Context& context);

// cacerts.cpp
/// What makes the Secret that istiod signs with, where that is declared.
void add_cacerts(const Context& context, k8s::ClusterPlan& plan);

// charts.cpp
/// Values files for `helm install`, or what makes Argo CD or Flux apply the charts.
void add_charts(const Context& context, k8s::ClusterPlan& plan);

}  // namespace meshfed::install
