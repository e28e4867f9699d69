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

/// A published file that holds objects, as it stands there.
struct Manifest {
  std::string path;  // for messages
  std::string text;
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
  std::vector<Change> changes;             // `clusters` and `risks` still empty, `document` full; in no order
  std::map<std::string, HostState> hosts;  // that differ
  std::vector<Unreadable> unreadable;      // if there is any, the rest means nothing
};

/// `published`: there was something before, be it nothing but a lock.
ClusterChanges compare(const std::vector<Manifest>& before, const k8s::ClusterPlan& after, bool published);

/// A cluster that is not declared any more: all of it goes.
ClusterChanges retire(const std::string& cluster, const std::vector<Manifest>& before);

}  // namespace meshfed::diff
