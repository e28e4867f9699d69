// All answers at once: every client that can be told from others, every host, every port.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ask/answer.hpp"
#include "ask/render.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// For each cluster and each host that any cluster knows, but for hosts that only stand for gateways, with the ports
/// that it has anywhere: a client that no object names, those of namespaces that see another Service or other rules,
/// and those whom policies about the host name. There may be very many, so they are asked part by part.
class Table {
 public:
  Table(const interpret::World& world, Range range);

  const interpret::World& world() const { return world_; }
  std::size_t parts() const { return parts_; }
  /// In the order of clusters, hosts, ports and clients.
  std::vector<Question> part(std::size_t number) const;
  /// In which order `count` parts from `first` on are asked fastest, each as its distance from `first`: those of the
  /// same hosts one after the other, for clusters share the objects of these, and what gateways make of them.
  std::vector<std::size_t> fastest_order(std::size_t first, std::size_t count) const;
  /// Whether one of the parts has the question.
  bool asks(const Question& question) const;

 private:
  /// Somebody whom a policy tells from others: a namespace, and an account or all that no policy names.
  struct Named {
    std::string domain;
    std::string ns;
    std::string account;

    auto operator<=>(const Named&) const = default;
  };

  /// What is known of a host in any cluster.
  struct Host {
    std::string_view name;
    std::vector<std::int64_t> ports;  // ascending
    std::vector<Named> callers;       // sorted
  };

  void gather();
  void take(const interpret::Cluster& cluster, const interpret::Service& service, Host& host) const;
  std::vector<Client> clients(const interpret::Cluster& cluster, const Host& host) const;

  const interpret::World& world_;
  Range range_;
  std::vector<Host> hosts_;                               // by name
  std::vector<const interpret::ClusterFacts*> clusters_;  // that are asked for
  std::size_t parts_ = 0;
};

/// Prints each answer as a row, piece by piece: there may be very many. Up to so many threads work them out.
void print(const Table& table, Format format, unsigned jobs, const std::function<void(std::string_view)>& out);

}  // namespace meshfed::ask
