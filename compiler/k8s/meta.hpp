// What every Kubernetes object has: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
//
// How the kinds of this folder are written: one header and one source per kind, a plain struct of values that owns all
// it holds and is built with designated initialisers, and one function `spec()` (or `body()`, for a kind without a
// spec) that is one literal in the order of the YAML. A field without a default has to be given. A field that is empty
// is left out; fields which the API server would default are written, so that a live object shows no drift. Numbers are
// int64 so that any narrower integer initialises them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "yaml/value.hpp"

namespace meshfed::k8s {

// Labels, annotations, selectors: in byte order of the keys, which is the order they are written in.
using StringMap = std::map<std::string, std::string>;

struct Meta {
  std::string name;
  std::string ns = {};  // the namespace; empty for a cluster-scoped kind
  StringMap labels = {};
  StringMap annotations = {};

  bool operator==(const Meta&) const = default;
};

// `metadata`: name, namespace, labels, annotations, without the empty ones.
yaml::Map to_yaml(const Meta& meta);

// Annotations by which Argo CD and Flux are told to keep the object, whatever happens to the tree.
const StringMap& kept();

}  // namespace meshfed::k8s
