#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "check/rules.hpp"

namespace meshfed::check {
namespace {

using model::Cluster;
using model::ClusterId;
using model::Egress;
using model::ExportId;
using model::kNone;
using model::MeshId;
using model::Name;
using model::Names;
using model::NetworkId;
using model::Outlier;
using model::ResolvedFederation;
using model::Settings;
using model::Value;
using source::Span;

using Clusters = std::vector<ClusterId>;

/// Some cluster's mesh or network is unknown, so that nothing can be said about what has none.
bool clusters_are_missing(const ResolvedFederation& resolved) {
  return std::any_of(resolved.clusters.begin(), resolved.clusters.end(),
                     [](const auto& info) { return !info.usable(); });
}

/// MF0305: no network is named "default", the word for all other networks.
void no_network_is_named_default(const ResolvedFederation& resolved, diag::Sink& sink) {
  const NetworkId id = resolved.find_network("default");
  if (id != kNone) sink.report(resolved.network(id).name.span, diag::NetworkNamedDefault);
}

/// MF0306: a name that is both a mesh and a cluster means the same clusters.
void names_mean_one_thing(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Cluster& cluster = resolved.cluster(id);
    const MeshId mesh = resolved.find_mesh(*cluster.name);
    if (mesh == kNone || resolved.clusters[id].mesh == kNone || !cluster.name.given()) continue;
    if (resolved.meshes[mesh].clusters == Clusters{id}) continue;
    sink.report(cluster.name.span, diag::AmbiguousName, *cluster.name)
        .note(resolved.mesh(mesh).name.span, "the mesh is declared here");
  }
}

/// MF0307: a mesh has clusters.
void meshes_have_clusters(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (clusters_are_missing(resolved)) return;
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    const Name& name = resolved.mesh(id).name;
    if (name.given() && resolved.meshes[id].clusters.empty()) sink.report(name.span, diag::MeshWithoutCluster, *name);
  }
}

/// MF0308: a network has clusters.
void networks_have_clusters(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (clusters_are_missing(resolved)) return;
  for (NetworkId id = 0; id < resolved.networks.size(); ++id) {
    const Name& name = resolved.network(id).name;
    if (!name.given() || *name == "default" || !resolved.networks[id].clusters.empty()) continue;
    sink.report(name.span, diag::NetworkWithoutCluster, *name);
  }
}

bool names_an_empty_mesh(const ResolvedFederation& resolved, const Names& names) {
  return std::any_of(names->begin(), names->end(), [&](const Name& name) {
    const MeshId mesh = resolved.find_mesh(*name);
    return mesh != kNone && resolved.meshes[mesh].clusters.empty();
  });
}

/// MF0309: an export is seen by somebody.
void exports_are_seen(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (clusters_are_missing(resolved)) return;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::ExportInfo& info = resolved.exports[id];
    const model::Export& exported = resolved.exported(id);
    if (!info.usable || !exported.name.given() || !info.consumers.empty() || !info.refusing.empty()) continue;
    if (names_an_empty_mesh(resolved, exported.to) || names_an_empty_mesh(resolved, exported.merge)) continue;
    const Span& where = exported.to.given() ? exported.to.span : exported.name.span;
    sink.report(where, diag::ExportForNobody, *exported.name).about_export(id);
  }
}

/// What a lower table says again.
class Repeats {
 public:
  /// `about`: the clusters that the lower table is for.
  Repeats(diag::Sink& sink, Clusters about) : sink_(sink), about_(std::move(about)) {}

  void report(const Span& own, std::string_view key, std::string_view title, const Span& upper) {
    if (about_.empty()) add(own, key, title, upper);
    for (const ClusterId cluster : about_) add(own, key, title, upper).about_cluster(cluster);
  }

  template <class T>
  void compare(const Value<T>& own, std::string_view key, const Value<T>& upper, std::string_view title) {
    if (own.given() && upper.given() && *own == *upper) report(own.span, key, title, upper.span);
  }

  void compare_egress(const Value<Egress>& own, const Value<Egress>& upper, std::string_view title) {
    if (!own.given() || !upper.given()) return;
    if (!own->table) {
      if (upper->networks.empty()) compare(own->fallback, "egress", upper->fallback, title);
      return;
    }
    compare(own->fallback, "egress.default", upper->fallback, title);
    for (const auto& [network, mode] : own->networks) {
      const auto found =
          std::lower_bound(upper->networks.begin(), upper->networks.end(), *network,
                           [](const auto& entry, const std::string& wanted) { return *entry.first < wanted; });
      if (found == upper->networks.end() || *found->first != *network || found->second != mode) continue;
      report(network.span, fmt::format("egress.{}", *network), title, found->first.span);
    }
  }

  void compare_outlier(const Value<Outlier>& own, const Value<Outlier>& upper, std::string_view title) {
    if (!own.given() || !upper.given()) return;
    if (!own->on && !upper->on) report(own.span, "outlier", title, upper.span);
    if (!own->on || !upper->on) return;
    compare(own->errors, "outlier.errors", upper->errors, title);
    compare(own->count, "outlier.count", upper->count, title);
    compare(own->interval, "outlier.interval", upper->interval, title);
    compare(own->ejection, "outlier.ejection", upper->ejection, title);
    compare(own->max_percent, "outlier.max_percent", upper->max_percent, title);
  }

  void compare_accept(const Names& own, const Names& upper, std::string_view title) {
    if (!own.given() || !upper.given()) return;
    std::unordered_map<std::string_view, const Name*> above;
    for (const Name& code : *upper) {
      if (code.given()) above.try_emplace(*code, &code);
    }
    for (const Name& code : *own) {
      const auto found = above.find(*code);
      if (code.given() && found != above.end()) report(code.span, *code, title, found->second->span);
    }
  }

 private:
  diag::Report& add(const Span& own, std::string_view key, std::string_view title, const Span& upper) {
    return sink_.report(own, diag::RedundantKey, key, title).note(upper, "set here");
  }

  diag::Sink& sink_;
  Clusters about_;
};

/// The keys of a mesh or cluster, against the nearest of the tables above it that has each.
void compare_settings(const Settings& own, const Settings& defaults, const model::Mesh* mesh, Repeats&& repeats) {
  const std::string mesh_title = mesh ? fmt::format("[mesh.{}]", *mesh->name) : "";
  const auto from_mesh = [&](auto member) { return mesh && (mesh->settings.*member).state != model::State::absent; };
  Settings::each_replaced([&](const char* key, auto member) {
    if (from_mesh(member)) {
      repeats.compare(own.*member, key, mesh->settings.*member, mesh_title);
    } else {
      repeats.compare(own.*member, key, defaults.*member, "[defaults]");
    }
  });
  if (from_mesh(&Settings::egress)) {
    // A word that replaces a table may repeat its default, and still drop what the table inherits.
    const bool replaces = !own.egress->table && !defaults.egress->networks.empty();
    if (!replaces) repeats.compare_egress(own.egress, mesh->settings.egress, mesh_title);
  } else {
    repeats.compare_egress(own.egress, defaults.egress, "[defaults]");
  }
  if (mesh && mesh->settings.outlier.given())
    repeats.compare_outlier(own.outlier, mesh->settings.outlier, mesh_title);
  else
    repeats.compare_outlier(own.outlier, defaults.outlier, "[defaults]");
  repeats.compare_accept(own.accept, defaults.accept, "[defaults]");
  if (mesh) repeats.compare_accept(own.accept, mesh->settings.accept, mesh_title);
}

/// MF0310: a setting differs from what holds without it.
void settings_change_something(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Settings& defaults = resolved.federation.defaults;
  for (MeshId id = 0; id < resolved.meshes.size(); ++id) {
    compare_settings(resolved.mesh(id).settings, defaults, nullptr, Repeats(sink, resolved.meshes[id].clusters));
  }
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const MeshId mesh = resolved.clusters[id].mesh;
    if (mesh == kNone) continue;
    compare_settings(resolved.cluster(id).settings, defaults, &resolved.mesh(mesh), Repeats(sink, {id}));
  }
}

/// MF0310: a view's port differs from the gateway's.
void views_change_the_port(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const Cluster& cluster = resolved.cluster(id);
    if (!*cluster.gateway) continue;
    for (const model::View& view : (*cluster.gateway)->seen_from) {
      Repeats(sink, {id})
          .compare(view.port, "port", (*cluster.gateway)->port, fmt::format("[cluster.{}.gateway]", *cluster.name));
    }
  }
}

/// MF0310: an export's naming differs from the federation's. Who writes a fragment need not know that.
void namings_differ(const ResolvedFederation& resolved, diag::Sink& sink) {
  const Value<model::Naming>& upper = resolved.federation.naming;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const Value<model::Naming>& own = resolved.exported(id).naming;
    if (resolved.exported(id).fragment || !own.given() || !upper.given() || *own != *upper) continue;
    const auto& discovered = resolved.exported(id).discovered;
    if (discovered && own.span == discovered->service) continue;  // said by nobody
    sink.report(own.span, diag::RedundantKey, "naming", "[federation]").note(upper.span, "set here").about_export(id);
  }
}

}  // namespace

void check_names(const ResolvedFederation& resolved, diag::Sink& sink) {
  no_network_is_named_default(resolved, sink);
  names_mean_one_thing(resolved, sink);
  meshes_have_clusters(resolved, sink);
  networks_have_clusters(resolved, sink);
  exports_are_seen(resolved, sink);
  settings_change_something(resolved, sink);
  views_change_the_port(resolved, sink);
  namings_differ(resolved, sink);
}

}  // namespace meshfed::check
