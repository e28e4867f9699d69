// Exports that meet: in some cluster both have workloads, in one namespace, and one pod can be selected by both. What
// they say of the pods must agree, since Istio puts all of it together: policies add up, a pod's port has one protocol,
// and a selector takes every WorkloadEntry of its namespace that has the labels.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "check/labels.hpp"
#include "check/readers.hpp"
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
using model::Port;
using model::Protocol;
using model::ResolvedFederation;
using resolve::each_export;
using resolve::reached_from;
using source::Span;

/// How a pod's port is read: a proxy has one filter chain and one upstream for it.
enum class Family : std::uint8_t { http1, http2, opaque };

Family family_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::http:
      return Family::http1;
    case Protocol::http2:
    case Protocol::grpc:
    case Protocol::grpc_web:
      return Family::http2;
    default:
      return Family::opaque;
  }
}

/// Whom the policy of an export lets in, or who reaches an export without `callers`.
struct Admitted {
  std::vector<std::string> principals;  // in byte order; none that another one covers
  bool known;                           // false: something of it was reported
};

/// An export as its pods see it, in clusters where it says the same of them.
struct Tenant {
  ExportId id;
  Labels labels;                    // by which it selects them
  std::string_view name;            // the canonical name that the labels imply; empty: none
  std::vector<ClusterId> clusters;  // that have workloads of it; ascending
  std::vector<ClusterId> merging;   // that have or find WorkloadEntries of it beside the pods; ascending
};

/// A pod's canonical name as the injector derives it (pkg/model/fips and pkg/kube/labels in Istio's source): from these
/// labels, in this order.
std::string_view implied_name(const Labels& labels) {
  for (const std::string_view key :
       {model::kCanonicalNameLabel, std::string_view("app.kubernetes.io/name"), std::string_view("app")}) {
    if (const auto found = labels.find(key); found != labels.end()) return found->second;
  }
  return {};
}

/// Some pod can have the labels of both. Labels that imply different names are those of different workloads.
bool can_share_a_pod(const Tenant& a, const Tenant& b) {
  if (!a.name.empty() && !b.name.empty() && a.name != b.name) return false;
  return std::none_of(a.labels.begin(), a.labels.end(), [&](const auto& label) {
    const auto other = b.labels.find(label.first);
    return other != b.labels.end() && other->second != label.second;
  });
}

/// The first cluster of both; kNone if there is none.
ClusterId common(const std::vector<ClusterId>& a, const std::vector<ClusterId>& b) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (*left == *right) return *left;
    ++(*left < *right ? left : right);
  }
  return kNone;
}

bool covers(const std::string& pattern, const std::string& principal) {
  if (!pattern.ends_with('*')) return pattern == principal;
  return principal.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

/// `*` sorts before every character of a name, so a pattern stands directly before all that it covers.
std::vector<std::string> minimal(std::vector<std::string> principals) {
  std::sort(principals.begin(), principals.end());
  std::vector<std::string> kept;
  for (std::string& principal : principals) {
    if (kept.empty() || !covers(kept.back(), principal)) kept.push_back(std::move(principal));
  }
  return kept;
}

Admitted admitted_by(const ResolvedFederation& resolved, ExportId id) {
  const Export& exported = resolved.exported(id);
  Admitted admitted{.principals = {}, .known = resolved.exports[id].usable && exported.callers.usable()};
  const auto add = [&](MeshId mesh, std::string_view caller) {
    const bool known = mesh != kNone && resolved.mesh(mesh).trust_domain.usable();
    admitted.known = admitted.known && known;
    if (known) admitted.principals.push_back(model::principal(*resolved.mesh(mesh).trust_domain, caller));
  };
  for (const Name& caller : *exported.callers) {
    add(caller.given() ? resolved.find_mesh(model::mesh_of_caller(*caller)) : kNone, *caller);
  }
  if (!exported.callers.given()) {
    for (const MeshId mesh : reached_from(resolved, id)) add(mesh, "mesh/*");
  }
  admitted.principals = minimal(std::move(admitted.principals));
  return admitted;
}

/// The cluster merges the export: it has WorkloadEntries of it beside the pods.
bool has_entries(const ResolvedFederation& resolved, ClusterId cluster, ExportId id) {
  const std::vector<model::NetworkId>& sources = resolved.exports[id].sources;
  return resolved.consumes(cluster, id) && std::any_of(sources.begin(), sources.end(), [&](model::NetworkId source) {
           return source != resolved.clusters[cluster].network && !resolved.reads(cluster, source);
         });
}

/// Those clusters of the tenant that merge the export, and all that read them: istiod selects the entries of every
/// cluster that it reads.
std::vector<ClusterId> where_entries_are_found(const ResolvedFederation& resolved, const Tenant& tenant) {
  std::vector<ClusterId> found;
  std::set<MeshId> read;
  for (const ClusterId cluster : tenant.clusters) {
    if (!has_entries(resolved, cluster, tenant.id)) continue;
    found.push_back(cluster);
    const MeshId mesh = resolved.clusters[cluster].mesh;
    if (!reads_others(resolved, cluster) || !read.insert(mesh).second) continue;
    const std::vector<ClusterId>& readers = resolved.meshes[mesh].clusters;
    found.insert(found.end(), readers.begin(), readers.end());
  }
  base::sort_unique(found);
  return found;
}

/// Where the selection of the pods is said.
const Span& selection_span(const ResolvedFederation& resolved, const Tenant& tenant) {
  return check::selection_span(resolved.selectors(tenant.clusters.front(), tenant.id));
}

/// Where the port of the pods is said.
const model::Value<int>& target_of(const ResolvedFederation& resolved, const Tenant& tenant, const Port& port) {
  const model::Value<int>& target = resolved.target(tenant.clusters.front(), tenant.id, port);
  return target.given() ? target : port.number;
}

/// Whether the pod's port is known: what an ordinary Service leads to is not in the file unless `target` is.
bool leads_to(const ResolvedFederation& resolved, const Tenant& tenant, const Port& port) {
  const model::Value<int>& target = resolved.target(tenant.clusters.front(), tenant.id, port);
  if (!port.number.given() || target.bad()) return false;
  return target.given() || resolved.exports[tenant.id].naming == model::Naming::global;
}

using Tenants = std::vector<Tenant>;

/// The clusters that have pods of the export, by the tables that say of them what differs by place.
std::map<model::Places, std::vector<ClusterId>> clusters_by_places(const ResolvedFederation& resolved, ExportId id) {
  const ExportInfo& info = resolved.exports[id];
  std::vector<ClusterId> all;
  std::set_union(info.from.begin(), info.from.end(), info.merge.begin(), info.merge.end(), std::back_inserter(all));
  std::map<model::Places, std::vector<ClusterId>> clusters;
  for (const ClusterId cluster : all) clusters[resolved.places(cluster, id)].push_back(cluster);
  return clusters;
}

/// Adds the export to each namespace where it has pods: once for all clusters of which it says the same.
void add_tenants(const ResolvedFederation& resolved, ExportId id, std::map<std::string_view, Tenants>& namespaces) {
  std::map<std::tuple<std::string_view, Labels, std::vector<int>>, std::vector<ClusterId>> alike;
  for (const auto& [places, clusters] : clusters_by_places(resolved, id)) {
    const model::Selectors selectors = resolved.selectors(clusters.front(), id);
    const Name& ns = resolved.workload_namespace(clusters.front(), id);
    if (!ns.given() || !selects_pods(selectors)) continue;
    std::vector<int> targets;
    for (const Port& port : *resolved.exported(id).ports)
      targets.push_back(resolved.target_number(clusters.front(), id, port));
    std::vector<ClusterId>& same = alike[{*ns, labels_of(selectors), std::move(targets)}];
    same.insert(same.end(), clusters.begin(), clusters.end());
  }
  for (auto& [said, clusters] : alike) {
    const auto& [ns, labels, targets] = said;
    Tenant tenant{.id = id, .labels = labels, .name = {}, .clusters = std::move(clusters), .merging = {}};
    std::sort(tenant.clusters.begin(), tenant.clusters.end());
    tenant.merging = where_entries_are_found(resolved, tenant);
    tenant.name = implied_name(tenant.labels);
    namespaces[ns].push_back(std::move(tenant));
  }
}

/// A port of an export that leads to a port of its pods.
struct Use {
  const Tenant* tenant;
  const Port* port;
  Protocol protocol;
};

/// A cluster where the entries of one of them are selected by the other as well; kNone if there is none.
ClusterId where_entries_are_taken(const Tenant& a, const Tenant& b) {
  const ClusterId of_b = selects(a.labels, b.labels) ? common(a.clusters, b.merging) : kNone;
  if (of_b != kNone) return of_b;
  return selects(b.labels, a.labels) ? common(b.clusters, a.merging) : kNone;
}

/// The exports of one namespace, and what is wrong where two of them meet. A pair is reported once.
class Namespace {
 public:
  Namespace(const ResolvedFederation& resolved, const std::vector<Tenant>& tenants, diag::Sink& sink)
      : resolved_(resolved), tenants_(tenants), sink_(sink) {}

  void check() {
    std::vector<Use> tenants;
    std::map<int, std::vector<Use>> by_target;
    for (const Tenant& tenant : tenants_) {
      tenants.push_back({&tenant, nullptr, Protocol::tcp});
      for (const Port& port : *resolved_.exported(tenant.id).ports) {
        const auto protocol = model::protocol_of(port);
        if (!protocol || !leads_to(resolved_, tenant, port)) continue;
        by_target[*target_of(resolved_, tenant, port)].push_back({&tenant, &port, *protocol});
      }
    }
    // Most exports are merged nowhere, and many may be of the same pods: pairs are looked at only where there are
    // entries.
    const auto of_entries = [&](const Use& use) {
      return std::tuple(use.tenant->labels, use.tenant->clusters, use.tenant->merging);
    };
    if (std::ranges::any_of(tenants_, [](const Tenant& tenant) { return !tenant.merging.empty(); })) {
      each_meeting(tenants, of_entries,
                   [&](const Use& a, const Use& b) { return entries_are_apart(*a.tenant, *b.tenant); });
    }
    const auto of_port = [&](const Use& use) {
      const Admitted& admits = admitted(use.tenant->id);
      const model::State callers = resolved_.exported(use.tenant->id).callers.state;
      return std::tuple(use.tenant->labels, use.tenant->clusters, family_of(use.protocol), callers, admits.known,
                        admits.principals);
    };
    for (const auto& [target, uses] : by_target) {
      if (uses.size() < 2 || all_agree(uses)) continue;
      each_meeting(uses, of_port, [&](const Use& a, const Use& b) { return uses_agree(a, b); });
    }
  }

 private:
  /// Calls `agree(earlier, later)` for each pair that can share a pod, and goes on to the next item once one does not.
  /// `class_of` is all that agreement depends on: of many items that are alike, only the first is an earlier one, so
  /// that they cost what their number is and not its square.
  template <class ClassOf, class Agree>
  void each_meeting(const std::vector<Use>& items, ClassOf class_of, Agree agree) {
    std::set<decltype(class_of(items.front()))> classes;
    std::map<std::string_view, std::vector<const Use*>> named;
    std::vector<const Use*> unnamed;
    std::vector<const Use*> all;
    for (const Use& item : items) {
      const std::string_view name = item.tenant->name;
      const auto meets = [&](const Use* other) {
        return can_share_a_pod(*item.tenant, *other->tenant) && !agree(*other, item);
      };
      if (name.empty())
        (void)std::any_of(all.begin(), all.end(), meets);
      else if (std::none_of(named[name].begin(), named[name].end(), meets))
        (void)std::any_of(unnamed.begin(), unnamed.end(), meets);
      if (!classes.insert(class_of(item)).second) continue;
      (name.empty() ? unnamed : named[name]).push_back(&item);
      all.push_back(&item);
    }
  }

  /// All say the same of the port, as most do.
  bool all_agree(const std::vector<Use>& uses) {
    const Use& first = uses.front();
    return std::all_of(uses.begin(), uses.end(), [&](const Use& use) {
      return family_of(use.protocol) == family_of(first.protocol) && admit_each_other(first.tenant->id, use.tenant->id);
    });
  }

  /// The policy of each lets in whoever may call the other.
  bool admit_each_other(ExportId a, ExportId b) {
    const bool a_lists = resolved_.exported(a).callers.state != model::State::absent;
    const bool b_lists = resolved_.exported(b).callers.state != model::State::absent;
    if (a == b || (!a_lists && !b_lists)) return true;
    const Admitted& one = admitted(a);
    const Admitted& other = admitted(b);
    if (!one.known || !other.known) return true;
    if (a_lists && b_lists) return one.principals == other.principals;
    const Admitted& open = a_lists ? other : one;
    const Admitted& listed = a_lists ? one : other;
    return std::all_of(open.principals.begin(), open.principals.end(), [&](const std::string& principal) {
      return std::any_of(listed.principals.begin(), listed.principals.end(),
                         [&](const std::string& pattern) { return covers(pattern, principal); });
    });
  }

  /// MF0436: an export's remote endpoints are selected by no other export.
  bool entries_are_apart(const Tenant& a, const Tenant& b) {
    const ClusterId cluster = where_entries_are_taken(a, b);
    if (cluster == kNone) return true;
    const Tenant* first = &a;
    const Tenant* again = &b;
    if (source::before(name_of(*again).span, name_of(*first).span)) std::swap(first, again);
    reported_.insert({a.id, b.id});
    sink_
        .report(selection_span(resolved_, *again), diag::EntriesShared, *name_of(*first), *name_of(*again),
                *resolved_.cluster(cluster).name)
        .note(selection_span(resolved_, *first), fmt::format("export \"{}\" selects its pods here", *name_of(*first)));
    return false;
  }

  const Name& name_of(const Tenant& tenant) const { return resolved_.exported(tenant.id).name; }

  bool uses_agree(const Use& a, const Use& b) {
    const std::pair pair(a.tenant->id, b.tenant->id);
    const ClusterId cluster = common(a.tenant->clusters, b.tenant->clusters);
    if (cluster == kNone || reported_.contains(pair)) return true;
    const bool swapped =
        source::before(resolved_.exported(b.tenant->id).name.span, resolved_.exported(a.tenant->id).name.span);
    const Use& first = swapped ? b : a;
    const Use& again = swapped ? a : b;
    if (!admit_each_other(a.tenant->id, b.tenant->id)) {
      reported_.insert(pair);
      report_callers(first, again, cluster);
      return false;
    }
    if (family_of(a.protocol) == family_of(b.protocol)) return true;
    if (a.tenant == b.tenant && *a.port->number == *b.port->number) return true;  // MF0403
    report_protocols(first, again);
    return false;
  }

  /// MF0435: a port of the pods has one protocol.
  void report_protocols(const Use& first, const Use& again) {
    const std::string& name = *resolved_.exported(first.tenant->id).name;
    sink_
        .report(again.port->name.span, diag::PodPortProtocols, *target_of(resolved_, *again.tenant, *again.port),
                model::word(again.protocol), *resolved_.exported(again.tenant->id).name, model::word(first.protocol))
        .note(target_of(resolved_, *first.tenant, *first.port).span,
              fmt::format("export \"{}\" declares `{}`", name, model::word(first.protocol)))
        .about_export(again.tenant->id);
  }

  /// MF0611: exports that share a port of their pods let the same callers in.
  void report_callers(const Use& first, const Use& again, ClusterId cluster) {
    const Export& one = resolved_.exported(first.tenant->id);
    const Export& other = resolved_.exported(again.tenant->id);
    const bool here = other.callers.given();
    const Export& guilty = here ? other : one;
    const Export& met = here ? one : other;
    diag::Report& report =
        sink_.report(guilty.callers.span, diag::CallersDenyEachOther, *guilty.name, *met.name,
                     *target_of(resolved_, *again.tenant, *again.port), *resolved_.cluster(cluster).name);
    if (met.callers.given())
      report.note(met.callers.span, fmt::format("export \"{}\" lists other callers", *met.name));
    else
      report.note(met.name.span, fmt::format("export \"{}\" lists none, so every caller is allowed", *met.name));
    const Use& of_met = here ? first : again;
    report.note(target_of(resolved_, *of_met.tenant, *of_met.port).span,
                fmt::format("export \"{}\" targets the port here", *met.name));
  }

  const Admitted& admitted(ExportId id) {
    auto found = admitted_.find(id);
    if (found == admitted_.end()) found = admitted_.emplace(id, admitted_by(resolved_, id)).first;
    return found->second;
  }

  const ResolvedFederation& resolved_;
  const std::vector<Tenant>& tenants_;
  diag::Sink& sink_;
  std::map<ExportId, Admitted> admitted_;  // of those that were asked for
  std::set<std::pair<ExportId, ExportId>> reported_;
};

}  // namespace

void check_shared_pods(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::map<std::string_view, Tenants> namespaces;
  for (ExportId id = 0; id < resolved.exports.size(); ++id) add_tenants(resolved, id, namespaces);
  for (const auto& [name, tenants] : namespaces) Namespace(resolved, tenants, sink).check();
}

}  // namespace meshfed::check
