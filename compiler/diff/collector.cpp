#include "diff/collector.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "diff/lookup.hpp"
#include "diff/risks.hpp"
#include "yaml/literal.hpp"
#include "yaml/writer.hpp"

namespace meshfed::diff {
namespace {

// Different for what is shown differently. A changed object is told by its fields, whatever else it holds.
std::string digest(const Change& change) {
  std::string text;
  for (const Risk& risk : change.risks) yaml::write({{"risk", risk.rule}, {"text", risk.text}}, text);
  if (change.action != Action::change) yaml::write(change.document, text);
  for (const FieldChange& field : change.fields)
    yaml::write({{"path", field.path}, {"before", field.before}, {"after", field.after}}, text);
  return base::sha256_hex(text);
}

template <class Map>
auto values_of(Map& map) {
  std::vector<typename Map::mapped_type> values;
  values.reserve(map.size());
  for (auto& [key, value] : map) values.push_back(std::move(value));
  map.clear();
  return values;
}

}  // namespace

void Collector::add(ClusterChanges cluster) {
  std::vector<std::pair<Key, Change>> keyed;
  keyed.reserve(cluster.changes.size());
  for (Change& change : cluster.changes) {
    change.risks = risks_of(change);
    if (change.action == Action::change) change.document = change.before = {};
    const Identity object = identity_of(change.id);
    Key key(object.ns, object.name, object.kind, change.action, digest(change));
    keyed.emplace_back(std::move(key), std::move(change));
  }
  const std::string name = cluster.cluster.name;
  const std::lock_guard guard(mutex_);
  for (auto& [key, change] : keyed)
    changes_.try_emplace(std::move(key), std::move(change)).first->second.clusters.push_back(name);
  for (const auto& [host, state] : cluster.hosts) {
    Host& reach = hosts_.try_emplace(host, Host{host, {}, {}, {}}).first->second;
    (state == HostState::appears      ? reach.appears
     : state == HostState::disappears ? reach.disappears
                                      : reach.changes)
        .push_back(name);
  }
  clusters_.emplace(name, std::move(cluster.cluster));
}

Difference Collector::finish() && {
  Difference whole{values_of(clusters_), values_of(changes_), values_of(hosts_)};
  for (Cluster& cluster : whole.clusters) cluster.risks = risks_of(cluster);
  for (Change& change : whole.changes) std::sort(change.clusters.begin(), change.clusters.end());
  for (Host& host : whole.hosts) {
    for (std::vector<std::string>* names : {&host.appears, &host.changes, &host.disappears})
      std::sort(names->begin(), names->end());
  }
  return whole;
}

}  // namespace meshfed::diff
