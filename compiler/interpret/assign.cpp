// What of a Service's endpoints a proxy dials: networks, gateways, mTLS, localities, weights.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "interpret/endpoints.hpp"
#include "interpret/policies.hpp"

namespace meshfed::interpret {
namespace {

/// What stands between slashes, three levels.
struct Place {
  std::string_view region, zone, subzone;
};

Place place_of(std::string_view locality) {
  Place place;
  for (std::string_view* part : {&place.region, &place.zone, &place.subzone}) {
    const std::size_t slash = std::min(locality.find('/'), locality.size());
    *part = locality.substr(0, slash);
    locality.remove_prefix(std::min(slash + 1, locality.size()));
  }
  return place;
}

/// util.LbPriority
int distance(const Place& from, const Place& to) {
  if (from.region != to.region) return 3;
  if (from.zone != to.zone) return 2;
  return from.subzone == to.subzone ? 0 : 1;
}

/// util.LocalityMatch
bool lies_in(const Place& place, std::string_view rule) {
  const Place wanted = place_of(rule);
  return (wanted.region == "*" || place.region == wanted.region) &&
         (wanted.zone == "*" || wanted.zone.empty() || place.zone == wanted.zone) &&
         (wanted.subzone == "*" || wanted.subzone.empty() || place.subzone == wanted.subzone);
}

/// A target on its way through the load balancer.
struct Weighed {
  Target target;
  double weight = 0;
  const Endpoint* endpoint = nullptr;  // null: a gateway, which has no labels but its network and cluster
  int priority = 0;
};

/// A gateway that stands for endpoints behind it, and their weight.
struct Dialled {
  std::string_view network;
  const NetworkGateway* gateway;
  double weight;
};

/// Targets of one locality (endpoints.LocalityEndpoints).
struct Group {
  std::string_view locality;
  std::vector<Weighed> members;
  std::vector<Dialled> dialled;  // becomes members
  double weight = 0;             // what `distribute` gives it
  bool weighted = false;
};

class Balancer {
 public:
  explicit Balancer(const Call& call)
      : call_(call), policy_(effective_policy(call.rule, call.port.number, call.subset)) {}

  Assignment take(const std::vector<Endpoint>& endpoints) {
    for (const Endpoint& endpoint : endpoints) {
      if (!endpoint.account.empty() && !call_.dnat)
        result_.identities.push_back(spiffe_id(cluster().facts.trust_domain, endpoint.ns, endpoint.account));
      add(endpoint);
    }
    for (auto& [locality, group] : groups_) {
      group.locality = locality;
      add_gateways(group);
    }
    if (result_.refused) return std::move(result_);
    balance();
    return std::move(result_);
  }

 private:
  const Cluster& cluster() const { return call_.proxy.cluster; }
  std::string_view own_network() const { return cluster().facts.network; }

  /// mtlsChecker.checkMtlsEnabled; and whatever a rule says, the endpoint itself must be said to take it
  /// (isMtlsEnabled).
  bool has_mtls(const Endpoint& endpoint) const {
    if (!endpoint.tls) return false;
    if (policy_.checked_tls) return policy_.checked_tls->mode == TlsMode::istio_mutual;
    return peer_mode(cluster(), endpoint.ns, *endpoint.labels, endpoint.port).mode != Mtls::disable;
  }

  /// proxy_view.go
  bool is_in_view(const Endpoint& endpoint) const {
    const GatewayPods* gateway = call_.proxy.gateway;
    return !gateway || gateway->view.empty() || endpoint.network.empty() || endpoint.network == gateway->view;
  }

  void lose(Lost::Why why, const Endpoint& endpoint) {
    const bool by_rule = why == Lost::Why::no_mtls && endpoint.tls;
    result_.lost.push_back({why, endpoint.object, endpoint.network, by_rule ? policy_.checked_tls : nullptr});
  }

  /// Gateways of a network: those that one cluster knows, or all.
  struct Gateways {
    const std::vector<NetworkGateway>* all = nullptr;
    const ClusterFacts* known = nullptr;  // null: all
    std::size_t count = 0;
  };

  /// selectNetworkGateways: those that the endpoint's own cluster knows, else all of the network.
  Gateways gateways_to(const Endpoint& endpoint) const {
    const auto found = cluster().network_gateways.find(endpoint.network);
    if (found == cluster().network_gateways.end()) return {};
    const std::vector<NetworkGateway>& all = found->second;
    const auto own = std::count_if(all.begin(), all.end(),
                                   [&](const NetworkGateway& gateway) { return gateway.known == endpoint.home; });
    if (own == 0) return {.all = &all, .count = all.size()};
    return {.all = &all, .known = endpoint.home, .count = static_cast<std::size_t>(own)};
  }

  void dial(const Endpoint& endpoint, const Gateways& gateways) {
    const double weight = endpoint.weight / static_cast<double>(gateways.count);
    Group& group = groups_[endpoint.locality];
    for (const NetworkGateway& gateway : *gateways.all) {
      if (gateways.known && gateway.known != gateways.known) continue;
      group.dialled.push_back({endpoint.network, &gateway, weight});
    }
  }

  /// EndpointsByNetworkFilter
  void add(const Endpoint& endpoint) {
    if (!is_in_view(endpoint)) return;
    const bool reachable = endpoint.network.empty() || endpoint.network == own_network();
    const Gateways gateways = reachable ? Gateways() : gateways_to(endpoint);
    const bool mtls = has_mtls(endpoint);
    // Clusters that Envoy resolves are made with another list of gateways, which may be older (Unresolved in
    // network.go).
    if (!reachable && call_.service.resolution == Resolution::dns) result_.unknown_label = "spec.resolution: DNS";
    if (gateways.count > 0) return mtls ? dial(endpoint, gateways) : lose(Lost::Why::no_mtls, endpoint);
    if (!endpoint.workload && endpoint.address.empty()) {
      lose(reachable ? Lost::Why::no_address : Lost::Why::no_gateway, endpoint);
      // Where no gateway is known at all, endpoints are passed on as they are, and Envoy refuses an empty address.
      result_.refused = result_.refused || !cluster().knows_gateways;
      return;
    }
    if (call_.dnat && !mtls) return lose(Lost::Why::no_mtls, endpoint);
    groups_[endpoint.locality].members.push_back({.target = {.workload = endpoint.workload,
                                                             .home = endpoint.home,
                                                             .address = endpoint.address,
                                                             .port = endpoint.port,
                                                             .network = endpoint.network,
                                                             .object = endpoint.object,
                                                             .mtls = mtls},
                                                  .weight = endpoint.weight,
                                                  .endpoint = &endpoint});
  }

  /// Endpoints of a network become its gateways, which share their weight alike: each is one target.
  static void add_gateways(Group& group) {
    std::stable_sort(group.dialled.begin(), group.dialled.end(), [](const Dialled& a, const Dialled& b) {
      return std::tie(a.network, a.gateway) < std::tie(b.network, b.gateway);
    });
    const NetworkGateway* last = nullptr;
    for (const Dialled& one : group.dialled) {
      const NetworkGateway& gateway = *one.gateway;
      if (&gateway == std::exchange(last, &gateway)) {
        group.members.back().weight += one.weight;
        continue;
      }
      group.members.push_back({.target = {.address = gateway.address,
                                          .port = gateway.port,
                                          .gateway = &gateway,
                                          .network = one.network,
                                          .object = gateway.object,
                                          .mtls = true},
                               .weight = one.weight});
    }
  }

  // --- localities: core/loadbalancer/loadbalancer.go

  /// GetEffectiveLbSetting: the mesh's default is on, and counts once outlier detection does.
  void balance() {
    const LocalityLb mesh_default;
    const LocalityLb& setting = policy_.locality ? *policy_.locality : mesh_default;
    if (setting.enabled && !setting.distribute.empty()) {
      distribute(setting);
    } else if (setting.enabled && policy_.outlier) {
      if (!setting.failover_priority.empty()) prioritise(setting.failover_priority);
      if (setting.failover_priority.empty() || !setting.failover.empty()) prefer_near(setting.failover);
    }
    share();
  }

  Place own_place() const { return place_of(cluster().facts.locality); }

  /// applyLocalityWeights: the first rule for the proxy's own place counts; what it does not name gets nothing.
  void distribute(const LocalityLb& setting) {
    for (const LocalityLb::Distribute& one : setting.distribute) {
      if (!lies_in(own_place(), one.from)) continue;
      for (const auto& [to, weight] : one.to) spread(to, static_cast<double>(weight));
      for (auto& [locality, group] : groups_) {
        if (group.weighted) continue;
        for (const Weighed& member : group.members)
          result_.lost.push_back({Lost::Why::not_distributed, member.target.object, member.target.network});
        group.members.clear();
      }
      return;
    }
  }

  void spread(std::string_view to, double weight) {
    std::vector<Group*> matching;
    double total = 0;
    for (auto& [locality, group] : groups_) {
      if (group.weighted || !lies_in(place_of(group.locality), to)) continue;
      matching.push_back(&group);
      total += weight_of(group);
    }
    for (Group* group : matching) {
      group->weighted = true;
      group->weight = total == 0 ? 0 : std::ceil(weight_of(*group) * weight / total);
    }
  }

  static double weight_of(const Group& group) {
    return std::accumulate(group.members.begin(), group.members.end(), 0.0,
                           [](double sum, const Weighed& member) { return sum + member.weight; });
  }

  /// The labels of the proxy and of an endpoint that Istio adds to their own (serviceregistry/util/label).
  std::string_view place_label(std::string_view key, std::string_view locality, std::string_view network) const {
    const Place place = place_of(locality);
    if (key == kNetworkLabel) return network;
    if (key == kClusterLabel) return cluster().facts.name;
    if (key == kRegionLabel) return place.region;
    if (key == kZoneLabel) return place.zone;
    if (key == kSubzoneLabel) return place.subzone;
    return {};
  }

  static bool is_place_label(std::string_view key) {
    return key == kNetworkLabel || key == kClusterLabel || key == kRegionLabel || key == kZoneLabel ||
           key == kSubzoneLabel;
  }

  std::string_view label_of(const Weighed& member, std::string_view key, std::string_view locality) const {
    if (!member.endpoint) {
      return key == kNetworkLabel   ? member.target.network
             : key == kClusterLabel ? std::string_view(member.target.gateway->known->name)
                                    : std::string_view();
    }
    const std::string_view own = label(*member.endpoint->labels, key);
    if (key == kClusterLabel) return member.endpoint->home->name;
    return own.empty() ? place_label(key, locality, member.target.network) : own;
  }

  /// applyFailoverPriorityPerLocality: the earlier a label differs, the later its turn.
  void prioritise(const std::vector<std::string>& labels) {
    for (const std::string& wanted : labels) {
      const std::string_view key = std::string_view(wanted).substr(0, wanted.find('='));
      if (!is_place_label(key)) result_.unknown_label = wanted;
    }
    for (auto& [locality, group] : groups_) {
      for (Weighed& member : group.members) member.priority = priority_of(member, labels, group.locality);
    }
  }

  int priority_of(const Weighed& member, const std::vector<std::string>& labels, std::string_view locality) const {
    const int lowest = static_cast<int>(labels.size());
    int adjust = 0;
    for (int i = 0; i < lowest; ++i) {
      const std::string_view wanted = labels[static_cast<std::size_t>(i)];
      const std::size_t equals = wanted.find('=');
      const std::string_view key = wanted.substr(0, equals);
      const std::string_view own = equals == std::string_view::npos
                                       ? place_label(key, cluster().facts.locality, own_network())
                                       : wanted.substr(equals + 1);
      if (own == label_of(member, key, locality)) continue;
      if (i != 0 || key != kNetworkLabel) return lowest - i + adjust;
      adjust = lowest;  // the network divides all others
    }
    return adjust;
  }

  /// applyLocalityFailover
  void prefer_near(const std::vector<std::pair<std::string, std::string>>& failover) {
    const Place own = own_place();
    for (auto& [locality, group] : groups_) {
      const Place place = place_of(group.locality);
      int step = distance(own, place);
      const auto rule =
          std::find_if(failover.begin(), failover.end(), [&](const auto& one) { return one.first == own.region; });
      if (step == 3 && rule != failover.end() && place.region != rule->second) step = 4;
      for (Weighed& member : group.members) member.priority = member.priority * 5 + step;
    }
  }

  /// Shares of the first priority that has anybody: by weight, and where localities have weights, by these first.
  void share() {
    int first = std::numeric_limits<int>::max();
    for (const auto& [locality, group] : groups_) {
      for (const Weighed& member : group.members) first = std::min(first, member.priority);
    }
    double total = 0;
    for (auto& [locality, group] : groups_) {
      const double inside = weight_of(group);
      for (Weighed& member : group.members) {
        const double weight = group.weighted ? group.weight * member.weight / inside : member.weight;
        member.target.share = member.priority == first ? weight : 0;
        total += member.target.share;
        result_.targets.push_back(member.target);
      }
    }
    for (Target& target : result_.targets) target.share = total == 0 ? 0 : target.share / total;
  }

  const Call& call_;
  Effective policy_;
  Assignment result_;
  std::map<std::string_view, Group> groups_;  // by locality
};

}  // namespace

Assignment assign(const Call& call) {
  std::vector<Endpoint> endpoints = endpoints_of(call.proxy.cluster, call.service, call.host, call.port);
  if (const Subset* subset = call.subset.empty() ? nullptr : call.rule.subset(call.subset))
    std::erase_if(endpoints, [&](const Endpoint& endpoint) { return !selects(subset->labels, *endpoint.labels); });
  return Balancer(call).take(endpoints);
}

}  // namespace meshfed::interpret
