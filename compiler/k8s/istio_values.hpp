// Values of Istio's Helm charts, as far as a federation decides them; all else is the charts' default, or somebody
// else's to say. Charts take a misspelt key without a word: tests/lab/install renders what is written.
// https://github.com/istio/istio/tree/master/manifests/charts
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/meta.hpp"

namespace meshfed::k8s {

struct IstioValues {
  /// A root certificate that other meshes have, or only their trust domains, if they have the mesh's own root.
  struct Authority {
    std::string pem = {};
    std::vector<std::string> trust_domains = {};

    bool operator==(const Authority&) const = default;
  };

  std::string ns;             // where istiod runs
  std::string revision = {};  // empty: the default
  std::string mesh_id;
  std::string cluster;
  std::string network;
  std::string trust_domain;
  std::string hub = {};                     // empty: where the charts take images from
  std::string cluster_domain = {};          // empty: Kubernetes' own default
  std::optional<bool> readers = {};         // whether other clusters may read this one; none: the chart does not ask
  std::string authority_address = {};       // where proxies get certificates; empty: from istiod
  StringMap environment = {};               // istiod's
  StringMap proxy_metadata = {};            // environment of every proxy
  std::vector<Authority> authorities = {};  // besides the mesh's own
  std::vector<std::string> trust_domain_aliases = {};

  bool operator==(const IstioValues&) const = default;
};

/// Values of the chart `base`.
yaml::Map base_values(const IstioValues& values);

/// Values of the chart `istiod`. The same values of an IstioOperator and of the Sail operator, where both charts have
/// one set of them, differ only in what base_values() adds: `defaultRevision`, which these two set themselves.
yaml::Map istiod_values(const IstioValues& values);
/// The same without `revision`, which an operator sets itself.
yaml::Map istiod_values_without_revision(IstioValues values);

}  // namespace meshfed::k8s
