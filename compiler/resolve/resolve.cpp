#include "resolve/resolve.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "model/naming.hpp"
#include "resolve/declared.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::resolve {
namespace {

using model::Cluster;
using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::MeshId;
using model::Name;
using model::Names;
using model::NetworkId;
using model::ResolvedFederation;

using Ids = std::vector<std::uint32_t>;

class Resolver {
 public:
  Resolver(model::Federation federation, diag::Sink& sink) : sink_(sink) {
    resolved_.federation = std::move(federation);
  }

  ResolvedFederation run() {
    const model::Federation& fed = resolved_.federation;
    resolved_.meshes.resize(fed.meshes.size());
    resolved_.networks.resize(fed.networks.size());
    resolved_.clusters.resize(fed.clusters.size());
    resolved_.exports.resize(fed.exports.size());
    for (ClusterId id = 0; id < fed.clusters.size(); ++id) place_cluster(id);
    for (NetworkId id = 0; id < fed.networks.size(); ++id) finish_network(id);
    for (const model::Mesh& mesh : fed.meshes) settings_names(mesh.settings, fmt::format("mesh \"{}\"", *mesh.name));
    settings_names(fed.defaults, "[defaults]");
    for (ExportId id = 0; id < fed.exports.size(); ++id) take_parties(id);
    for (ClusterId id = 0; id < fed.clusters.size(); ++id) take_imports(id);
    for (ExportId id = 0; id < fed.exports.size(); ++id) resolve_roles(id);
    meet_meshes();
    order_hosts();
    return std::move(resolved_);
  }

 private:
  template <class Table>
  void propose_one_of(const std::vector<Table>& tables, const Name& wrong, std::string_view kind,
                      diag::Report& report) {
    if (sink_.wants_search(tables.size())) propose(report, wrong.span, *wrong, names_of(tables), kind);
  }

  MeshId mesh(const Name& name, const std::string& who) {
    if (!name.given()) return kNone;
    const MeshId id = resolved_.find_mesh(*name);
    if (id == kNone) {
      diag::Report& report = sink_.report(name.span, diag::UndeclaredMesh, who, *name);
      propose_one_of(resolved_.federation.meshes, name, "mesh", report);
    }
    return id;
  }

  NetworkId network(const Name& name, const std::string& who) {
    if (!name.given()) return kNone;
    const NetworkId id = resolved_.find_network(*name);
    if (id == kNone && is_new(name)) {
      diag::Report& report = sink_.report(name.span, diag::UndeclaredNetwork, who, *name);
      propose_one_of(resolved_.federation.networks, name, "network", report);
    }
    return id;
  }

  void place_cluster(ClusterId id) {
    const Cluster& cluster = resolved_.cluster(id);
    const std::string who = fmt::format("cluster \"{}\"", *cluster.name);
    model::ClusterInfo& info = resolved_.clusters[id];
    info.mesh = mesh(cluster.mesh, who);
    info.network = network(cluster.network, who);
    const model::Settings& defaults = resolved_.federation.defaults;
    const bool has_mesh = info.mesh != kNone;
    info.settings = model::inherit(has_mesh ? model::inherit(defaults, resolved_.mesh(info.mesh).settings) : defaults,
                                   cluster.settings);
    if (has_mesh) resolved_.meshes[info.mesh].clusters.push_back(id);
    if (info.network != kNone) resolved_.networks[info.network].clusters.push_back(id);
    settings_names(cluster.settings, who);
    if (*cluster.gateway) {
      for (const model::View& view : (*cluster.gateway)->seen_from) network(view.network, who);
    }
  }

  void settings_names(const model::Settings& settings, const std::string& who) {
    for (const auto& [name, mode] : settings.egress->networks) network(name, who);
  }

  void finish_network(NetworkId id) {
    model::NetworkInfo& info = resolved_.networks[id];
    std::size_t gateways = 0;
    std::size_t pending = 0;
    for (const ClusterId cluster : info.clusters) {
      if (info.mesh == kNone) info.mesh = resolved_.clusters[cluster].mesh;
      const auto& gateway = *resolved_.cluster(cluster).gateway;
      gateways += gateway ? 1U : 0U;
      pending += gateway && *gateway->pending ? 1U : 0U;
      info.router = info.router || (gateway && *gateway->router);
    }
    info.pending = gateways > 0 && pending == gateways;
  }

  /// The clusters that a list of meshes and clusters means; a name that means nothing is reported and makes the export
  /// unusable.
  void parties(const Export& exported, const Names& names, Ids& clusters, ExportInfo& info) {
    if (names.bad()) info.usable = false;
    if (!names.given()) return;
    for (const Name& name : *names) {
      if (!name.given()) {
        info.usable = false;
        continue;
      }
      if (*name == "*") continue;
      const ClusterId cluster = resolved_.find_cluster(*name);
      const MeshId mesh = resolved_.find_mesh(*name);
      if (cluster != kNone) clusters.push_back(cluster);
      if (mesh != kNone)
        clusters.insert(clusters.end(), resolved_.meshes[mesh].clusters.begin(), resolved_.meshes[mesh].clusters.end());
      if (cluster == kNone && mesh == kNone) {
        info.usable = false;
        undeclared_party(exported, name);
      }
    }
    base::sort_unique(clusters);
  }

  /// Many exports may share what [discover.*] says: each place is reported once.
  bool is_new(const Name& wrong) { return reported_.emplace(wrong.span.file, wrong.span.begin).second; }

  void undeclared_party(const Export& exported, const Name& name) {
    if (!is_new(name)) return;
    diag::Report& report = sink_.report(name.span, diag::UndeclaredParty, *exported.name, *name);
    const model::Federation& fed = resolved_.federation;
    if (sink_.wants_search(fed.clusters.size() + fed.meshes.size()))
      propose(report, name.span, *name, names_of(fed.clusters, fed.meshes), "cluster");
  }

  /// The network of a cluster, or the only one of a mesh.
  NetworkId network_of_party(const std::string& name) const {
    const ClusterId cluster = resolved_.find_cluster(name);
    if (cluster != kNone) return resolved_.clusters[cluster].network;
    const MeshId mesh = resolved_.find_mesh(name);
    if (mesh == kNone || resolved_.meshes[mesh].clusters.empty()) return kNone;
    const Ids& clusters = resolved_.meshes[mesh].clusters;
    const auto on_first = [&](ClusterId id) {
      return resolved_.clusters[id].network == resolved_.clusters[clusters.front()].network;
    };
    return std::all_of(clusters.begin(), clusters.end(), on_first) ? resolved_.clusters[clusters.front()].network
                                                                   : kNone;
  }

  /// A network that a weight or a share is for. Who names a mesh or a cluster means the network that it is on.
  void source_network(const Name& name, const std::string& who) {
    const bool known = !name.given() || resolved_.find_network(*name) != kNone;
    const NetworkId meant = known ? kNone : network_of_party(*name);
    if (meant == kNone) {
      network(name, who);
      return;
    }
    sink_.report(name.span, diag::UndeclaredNetwork, who, *name).replace(name.span, *resolved_.network(meant).name);
  }

  /// Of tables about somebody who was reported nothing is known.
  void places(const Export& exported, ExportInfo& info) {
    const std::string who = fmt::format("export \"{}\"", *exported.name);
    for (const model::Place& place : exported.at) {
      const bool known = place.name.given() &&
                         (resolved_.find_cluster(*place.name) != kNone || resolved_.find_mesh(*place.name) != kNone);
      if (!known) info.usable = false;
      if (place.name.given() && !known) undeclared_party(exported, place.name);
      for (const auto& [name, weight] : place.weight->networks) source_network(name, who);
      for (const auto& [name, share] : *place.share) {
        if (*name != model::kLocalShare) source_network(name, who);
      }
    }
  }

  void take_parties(ExportId id) {
    const Export& exported = resolved_.exported(id);
    ExportInfo& info = resolved_.exports[id];
    parties(exported, exported.from, info.from, info);
    parties(exported, exported.merge, info.merge, info);
    parties(exported, exported.to, info.consumers, info);  // those named; the rest is worked out below
    places(exported, info);
    for (const auto& [name, weight] : exported.weight->networks) {
      source_network(name, fmt::format("export \"{}\"", *exported.name));
    }
    for (const ClusterId cluster : info.from) {
      if (resolved_.clusters[cluster].network != kNone) info.sources.push_back(resolved_.clusters[cluster].network);
    }
    base::sort_unique(info.sources);
    info.routed = std::any_of(info.sources.begin(), info.sources.end(),
                              [&](NetworkId network) { return resolved_.networks[network].router; });
    info.readable = readable_sources(info.from);
    info.naming = exported.naming.given() ? *exported.naming : *resolved_.federation.naming;
    if (info.naming == model::Naming::service) info.merged = merged_services(info.merge);
    const ClusterId first = info.from.empty() ? kNone : info.from.front();
    const std::string domain = first == kNone ? "cluster.local" : *resolved_.clusters[first].settings.cluster_domain;
    info.host = model::host_name(resolved_.federation, exported, info.naming, domain);
    each_said_alias(exported, [&](const Name& alias) { info.aliases.push_back(*alias); });
    base::sort_unique(info.aliases);
  }

  std::vector<model::ReadableSources> readable_sources(const Ids& from) const {
    std::map<MeshId, model::ReadableSources> by_mesh;
    for (const ClusterId cluster : from) {
      const model::ClusterInfo& info = resolved_.clusters[cluster];
      if (!info.usable() || !*resolved_.mesh(info.mesh).remote_secrets) continue;
      model::ReadableSources& own = by_mesh[info.mesh];
      own.mesh = info.mesh;
      own.first = std::min(own.first, cluster);
      own.networks.push_back(info.network);
    }
    std::vector<model::ReadableSources> all;
    for (auto& [mesh, own] : by_mesh) {
      base::sort_unique(own.networks);
      own.live =
          static_cast<std::size_t>(std::count_if(own.networks.begin(), own.networks.end(), [&](NetworkId network) {
            return !resolved_.networks[network].pending;
          }));
      all.push_back(std::move(own));
    }
    return all;
  }

  std::vector<model::MergedService> merged_services(const Ids& merge) const {
    std::map<model::NetworkId, ClusterId> first;
    for (const ClusterId cluster : merge) {
      const model::ClusterInfo& info = resolved_.clusters[cluster];
      if (info.usable() && *resolved_.mesh(info.mesh).remote_secrets) first.try_emplace(info.network, cluster);
    }
    std::vector<model::MergedService> all;
    for (const auto& [network, cluster] : first) all.push_back({network, cluster});
    return all;
  }

  void take_imports(ClusterId id) {
    const Cluster& cluster = resolved_.cluster(id);
    const model::Selection& imports = *cluster.imports;
    accepted_.emplace_back();
    if (!cluster.imports.given() || imports.all) return;
    Ids& accepted = accepted_.back().emplace();
    for (const Name& name : *imports.names) {
      if (!name.given()) continue;
      const ExportId exported = resolved_.find_export(*name);
      if (exported != kNone) {
        accepted.push_back(exported);
        continue;
      }
      diag::Report& report =
          sink_.report(name.span, diag::UndeclaredExport, fmt::format("cluster \"{}\"", *cluster.name), *name);
      propose_one_of(resolved_.federation.exports, name, "export", report);
    }
    base::sort_unique(accepted);
  }

  bool accepts(ClusterId cluster, ExportId exported) const {
    const std::optional<Ids>& accepted = accepted_[cluster];
    return !accepted || std::binary_search(accepted->begin(), accepted->end(), exported);
  }

  void resolve_roles(ExportId id) {
    const Export& exported = resolved_.exported(id);
    ExportInfo& info = resolved_.exports[id];
    Ids wanted = std::move(info.consumers);
    wanted.insert(wanted.end(), info.merge.begin(), info.merge.end());
    base::sort_unique(wanted);
    Ids consumers;
    for (const ClusterId cluster : wanted) (accepts(cluster, id) ? consumers : info.refusing).push_back(cluster);
    const auto is_all = [](const Name& name) { return name.given() && *name == "*"; };
    if (exported.to.given() && std::any_of(exported.to->begin(), exported.to->end(), is_all))
      add_everyone(id, consumers);
    base::sort_unique(consumers);
    info.consumers = std::move(consumers);
    Ids concerned = info.from;
    concerned.insert(concerned.end(), info.merge.begin(), info.merge.end());
    concerned.insert(concerned.end(), info.consumers.begin(), info.consumers.end());
    base::sort_unique(concerned);
    for (const ClusterId cluster : concerned) resolved_.clusters[cluster].hosts.push_back(id);
  }

  /// Which mesh calls which.
  void meet_meshes() {
    for (const ExportInfo& info : resolved_.exports) {
      if (!info.usable) continue;
      const std::vector<MeshId> callers = meshes_of(resolved_, info.consumers);
      const std::vector<MeshId> servers = meshes_of(resolved_, info.from);
      for (const MeshId server : servers) add_all(callers, resolved_.meshes[server].callers);
      for (const MeshId caller : callers) add_all(servers, resolved_.meshes[caller].servers);
    }
    for (model::MeshInfo& mesh : resolved_.meshes) {
      base::sort_unique(mesh.callers);
      base::sort_unique(mesh.servers);
    }
  }

  /// Once for all clusters, each of which puts its hosts in this order.
  void order_hosts() {
    std::vector<ExportInfo*> by_host;
    for (ExportInfo& info : resolved_.exports) by_host.push_back(&info);
    std::sort(by_host.begin(), by_host.end(),
              [](const ExportInfo* a, const ExportInfo* b) { return a->host < b->host; });
    for (std::size_t i = 0; i < by_host.size(); ++i) by_host[i]->place = i;
  }

  static void add_all(const std::vector<MeshId>& meshes, std::vector<MeshId>& all) {
    all.insert(all.end(), meshes.begin(), meshes.end());
  }

  /// `to = "*"`: every cluster that is neither in `from` nor on a source's network, unless it reads that, and accepts.
  void add_everyone(ExportId id, Ids& consumers) const {
    const ExportInfo& info = resolved_.exports[id];
    for (ClusterId cluster = 0; cluster < resolved_.clusters.size(); ++cluster) {
      const NetworkId network = resolved_.clusters[cluster].network;
      const bool beside =
          std::binary_search(info.sources.begin(), info.sources.end(), network) && !resolved_.reads(cluster, network);
      if (!beside && !std::binary_search(info.from.begin(), info.from.end(), cluster) && accepts(cluster, id)) {
        consumers.push_back(cluster);
      }
    }
  }

  diag::Sink& sink_;
  std::set<std::pair<source::FileId, std::uint32_t>> reported_;  // where undeclared names stand
  ResolvedFederation resolved_;
  std::vector<std::optional<Ids>> accepted_;  // by cluster: the exports in `imports`; none: all
};

}  // namespace

ResolvedFederation resolve(model::Federation federation, diag::Sink& sink) {
  return Resolver(std::move(federation), sink).run();
}

}  // namespace meshfed::resolve
