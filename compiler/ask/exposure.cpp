#include "ask/exposure.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "ask/flow.hpp"
#include "base/text.hpp"
#include "interpret/endpoints.hpp"

namespace meshfed::ask {
namespace {

using interpret::Chain;
using interpret::Cluster;
using interpret::GatewayListener;
using interpret::GatewayPods;
using interpret::Service;

/// The cluster has endpoints of the host on the network: its proxies ask gateways there for it.
bool needs(const Cluster& consumer, const std::string& host, std::int64_t port, std::string_view network) {
  const auto services = consumer.services.find(host);
  if (services == consumer.services.end() || consumer.facts.network == network) return false;
  for (const Service* service : services->second) {
    const interpret::Port* found = interpret::find_port(*service, port);
    if (!found) continue;
    for (const interpret::Endpoint& endpoint : interpret::endpoints_of(consumer, *service, host, *found)) {
      if (endpoint.network == network) return true;
    }
  }
  return false;
}

class Collector {
 public:
  explicit Collector(const interpret::World& world) : world_(world) {}

  Exposure take() && {
    std::stable_sort(found_.passed.begin(), found_.passed.end(), [](const Passed& a, const Passed& b) {
      return std::tie(a.cluster, a.gateway, a.port, a.sni) < std::tie(b.cluster, b.gateway, b.port, b.sni);
    });
    return std::move(found_);
  }

  void add(const Cluster& cluster) {
    for (const GatewayPods& gateway : cluster.gateways) {
      for (const GatewayListener& listener : world_.listeners(cluster, gateway)) add(cluster, gateway, listener);
    }
    for (const std::string& id : cluster.unknown) cause(diag::NotInterpreted, place_of(cluster), base::quoted(id));
  }

 private:
  template <class Row, class... Args>
  void cause(Row, std::string place, const Args&... args) {
    found_.causes.push_back({&Row::kRow, fmt::format(fmt::runtime(Row::kMessage), args...), std::move(place), 1});
  }

  void add(const Cluster& cluster, const GatewayPods& gateway, const GatewayListener& listener) {
    if (const auto& twice = listener.duplicate()) {
      return cause(diag::ListenerRefused, place_of(cluster, twice->second), listener.port(),
                   base::quoted(name_of(gateway)) + " of cluster \"" + cluster.facts.name + "\"",
                   base::quoted(id_of(twice->first)), base::quoted(id_of(twice->second)), base::quoted(twice->sni));
    }
    for (const Chain& chain : listener.chains()) add(cluster, gateway, listener, chain);
  }

  void add(const Cluster& cluster, const GatewayPods& gateway, const GatewayListener& listener, const Chain& chain) {
    Passed passed{.cluster = cluster.facts.name,
                  .gateway = name_of(gateway),
                  .port = listener.port(),
                  .sni = chain.sni,
                  .host = chain.host,
                  .host_port = chain.port ? chain.port->number : 0,
                  .object = id_of(chain.route ? chain.route : chain.server),
                  .needed = {}};
    if (chain.service) {
      for (const interpret::ClusterFacts& facts : world_.clusters()) {
        if (facts.name != passed.cluster &&
            needs(*world_.find(facts.name), chain.host, chain.port->number, cluster.facts.network))
          passed.needed.push_back(facts.name);
      }
    }
    found_.passed.push_back(std::move(passed));
  }

  const interpret::World& world_;
  Exposure found_;
};

}  // namespace

Exposure exposure(const interpret::World& world, const std::string& cluster) {
  Collector collector(world);
  for (const interpret::ClusterFacts& facts : world.clusters()) {
    if (cluster.empty() || facts.name == cluster) collector.add(*world.find(facts.name));
  }
  return std::move(collector).take();
}

}  // namespace meshfed::ask
