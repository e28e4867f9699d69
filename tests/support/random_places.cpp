#include <algorithm>

#include <fmt/core.h>

#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

/// Who may have a table: a cluster that has a part in the export for sure, or a mesh with such a cluster.
struct DraftPlace {
  std::string name;
  std::set<std::size_t> clusters;
  bool is_mesh;
};

std::vector<DraftPlace> places(const Draft& draft, const Roles& roles) {
  std::vector<DraftPlace> all;
  for (std::size_t mesh = 0; mesh < draft.meshes.size(); ++mesh) {
    DraftPlace of_mesh{draft.meshes[mesh].name, {}, true};
    for (std::size_t c = 0; c < draft.clusters.size(); ++c) {
      if (draft.clusters[c].mesh != mesh || !(roles.has_workloads(c) || roles.to.contains(c))) continue;
      of_mesh.clusters.insert(c);
      all.push_back({draft.clusters[c].name, {c}, false});
    }
    if (!of_mesh.clusters.empty()) all.push_back(of_mesh);
  }
  return all;
}

class Places {
 public:
  Places(Draft& draft, DraftExport& exported) : draft_(draft), random_(draft.random), exported_(exported) {}

  void add(const DraftPlace& place) {
    const Roles& roles = exported_.roles;
    const bool serves = std::ranges::any_of(place.clusters, [&](auto c) { return roles.has_workloads(c); });
    const bool consumes =
        std::ranges::any_of(place.clusters, [&](auto c) { return roles.to.contains(c) || roles.merge.contains(c); });
    // Clusters that read each other have one selector for the pods of all of them.
    const bool reads = draft_.reads(*place.clusters.begin());
    const bool alone = place.is_mesh || !reads;
    if (serves && alone) workloads(place);
    if (serves && !alone) own_accounts(place);
    if (!serves && alone && !exported_.service && random_.chance(60))
      namespace_of(place, fmt::format("imported-{}", place.name));
    if (!consumes) return;
    if (exported_.alias && alone && random_.chance(30))
      say(place, fmt::format("alias = [\"{}.{}.example\"]", exported_.name, place.name));
    if (exported_.has_rule && random_.chance(20))
      say(place, fmt::format("connection_pool.tcp.maxConnections = {}", random_.between(500, 1000)));
    if (!exported_.preferring && !place.is_mesh && !reads) share(place, *place.clusters.begin());
    if (exported_.preferring && alone && random_.chance(40)) weight(place);
  }

 private:
  void say(const DraftPlace& place, const std::string& line) {
    exported_.table.lines.push_back(fmt::format("at.{}.{}", place.name, line));
  }

  void namespace_of(const DraftPlace& place, const std::string& ns) {
    say(place, fmt::format("namespace = \"{}\"", ns));
    exported_.namespaces.insert(ns);
  }

  /// Where they are pods of this export alone they may have accounts of their own; of a Service, the same in all
  /// clusters of a network. Merged across namespaces they must be named.
  void workloads(const DraftPlace& place) {
    const std::string own = fmt::format("{}-{}", exported_.name, place.name);
    const bool named = !exported_.accounts.empty();
    const bool may_move = !exported_.service && (named || !exported_.roles.merges_somewhere());
    const bool moves = may_move && random_.chance(60);
    if (moves) namespace_of(place, own);
    const bool relabels = !exported_.selection.labels.empty() && random_.chance(40);
    if (relabels && !exported_.service && random_.chance(50))
      say(place, fmt::format("canonical_name = \"{}\"", own));
    else if (relabels)
      say(place, fmt::format("selector = {{ app = \"{}\" }}", own));
    const bool alone = moves || relabels;
    if (alone && named && (!exported_.service || place.is_mesh) && random_.chance(50))
      say(place, fmt::format("service_accounts = [\"server-{}\"]", place.name));
    if (random_.chance(50))
      say(place, fmt::format("targets = {{ http = {} }}", 18000 + 100 * draft_.exports.size() + random_.below(3)));
  }

  /// Pods of one selector may have accounts of their own in one cluster, if they are pods of this export alone.
  void own_accounts(const DraftPlace& place) {
    const bool shared = exported_.selection.app != exported_.name;
    if (exported_.service || exported_.accounts.empty() || shared || !random_.chance(30)) return;
    say(place, fmt::format("service_accounts = [\"server-{}\"]", place.name));
    exported_.own_accounts = true;
  }

  void weight(const DraftPlace& place) {
    say(place, random_.chance(50) ? fmt::format("weight = {}", random_.between(1, 9))
                                  : fmt::format("weight = {{ default = 3, net-{} = {} }}",
                                                *exported_.roles.sources.begin(), random_.between(1, 9)));
  }

  /// A percentage for each of those who may answer: most of 100 at random, and the rest to the last.
  void share(const DraftPlace& place, std::size_t cluster) {
    const DraftCluster& own = draft_.clusters[cluster];
    Strings answering;
    for (const std::size_t network : exported_.roles.sources) {
      if (network != own.network) answering.push_back(draft_.networks[network]);
    }
    const auto says_locality = [](const std::string& line) { return line.starts_with("locality"); };
    if (exported_.roles.has_workloads(cluster)) {
      if (std::ranges::none_of(own.table.lines, says_locality)) return;
      answering.push_back("local");
    }
    if (answering.empty() || answering.back() == answering.front()) return;
    std::size_t left = 100;
    std::string list;
    for (std::size_t i = 0; i < answering.size(); ++i) {
      const std::size_t others = answering.size() - i - 1;
      const std::size_t percent = others == 0 ? left : random_.between(1, left - others);
      list += fmt::format("{}{} = {}", list.empty() ? "" : ", ", answering[i], percent);
      left -= percent;
    }
    say(place, fmt::format("share = {{ {} }}", list));
  }

  Draft& draft_;
  Random& random_;
  DraftExport& exported_;
};

}  // namespace

void draft_places(Draft& draft, DraftExport& exported) {
  if (!draft.random.chance(50)) return;
  Places drafted(draft, exported);
  for (const DraftPlace& place : places(draft, exported.roles)) {
    if (draft.random.chance(50)) drafted.add(place);
  }
}

}  // namespace meshfed::testing
