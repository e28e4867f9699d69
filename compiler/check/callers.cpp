// Where the policy that `callers` becomes stands, and whom it means there: what istiod and Envoy make of it is what was
// declared. A policy that matches nothing lets everybody in, so whatever it rests on must be known.
#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "check/rules.hpp"
#include "model/naming.hpp"
#include "resolve/each_export.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::MeshId;
using model::Name;
using model::Naming;
using model::ResolvedFederation;
using resolve::each_export;
using resolve::each_named;
using resolve::serving_clusters;
using resolve::serving_meshes;
using resolve::span_or;

/// istiod takes it for the server's own trust domain where a policy names an account in it
/// (pilot/pkg/security/trustdomain in Istio's source). `cluster.local/*`, all of a mesh, stays what it is.
constexpr std::string_view kDefaultTrustDomain = "cluster.local";

bool is_whole_mesh(const Name& caller) {
  return caller.given() && caller->substr(model::mesh_of_caller(*caller).size()) == "/*";
}

MeshId mesh_of_caller(const ResolvedFederation& resolved, const Name& caller) {
  return caller.given() ? resolved.find_mesh(model::mesh_of_caller(*caller)) : kNone;
}

/// Some cluster where the export's policy stands says nothing of the port's target.
bool lacks_target(const ResolvedFederation& resolved, ExportId id, const model::Port& port) {
  if (port.target.state != model::State::absent) return false;
  if (resolved.exported(id).at.empty()) return true;
  const std::vector<ClusterId> clusters = serving_clusters(resolved.exports[id]);
  return std::any_of(clusters.begin(), clusters.end(), [&](ClusterId cluster) {
    return resolved.target(cluster, id, port).state == model::State::absent;
  });
}

/// MF0612: the ports of the pods are known where a policy names them. With naming "service" nothing else reads
/// `target`, so a wrong one would show nowhere.
void guarded_ports_have_targets(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId id, const Export& exported, const ExportInfo&) {
    if (!exported.callers.given()) return;
    for (const model::Port& port : *exported.ports) {
      if (!port.number.given() || !lacks_target(resolved, id, port)) continue;
      sink.report(port.number.span, diag::CallersWithoutTarget, *port.number, *exported.name)
          .note(exported.callers.span, "`callers` is enforced at the port of the pods");
    }
  });
}

/// MF0615: no policy stands in a root namespace, where it would hold for pods of every namespace.
void policies_stay_in_their_namespace(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.callers.given()) return;
    std::set<const Name*> reported;  // one report for each place where a namespace is said
    for (const ClusterId cluster : serving_clusters(info)) {
      const Name& ns = resolved.workload_namespace(cluster, id);
      if (!ns.given() || resolved.clusters[cluster].mesh == kNone) continue;
      const model::Mesh& mesh = resolved.mesh_of(cluster);
      if (mesh.root_namespace.bad() || *mesh.root_namespace != *ns || !reported.insert(&ns).second) continue;
      diag::Report& report = sink.report(ns.span, diag::CallersInRootNamespace, *exported.name, *ns, *mesh.name);
      report.note(exported.callers.span, "`callers` becomes a policy in that namespace");
      if (mesh.root_namespace.given()) report.note(mesh.root_namespace.span, "the root namespace is set here");
    }
  });
}

/// The first mesh with workloads of the export that would take a caller's trust domain, if it is Istio's default, for
/// its own.
MeshId mistaken_by(const ResolvedFederation& resolved, ExportId id) {
  const std::vector<MeshId> meshes = serving_meshes(resolved, id);
  const auto found = std::find_if(meshes.begin(), meshes.end(), [&](MeshId mesh) {
    const Name& domain = resolved.mesh(mesh).trust_domain;
    return domain.usable() && *domain != kDefaultTrustDomain;
  });
  return found == meshes.end() ? kNone : *found;
}

/// MF0613: a caller's trust domain means the same to the mesh that serves. The cause is the caller's mesh: one report
/// for each.
void callers_keep_their_trust_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<bool> reported(resolved.meshes.size(), false);
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo&) {
    const MeshId server = exported.callers.given() ? mistaken_by(resolved, id) : kNone;
    if (server == kNone) return;
    for (const Name& caller : *exported.callers) {
      const MeshId mesh = mesh_of_caller(resolved, caller);
      if (mesh == kNone || reported[mesh] || is_whole_mesh(caller)) continue;
      const Name& domain = resolved.mesh(mesh).trust_domain;
      if (domain.bad() || *domain != kDefaultTrustDomain) continue;
      reported[mesh] = true;
      const model::Mesh& own = resolved.mesh(mesh);
      sink.report(span_or(own.trust_domain, own.name.span), diag::ClusterLocalCaller, *own.name,
                  *resolved.mesh(server).name)
          .advise(
              fmt::format("give mesh \"{0}\" a trust domain of its own, here (`trust_domain = \"{0}.example.com\"`) "
                          "and in its installation, or allow the whole mesh: \"{0}/*\"",
                          *own.name))
          .note(caller.span, fmt::format("a caller of export \"{}\"", *exported.name))
          .note(span_or(resolved.mesh(server).trust_domain, resolved.mesh(server).name.span),
                fmt::format("mesh \"{}\" serves it under trust domain \"{}\"", *resolved.mesh(server).name,
                            *resolved.mesh(server).trust_domain));
    }
  });
}

/// Whom a list of callers lets in some of.
struct AdmittedMeshes {
  std::set<MeshId> named;              // by a caller of theirs
  std::set<std::string_view> domains;  // of meshes that are listed as a whole: whoever shares one looks alike
  bool unknown = false;                // some caller was reported

  AdmittedMeshes(const ResolvedFederation& resolved, const Export& exported) {
    for (const Name& caller : *exported.callers) {
      const MeshId mesh = mesh_of_caller(resolved, caller);
      if (mesh == kNone) {
        unknown = true;
        continue;
      }
      named.insert(mesh);
      const Name& domain = resolved.mesh(mesh).trust_domain;
      if (is_whole_mesh(caller) && domain.usable()) domains.insert(*domain);
    }
  }
};

/// MF0614: where an export has workloads, somebody of that mesh may call them, too: the policy stands on the pods, so
/// it holds for the ordinary Service as well.
void callers_include_neighbours(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.callers.given() || !info.usable) return;
    const std::vector<MeshId> meshes = serving_meshes(resolved, id);
    const AdmittedMeshes admitted(resolved, exported);
    const auto is_admitted = [&](MeshId mesh) {
      const Name& domain = resolved.mesh(mesh).trust_domain;
      return admitted.unknown || admitted.named.contains(mesh) ||
             (domain.usable() && admitted.domains.contains(*domain));
    };
    if (meshes.empty() || std::any_of(meshes.begin(), meshes.end(), is_admitted)) return;
    std::vector<std::string_view> names;
    for (const MeshId mesh : meshes) names.push_back(*resolved.mesh(mesh).name);
    sink.report(exported.callers.span, diag::CallersShutOutNeighbours, *exported.name, base::join(names, ", ", 5))
        .about_export(id);
  });
}

}  // namespace

void check_callers(const ResolvedFederation& resolved, diag::Sink& sink) {
  guarded_ports_have_targets(resolved, sink);
  policies_stay_in_their_namespace(resolved, sink);
  callers_keep_their_trust_domain(resolved, sink);
  callers_include_neighbours(resolved, sink);
}

}  // namespace meshfed::check
