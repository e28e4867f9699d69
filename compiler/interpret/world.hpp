// All clusters of a federation, each read when it is first asked for, and what connects them.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/cluster.hpp"
#include "interpret/index.hpp"
#include "interpret/listeners.hpp"

namespace meshfed::interpret {

/// The manifests of a cluster, by name. Called once for each, from any thread.
using Load = std::function<Parts(const std::string& cluster)>;

/// May be used from several threads.
class World {
 public:
  World(Facts facts, Load load);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// By name. Their manifests need not be read yet.
  const std::vector<ClusterFacts>& clusters() const { return facts_.clusters; }
  const std::vector<std::string>& assumptions() const { return facts_.assumptions; }

  /// Null if no fact names it.
  const Cluster* find(std::string_view name) const;
  /// Of the facts of one of `clusters`.
  const Cluster& of(const ClusterFacts& facts) const { return made(place_of(facts)); }
  /// Where an address leads for callers of a network; null if no fact says so.
  const Door* door(std::string_view address, std::int64_t port, std::string_view viewer) const;
  /// Null if nothing listens there.
  const GatewayListener* listener(const Cluster& cluster, const GatewayPods& gateway, std::int64_t port) const;
  const std::vector<GatewayListener>& listeners(const Cluster& cluster, const GatewayPods& gateway) const;

 private:
  /// The place of a cluster; none if no fact names it.
  std::optional<std::size_t> place_of(std::string_view name) const;
  std::size_t place_of(const ClusterFacts& facts) const {
    return static_cast<std::size_t>(&facts - facts_.clusters.data());
  }
  const Parts& parts_of(std::size_t cluster) const;
  const Cluster& made(std::size_t cluster) const;
  void make(std::size_t cluster) const;

  struct Entry {
    std::once_flag read;
    Parts parts;
    std::once_flag made;
    std::unique_ptr<Cluster> cluster;
    std::deque<std::once_flag> built;                     // by gateway
    std::vector<std::vector<GatewayListener>> listeners;  // by gateway
  };

  Facts facts_;
  Load load_;
  ByName<std::vector<const Door*>> doors_;  // by address
  mutable std::deque<Entry> entries_;       // as the clusters
};

}  // namespace meshfed::interpret
