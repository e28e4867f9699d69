// Many clusters: what changes in the same way in several of them becomes one change.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "diff/change.hpp"
#include "diff/compare.hpp"

namespace meshfed::diff {

/// Holds a change once, in however many clusters it is, so memory is bounded by what differs between clusters.
class Collector {
 public:
  /// Once for each cluster, in any order and from any thread: the result is the same.
  void add(ClusterChanges cluster);

  /// The whole, with its risks. Call last.
  Difference finish() &&;

 private:
  // Namespace, name, kind; then action and a digest of what changes.
  using Key = std::tuple<std::string, std::string, std::string, Action, std::string>;

  std::mutex mutex_;
  std::map<std::string, Cluster> clusters_;
  std::map<Key, Change> changes_;
  std::map<std::string, Host> hosts_;
};

}  // namespace meshfed::diff
