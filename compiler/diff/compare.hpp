// One cluster: what is published against what it will be. Objects are compared, not files: what moves to another file
// stays as it is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diff/change.hpp"
#include "k8s/plan.hpp"

namespace meshfed::diff {

/// A published file, as it stands there.
struct Manifest {
  std::string path;  // relative to the cluster's directory
  std::string text;
};

/// What is published for one cluster.
struct Published {
  std::vector<Manifest> files = {};  // that hold objects
  std::vector<Manifest> lists = {};  // kustomization.yaml: files that list the others
  bool listed = false;               // such files were written, though they may be missing now
  bool present = true;               // there was something before, be it nothing but a lock
  std::string directory = {};        // the cluster's, for messages
};

/// A manifest that cannot be compared, and why: bad YAML, no object, or one that another file has too.
struct Unreadable {
  std::string path;
  std::string why;

  bool operator==(const Unreadable&) const = default;
};

enum class HostState { appears, changes, disappears };

struct ClusterChanges {
  Cluster cluster;
  std::vector<Change> changes;  // `clusters` and `risks` still empty, `document` and `before` full; in no order
  std::map<std::string, HostState> hosts;  // that differ
  std::vector<Unreadable> unreadable;      // if there is any, the rest means nothing
};

/// What no list leads to is not applied, and counts as not published; a list that was edited by hand changes itself.
ClusterChanges compare(const Published& before, const k8s::ClusterPlan& after);

/// A cluster that is not declared any more: all of it goes.
ClusterChanges retire(const std::string& cluster, const Published& before);

}  // namespace meshfed::diff
