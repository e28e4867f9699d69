// Identities: whom a mesh accepts, who serves an export, and who may call it.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/sorted.hpp"
#include "base/text.hpp"
#include "check/rules.hpp"
#include "resolve/declared.hpp"
#include "resolve/traffic.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::MeshId;
using model::Mtls;
using model::Name;
using model::ResolvedFederation;
using resolve::Declared;
using resolve::each_import;
using resolve::meshes_of;
using resolve::names_of;
using resolve::reached_from;
using resolve::span_or;

/// Trust domains, in byte order and without repetitions.
using Domains = std::vector<std::string_view>;

const source::Span& domain_span(const model::Mesh& mesh) { return span_or(mesh.trust_domain, mesh.name.span); }

/// The first of them in quotes, and how many more there are.
std::string in_quotes(const Domains& domains, std::size_t limit) {
  std::vector<std::string> quoted;
  for (const std::string_view domain : domains) {
    if (quoted.size() == limit) break;
    quoted.push_back(fmt::format("\"{}\"", domain));
  }
  const std::string more = domains.size() > limit ? fmt::format(" and {} more", domains.size() - limit) : "";
  return base::join(quoted) + more;
}

/// By mesh: the meshes that call its workloads, in any order and more than once.
std::vector<std::vector<MeshId>> calling_meshes(const ResolvedFederation& resolved) {
  std::vector<std::vector<MeshId>> calling(resolved.meshes.size());
  for (const ExportInfo& info : resolved.exports) {
    if (!info.usable) continue;
    const std::vector<MeshId> callers = meshes_of(resolved, info.consumers);
    for (const MeshId server : meshes_of(resolved, info.from)) {
      calling[server].insert(calling[server].end(), callers.begin(), callers.end());
    }
  }
  return calling;
}

Domains domains_of(const ResolvedFederation& resolved, const std::vector<MeshId>& meshes) {
  Domains domains;
  for (const MeshId mesh : meshes) {
    if (resolved.mesh(mesh).trust_domain.usable()) domains.push_back(*resolved.mesh(mesh).trust_domain);
  }
  base::sort_unique(domains);
  return domains;
}

/// The setting that makes a mesh accept callers of other trust domains, in both forms.
std::string how_to_accept(const model::Mesh& mesh, const Domains& domains) {
  const std::string listed = in_quotes(domains, 100);
  return fmt::format(
      "in the installation of mesh \"{}\", set one of these, then `accept = [\"MF0602\"]`:\n"
      "  meshConfig.caCertificates: [{{pem: <their root certificate>, trustDomains: [{}]}}]\n"
      "    policies name each caller with its own trust domain\n"
      "  meshConfig.trustDomainAliases: [{}]\n"
      "    policies treat these trust domains as the mesh's own: their accounts are equivalent to the local accounts "
      "with the same names",
      *mesh.name, listed, listed);
}

// MF0602: a mesh that serves accepts the trust domains of those who call it. Nothing in the file can say so; one report
// per mesh, about each of its clusters.
void servers_accept_their_callers(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<std::vector<MeshId>> calling = calling_meshes(resolved);
  for (MeshId id = 0; id < calling.size(); ++id) {
    const model::Mesh& mesh = resolved.mesh(id);
    base::sort_unique(calling[id]);
    Domains domains = domains_of(resolved, calling[id]);
    std::erase(domains, std::string_view(*mesh.trust_domain));
    if (domains.empty() || mesh.trust_domain.bad()) continue;
    const std::string help = sink.wants_detail() ? how_to_accept(mesh, domains) : "";
    for (const ClusterId cluster : resolved.meshes[id].clusters) {
      sink.report(domain_span(mesh), diag::UnequalTrustDomains, *mesh.name, *mesh.trust_domain,
                  domains.size() == 1 ? "domain" : "domains", in_quotes(domains, 5))
          .advise(help)
          .about_cluster(cluster);
    }
  }
}

/// Somebody gets the export from another network.
std::vector<bool> imported_exports(const ResolvedFederation& resolved) {
  std::vector<bool> imported(resolved.exports.size());
  each_import(resolved, [&](ClusterId, ExportId exported, model::NetworkId) { imported[exported] = true; });
  return imported;
}

bool names_no_account(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  return resolved.service_accounts(cluster, id).state == model::State::absent;
}

/// No cluster that serves the export does so by a named account; of some alone, that is MF0464.
bool names_no_account(const ResolvedFederation& resolved, ExportId id) {
  const Export& exported = resolved.exported(id);
  if (exported.service_accounts.state != model::State::absent) return false;
  const std::vector<ClusterId>& from = resolved.exports[id].from;
  return exported.at.empty() || std::all_of(from.begin(), from.end(),
                                            [&](ClusterId cluster) { return names_no_account(resolved, cluster, id); });
}

// MF0610: workloads that are merged across trust domains are named: without names, a proxy accepts the local ones only.
// One report per export, about its first such cluster; `reported` gets the exports.
void merged_servers_are_named(const ResolvedFederation& resolved, std::vector<bool>& reported, diag::Sink& sink) {
  each_import(resolved, [&](ClusterId cluster, ExportId id, model::NetworkId source) {
    const Export& exported = resolved.exported(id);
    const MeshId remote = resolved.networks[source].mesh;
    if (reported[id] || remote == kNone || !resolved.has_workloads(cluster, id)) return;
    if (!names_no_account(resolved, cluster, id)) return;
    const model::Mesh& own = resolved.mesh_of(cluster);
    const model::Mesh& other = resolved.mesh(remote);
    if (own.trust_domain.bad() || other.trust_domain.bad() || *own.trust_domain == *other.trust_domain) return;
    reported[id] = true;
    sink.report(exported.name.span, diag::MergedWithoutServiceAccounts, *exported.name, *resolved.cluster(cluster).name,
                *own.trust_domain, *other.trust_domain)
        .about_export(id);
  });
}

/// Who serves an export, counted so that others than those of one network and one namespace can be told without a look
/// at each.
class Namespaces {
 public:
  Namespaces(const ResolvedFederation& resolved, ExportId id, const ExportInfo& info) : resolved_(resolved), id_(id) {
    for (const ClusterId cluster : info.from) {
      const std::string_view ns = *resolved.workload_namespace(cluster, id);
      const model::NetworkId network = resolved.clusters[cluster].network;
      ++all_;
      ++on_[network];
      ++in_[ns];
      ++on_and_in_[{network, ns}];
    }
  }

  /// A cluster of another network and another namespace than this one's serves it.
  bool differ_from(ClusterId cluster) const {
    const std::string_view ns = *resolved_.workload_namespace(cluster, id_);
    const model::NetworkId network = resolved_.clusters[cluster].network;
    const auto count = [](const auto& counts, const auto& key) {
      const auto found = counts.find(key);
      return found == counts.end() ? std::size_t{0} : found->second;
    };
    return all_ + count(on_and_in_, std::pair(network, ns)) > count(on_, network) + count(in_, ns);
  }

 private:
  const ResolvedFederation& resolved_;
  ExportId id_;
  std::size_t all_ = 0;
  std::map<model::NetworkId, std::size_t> on_;
  std::map<std::string_view, std::size_t> in_;
  std::map<std::pair<model::NetworkId, std::string_view>, std::size_t> on_and_in_;
};

// MF0465: workloads that are merged across namespaces are named: without names, a proxy accepts the local ones only.
// One report per export; `reported` gets the exports.
void merged_across_namespaces_are_named(const ResolvedFederation& resolved, std::vector<bool>& reported,
                                        diag::Sink& sink) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const Export& exported = resolved.exported(id);
    const ExportInfo& info = resolved.exports[id];
    if (exported.at.empty() || !info.usable || reported[id]) continue;
    const Namespaces namespaces(resolved, id, info);
    const auto merges = std::ranges::find_if(info.consumers, [&](ClusterId cluster) {
      return resolved.has_workloads(cluster, id) && resolved.workload_namespace(cluster, id).given() &&
             resolved.service_accounts(cluster, id).state == model::State::absent && namespaces.differ_from(cluster);
    });
    if (merges == info.consumers.end()) continue;
    const Name& own = resolved.workload_namespace(*merges, id);
    const auto other = std::ranges::find_if(info.from, [&](ClusterId cluster) {
      return resolved.clusters[cluster].network != resolved.clusters[*merges].network &&
             *resolved.workload_namespace(cluster, id) != *own;
    });
    const Name& theirs = resolved.workload_namespace(*other, id);
    if (!theirs.given()) continue;
    reported[id] = true;
    sink.report(exported.name.span, diag::MergedAcrossNamespaces, *exported.name, *resolved.cluster(*merges).name, *own,
                *theirs, *resolved.cluster(*other).name)
        .note(theirs.span, "their namespace is set here");
  }
}

// MF0603: an export that others consume names the identities that serve it.
void servers_are_named(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<bool> reported(resolved.exports.size());
  merged_servers_are_named(resolved, reported, sink);
  merged_across_namespaces_are_named(resolved, reported, sink);
  const std::vector<bool> imported = imported_exports(resolved);
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const Export& exported = resolved.exported(id);
    if (!imported[id] || reported[id] || !names_no_account(resolved, id)) continue;
    diag::Report& report = sink.report(exported.name.span, diag::NoServiceAccounts, *exported.name).about_export(id);
    if (exported.discovered)
      report.advise(
          fmt::format("let `manifests` of [discover.{}] match the workloads of the Service, or set `service_accounts` "
                      "there or in [export.{}]",
                      base::escaped(exported.discovered->table), *exported.name));
  }
}

// MF0604: the sources of an export are of one trust domain.
void sources_are_of_one_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const Export& exported = resolved.exported(id);
    const ExportInfo& info = resolved.exports[id];
    if (!info.usable || info.from.size() < 2) continue;
    const model::Names& accounts = resolved.service_accounts(info.from.front(), id);
    if (!accounts.given()) continue;
    const Domains domains = domains_of(resolved, meshes_of(resolved, info.from));
    if (domains.size() < 2) continue;
    sink.report(accounts.span, diag::SansOfSeveralDomains, *exported.name, in_quotes(domains, 5)).about_export(id);
  }
}

std::string_view mesh_part(const Name& caller) { return std::string_view(*caller).substr(0, caller->find('/')); }

/// The mesh's name within a caller, if the bytes of the file are those of the text.
source::Span mesh_span(const Name& caller) {
  source::Span span = caller.span;
  if (span.end - span.begin != caller->size() + 2) return span;
  span.begin += 1;
  span.end = span.begin + static_cast<std::uint32_t>(mesh_part(caller).size());
  return span;
}

void report_undeclared_mesh(const ResolvedFederation& resolved, const Export& exported, const Name& caller,
                            diag::Sink& sink) {
  const source::Span span = mesh_span(caller);
  const std::string_view wrong = mesh_part(caller);
  diag::Report& report =
      sink.report(span, diag::UndeclaredMesh, fmt::format("a caller of export \"{}\"", *exported.name), wrong);
  if (!sink.wants_search(resolved.federation.meshes.size())) return;
  const Declared names = names_of(resolved.federation.meshes);
  const auto near = base::closest(wrong, names);
  if (near && span.end - span.begin == wrong.size())
    report.replace(span, std::string(*near));
  else
    report.advise(fmt::format("declared names: {}", base::join(names, ", ", 10)));
}

/// Many exports may share the callers that [discover.*] says: each place is reported once.
using Place = std::pair<source::FileId, std::uint32_t>;

// MF0302 for callers, MF0605: a caller is of a declared mesh, and that mesh gets the export.
void callers_get_the_export(const ResolvedFederation& resolved, ExportId id, std::set<Place>& reported,
                            diag::Sink& sink) {
  const Export& exported = resolved.exported(id);
  const std::vector<MeshId> meshes = reached_from(resolved, id);
  for (const Name& caller : *exported.callers) {
    if (!caller.given()) continue;
    const MeshId mesh = resolved.find_mesh(mesh_part(caller));
    if (mesh == kNone) {
      if (reported.emplace(caller.span.file, caller.span.begin).second)
        report_undeclared_mesh(resolved, exported, caller, sink);
    } else if (resolved.exports[id].usable && !resolved.meshes[mesh].clusters.empty() &&
               !std::binary_search(meshes.begin(), meshes.end(), mesh)) {
      sink.report(caller.span, diag::CallerDoesNotConsume, *caller, *exported.name).about_export(id);
    }
  }
}

/// A caller without its mesh, in front of which stands a slash.
std::string_view rest_of(const Name& caller) { return std::string_view(*caller).substr(mesh_part(caller).size()); }

/// The callers of one export, by what they look like to a server: meshes of one trust domain look alike.
class Lookalikes {
 public:
  Lookalikes(const ResolvedFederation& resolved, const Export& exported, const std::vector<MeshId>& reaching)
      : resolved_(resolved) {
    for (const MeshId id : reaching) {
      if (resolved.mesh(id).trust_domain.usable()) reaching_[*resolved.mesh(id).trust_domain].push_back(id);
    }
    for (const Name& caller : *exported.callers) {
      if (rest_of(caller) == "/*") whole_.insert(mesh_part(caller));
      listed_.insert(*caller);
    }
    for (const std::string_view caller : listed_) {
      const std::string_view mesh = caller.substr(0, caller.find('/'));
      const MeshId id = resolved.find_mesh(mesh);
      const bool reaches = id != kNone && std::binary_search(reaching.begin(), reaching.end(), id);
      if (!reaches || whole_.contains(mesh) || !resolved.mesh(id).trust_domain.usable()) continue;
      ++by_account_[{*resolved.mesh(id).trust_domain, caller.substr(mesh.size())}];
    }
    for (const auto& [domain, meshes] : reaching_) {
      whole_of_[domain] = static_cast<std::size_t>(std::count_if(
          meshes.begin(), meshes.end(), [&](MeshId id) { return whole_.contains(*resolved.mesh(id).name); }));
    }
  }

  /// A mesh that reaches the export, looks like the caller's, and may not call as the caller may; kNone without one.
  MeshId of(const Name& caller) const {
    const MeshId own = caller.given() ? resolved_.find_mesh(mesh_part(caller)) : kNone;
    if (own == kNone || resolved_.mesh(own).trust_domain.bad()) return kNone;
    const std::string_view domain = *resolved_.mesh(own).trust_domain;
    const auto alike = reaching_.find(domain);
    if (alike == reaching_.end()) return kNone;
    const auto by_account = by_account_.find({domain, rest_of(caller)});
    const std::size_t listed = whole_of_.at(domain) + (by_account == by_account_.end() ? 0 : by_account->second);
    if (listed == alike->second.size()) return kNone;
    const auto found = std::find_if(alike->second.begin(), alike->second.end(), [&](MeshId id) {
      const std::string& name = *resolved_.mesh(id).name;
      return id != own && !whole_.contains(name) && !listed_.contains(name + std::string(rest_of(caller)));
    });
    return found == alike->second.end() ? kNone : *found;
  }

 private:
  const ResolvedFederation& resolved_;
  std::map<std::string_view, std::vector<MeshId>> reaching_;  // by trust domain
  std::set<std::string_view> listed_;
  std::set<std::string_view> whole_;                  // meshes listed as `mesh/*`
  std::map<std::string_view, std::size_t> whole_of_;  // by trust domain: how many of those that reach
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> by_account_;  // by trust domain and rest: others
};

// MF0606: a caller's mesh shares its trust domain with no other mesh that reaches the export. The cause is a pair of
// meshes, so it reads the same for all exports; one report per export.
void callers_can_be_told_apart(const ResolvedFederation& resolved, ExportId id, diag::Sink& sink) {
  const Export& exported = resolved.exported(id);
  if (!resolved.exports[id].usable) return;
  const Lookalikes lookalikes(resolved, exported, reached_from(resolved, id));
  for (const Name& caller : *exported.callers) {
    const MeshId other = lookalikes.of(caller);
    if (other == kNone) continue;
    const MeshId own = resolved.find_mesh(mesh_part(caller));
    const model::Mesh& first = resolved.mesh(std::min(own, other));
    const model::Mesh& second = resolved.mesh(std::max(own, other));
    sink.report(domain_span(first), diag::CallersShareTrustDomain, *first.name, *second.name, *first.trust_domain)
        .note(caller.span, fmt::format("the same caller in mesh \"{}\" is allowed, too", *resolved.mesh(other).name))
        .about_export(id);
    return;
  }
}

// MF0607, MF0608: clusters that serve others take mTLS only.
void servers_demand_mtls(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<bool> serving(resolved.clusters.size());
  for (const ExportInfo& info : resolved.exports) {
    for (const ClusterId cluster : info.from) serving[cluster] = true;
  }
  for (ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    const auto& mtls = resolved.clusters[id].settings.mtls;
    if (!serving[id] || mtls.bad()) continue;
    const source::Span& span = span_or(mtls, resolved.cluster(id).name.span);
    if (*mtls == Mtls::permissive) sink.report(span, diag::PermissiveServer).about_cluster(id);
    if (*mtls == Mtls::unmanaged) sink.report(span, diag::UnmanagedServer).about_cluster(id);
  }
}

// MF0609: an export that every cluster sees says who may call it.
void exports_to_all_have_callers(const ResolvedFederation& resolved, diag::Sink& sink) {
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    const Export& exported = resolved.exported(id);
    if (!exported.to.given() || exported.callers.state != model::State::absent) continue;
    const auto all = std::find_if(exported.to->begin(), exported.to->end(),
                                  [](const Name& name) { return name.given() && *name == "*"; });
    if (all != exported.to->end()) sink.report(all->span, diag::OpenToAll, *exported.name).about_export(id);
  }
}

}  // namespace

void check_trust(const ResolvedFederation& resolved, diag::Sink& sink) {
  servers_accept_their_callers(resolved, sink);
  servers_are_named(resolved, sink);
  sources_are_of_one_domain(resolved, sink);
  std::set<Place> reported;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) {
    if (!resolved.exported(id).callers.given()) continue;
    callers_get_the_export(resolved, id, reported, sink);
    callers_can_be_told_apart(resolved, id, sink);
  }
  servers_demand_mtls(resolved, sink);
  exports_to_all_have_callers(resolved, sink);
}

}  // namespace meshfed::check
