#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include <fmt/core.h>

#include "check/cluster_dns.hpp"
#include "check/rules.hpp"
#include "model/address.hpp"
#include "model/naming.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kNone;
using model::Name;
using model::Naming;
using model::NetworkId;
using model::ResolvedFederation;
using resolve::concerned;
using resolve::each_export;
using resolve::each_named;
using resolve::each_said_alias;
using resolve::first_alias;
using resolve::serving_clusters;
using source::Span;

using Clusters = std::vector<ClusterId>;

/// Where the export's naming is decided: its own key, or its name, with the federation's key as a note.
diag::Report& naming_note(const ResolvedFederation& resolved, const Export& exported, diag::Report& report) {
  if (!exported.naming.given() && resolved.federation.naming.given())
    report.note(resolved.federation.naming.span, "naming is set here");
  return report;
}
const Span& naming_span(const Export& exported) {
  return exported.naming.given() ? exported.naming.span : exported.name.span;
}

bool host_is_known(const ResolvedFederation& resolved, const Export& exported, const ExportInfo& info) {
  if (exported.naming.bad() || resolved.federation.naming.bad() || exported.name.bad()) return false;
  if (info.naming == Naming::service)
    return exported.namespace_.given() && exported.service.usable() && info.usable && !info.from.empty();
  return exported.host.given() || (exported.host.usable() && resolved.federation.domain.usable());
}

const Span& host_span(const Export& exported) {
  if (exported.host.given()) return exported.host.span;
  return exported.service.given() ? exported.service.span : exported.name.span;
}

/// A host and who has it.
struct Holder {
  ExportId id;
  const Span* span;
  bool alias;
};

/// MF0401: a host, or an alias, is one export's. MF0485: an alias is another name than the host.
void hosts_are_unique(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::unordered_map<std::string_view, Holder> first_of;
  first_of.reserve(resolved.exports.size());
  const auto take = [&](std::string_view host, Holder again) {
    const auto [known, is_new] = first_of.emplace(host, again);
    if (is_new || (known->second.id == again.id && known->second.alias)) return;  // of several places, perhaps
    Holder first = known->second;
    if (source::before(resolved.exported(again.id).name.span, resolved.exported(first.id).name.span))
      std::swap(first, again);
    const std::string& name = *resolved.exported(first.id).name;
    if (first.id == again.id)
      sink.report(*again.span, diag::AliasIsHost, host, name).note(*first.span, "this is its host");
    else
      sink.report(*again.span, diag::TwoExportsOneHost, name, *resolved.exported(again.id).name, host)
          .note(*first.span, fmt::format("export \"{}\" is here", name));
  };
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (host_is_known(resolved, exported, info)) take(info.host, {id, &host_span(exported), false});
    each_said_alias(exported, [&](const Name& alias) { take(*alias, {id, &alias.span, true}); });
  });
}

/// MF0437: the domain is not among the names of Services. One report, however many hosts are below it.
void domain_is_outside_of_clusters(const ResolvedFederation& resolved, const std::set<std::string_view>& suffixes,
                                   diag::Sink& sink) {
  const Name& domain = resolved.federation.domain;
  const std::string_view around = domain.usable() ? suffix_of(suffixes, *domain) : std::string_view();
  if (around.empty()) return;
  const auto is_around = [&](const auto& cluster) { return *cluster.settings.cluster_domain == around; };
  const auto found = std::find_if(resolved.clusters.begin(), resolved.clusters.end(), is_around);
  const Span& span = domain.given() ? domain.span : found->settings.cluster_domain.span;  // one of them was written
  sink.report(span, diag::HostInClusterDomain, "domain", *domain, around);
}

/// A host below the domain that no export has: what was written, or what is the default.
std::string free_host(const ResolvedFederation& resolved, const Export& exported) {
  const auto taken = [&](const std::string& host) {
    return std::any_of(resolved.exports.begin(), resolved.exports.end(),
                       [&](const auto& info) { return info.host == host; });
  };
  for (const Name* name : {&exported.host, &exported.name}) {
    std::string host = fmt::format("{}.{}", **name, *resolved.federation.domain);
    if (!taken(host)) return host;
  }
  return {};
}

/// MF0450: a host has a domain. istiod refuses the Istio Gateway that holds another, and all other hosts with it.
void hosts_have_a_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::global, [&](ExportId, const Export& exported, const ExportInfo&) {
    if (!exported.host.given() || exported.host->find('.') != std::string::npos) return;
    diag::Report& report = sink.report(exported.host.span, diag::HostWithoutDomain, *exported.host);
    if (!resolved.federation.domain.usable() || !sink.wants_search(resolved.exports.size())) return;
    const std::string host = free_host(resolved, exported);
    if (!host.empty()) report.replace(exported.host.span, fmt::format("\"{}\"", host));
  });
}

/// MF0402, MF0437, MF0441: a host is below the federation's domain, and not among the names of Services.
void hosts_are_in_the_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::set<std::string_view> suffixes = dns_of_clusters(resolved);
  domain_is_outside_of_clusters(resolved, suffixes, sink);
  each_named(resolved, Naming::global, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.host.given() || exported.host->find('.') == std::string::npos) return;  // MF0450
    const std::string& host = *exported.host;
    const Name& domain = resolved.federation.domain;
    const std::string_view suffix = suffix_of(suffixes, host);
    if (!suffix.empty() && may_be_called_as_a_service(resolved, info, host, suffix))
      sink.report(exported.host.span, diag::HostOfAService, "host", host).about_export(id);
    else if (!suffix.empty())
      sink.report(exported.host.span, diag::HostInClusterDomain, "host", host, suffix);
    else if (domain.usable() && host != *domain && !host.ends_with("." + *domain))
      sink.report(exported.host.span, diag::HostOutsideDomain, host, *domain).about_export(id);
  });
}

/// MF0432: no host is the name of a remote network's gateway.
void hosts_are_not_gateways(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (!resolved.federation.domain.usable()) return;
  const std::string suffix = model::remote_gateway_host("", *resolved.federation.domain);
  each_named(resolved, Naming::global, [&](ExportId, const Export& exported, const ExportInfo&) {
    if (!exported.host.given() || !exported.host->ends_with(suffix)) return;
    const std::string_view network = std::string_view(*exported.host).substr(0, exported.host->size() - suffix.size());
    const NetworkId id = resolved.find_network(network);
    if (id == kNone) return;
    sink.report(exported.host.span, diag::ReservedHost, *exported.host, network)
        .note(resolved.network(id).name.span, "the network is declared here");
  });
}

/// MF0407: the workloads of a global export are said in one way.
void workloads_are_said_once(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::global, [&](ExportId, const Export& exported, const ExportInfo&) {
    const auto said_once = [&](const model::Labels& selector, const Name& canonical_name) {
      if (!selector.given() || !canonical_name.given()) return;
      const bool selector_first = source::before(selector.span, canonical_name.span);
      const Span& first = selector_first ? selector.span : canonical_name.span;
      const Span& again = selector_first ? canonical_name.span : selector.span;
      sink.report(again, diag::SelectorAndCanonicalName, *exported.name).note(first, "the other key is here");
    };
    said_once(exported.selector, exported.canonical_name);
    for (const model::Place& place : exported.at) said_once(place.selector, place.canonical_name);
  });
}

bool says_workloads(const model::Labels& selector, const Name& canonical_name) {
  return selector.state != model::State::absent || canonical_name.state != model::State::absent;
}

/// The first cluster with workloads of the export of which nothing says how they are found; kNone if there is none.
ClusterId without_selection(const ResolvedFederation& resolved, ExportId id, const ExportInfo& info) {
  const Clusters clusters = serving_clusters(info);
  const auto found = std::find_if(clusters.begin(), clusters.end(), [&](ClusterId cluster) {
    const auto [selector, canonical_name] = resolved.selectors(cluster, id);
    return !says_workloads(selector, canonical_name);
  });
  return found == clusters.end() ? kNone : *found;
}

/// MF0408: the workloads of a global export are said at all, if only in the tables about each place.
void workloads_are_said(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::global, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (says_workloads(exported.selector, exported.canonical_name)) return;
    if (exported.at.empty()) {
      sink.report(exported.name.span, diag::NoSelection, *exported.name);
      return;
    }
    const ClusterId cluster = info.usable ? without_selection(resolved, id, info) : kNone;
    if (cluster == kNone) return;
    sink.report(exported.name.span, diag::NoSelection, *exported.name)
        .note(resolved.cluster(cluster).name.span, fmt::format("nor does [export.{}.at] say any for cluster \"{}\"",
                                                               *exported.name, *resolved.cluster(cluster).name));
  });
}

/// Reports the first two clusters of the export of which `value_of` (a Name) says different things.
template <class ValueOf, class Report>
void all_agree(const ExportInfo& info, ValueOf value_of, Report tell) {
  if (!info.usable) return;
  const Clusters clusters = concerned(info);
  const auto usable = [&](ClusterId id) { return value_of(id) && value_of(id)->usable(); };
  const auto first = std::find_if(clusters.begin(), clusters.end(), usable);
  if (first == clusters.end()) return;
  const auto differs = [&](ClusterId id) { return usable(id) && **value_of(id) != **value_of(*first); };
  const auto other = std::find_if(first, clusters.end(), differs);
  if (other != clusters.end()) tell(*first, *other);
}

void note_if_given(diag::Report& report, const Name& value) {
  if (value.given()) report.note(value.span, fmt::format("`{}` is set here", *value));
}

/// MF0417: the clusters of a Service have one cluster domain, for the host is its own name there.
void services_have_one_cluster_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId, const Export& exported, const ExportInfo& info) {
    const auto domain_of = [&](ClusterId id) { return &resolved.clusters[id].settings.cluster_domain; };
    all_agree(info, domain_of, [&](ClusterId a, ClusterId b) {
      diag::Report& report = sink.report(naming_span(exported), diag::ServiceDomainsDiffer, *exported.name,
                                         *resolved.cluster(a).name, *resolved.cluster(b).name);
      naming_note(resolved, exported, report);
      note_if_given(report, *domain_of(a));
      note_if_given(report, *domain_of(b));
    });
  });
}

/// MF0418: the meshes of a Service have one trust domain, for a Service lists no identities.
void services_have_one_trust_domain(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId, const Export& exported, const ExportInfo& info) {
    const auto domain_of = [&](ClusterId id) {
      return resolved.clusters[id].mesh == kNone ? nullptr : &resolved.mesh_of(id).trust_domain;
    };
    all_agree(info, domain_of, [&](ClusterId a, ClusterId b) {
      diag::Report& report = sink.report(naming_span(exported), diag::ServiceTrustDomainsDiffer, *exported.name,
                                         *resolved.mesh_of(a).name, *resolved.mesh_of(b).name);
      naming_note(resolved, exported, report);
      note_if_given(report, *domain_of(a));
      note_if_given(report, *domain_of(b));
    });
  });
}

/// Two clusters of one network whose pods answer others by different accounts; none if there are no such.
std::optional<std::pair<ClusterId, ClusterId>> accounts_differ(const ResolvedFederation& resolved, ExportId id,
                                                               const ExportInfo& info) {
  std::unordered_map<NetworkId, ClusterId> first_on;
  for (const ClusterId cluster : serving_clusters(info)) {
    if (!resolved.answers_others(cluster, id)) continue;
    const ClusterId other = first_on.try_emplace(resolved.clusters[cluster].network, cluster).first->second;
    const model::Names& own = resolved.service_accounts(cluster, id);
    const model::Names& met = resolved.service_accounts(other, id);
    if (own->size() == 1 && met->size() == 1 && *own->front() != *met->front()) return std::pair(other, cluster);
  }
  return std::nullopt;
}

/// MF0419: a Service has at most one service account in a network, for a WorkloadEntry holds no more.
void services_have_one_account(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    const auto has_one = [&](const model::Names& accounts) {
      if (!accounts.given() || accounts->size() < 2) return true;
      naming_note(resolved, exported,
                  sink.report(accounts.span, diag::ServiceSeveralAccounts, *exported.name, accounts->size()));
      return false;
    };
    bool each_one = has_one(exported.service_accounts);
    for (const model::Place& place : exported.at) each_one = has_one(place.service_accounts) && each_one;
    if (!each_one || exported.at.empty()) return;
    const auto differing = accounts_differ(resolved, id, info);
    if (!differing) return;
    const model::Names& first = resolved.service_accounts(differing->first, id);
    const model::Names& again = resolved.service_accounts(differing->second, id);
    sink.report(again.span, diag::ServiceAccountsOfNetwork, *exported.name, *resolved.cluster(differing->first).name,
                *resolved.cluster(differing->second).name)
        .note(first.span, fmt::format("those of \"{}\"", *resolved.cluster(differing->first).name));
  });
}

/// MF0420: a Service has no key of a global host.
void services_have_no_global_keys(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId, const Export& exported, const ExportInfo&) {
    const auto refuse = [&](const auto& value, std::string_view key) {
      if (value.given())
        naming_note(resolved, exported, sink.report(value.span, diag::ServiceWithHost, *exported.name, key));
    };
    refuse(exported.host, "host");
    refuse(exported.canonical_name, "canonical_name");
    refuse(exported.vip, "vip");
    for (const model::Place& place : exported.at) refuse(place.canonical_name, "canonical_name");
  });
}

/// MF0421: a global host has no Service's name.
void global_hosts_have_no_service(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::global, [&](ExportId, const Export& exported, const ExportInfo&) {
    if (exported.service.given()) sink.report(exported.service.span, diag::GlobalWithService, *exported.name);
  });
}

/// MF0422: a Service whose workloads are joined by remote ones, or guarded, says how it selects them.
void services_say_their_selector(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, Naming::service, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (exported.selector.state != model::State::absent || exported.canonical_name.given() || !info.usable) return;
    const auto lacks_one = [&](ClusterId cluster) {
      const auto [selector, canonical_name] = resolved.selectors(cluster, id);
      return !says_workloads(selector, canonical_name);
    };
    const auto joined = std::find_if(info.from.begin(), info.from.end(), [&](ClusterId cluster) {
      return std::binary_search(info.consumers.begin(), info.consumers.end(), cluster) && lacks_one(cluster);
    });
    const bool needed = std::ranges::any_of(serving_clusters(info), lacks_one);
    if (const model::Names* alias = first_alias(exported); alias && needed) {
      sink.report(exported.name.span, diag::ServiceWithoutSelector, *exported.name, "for `alias`")
          .note(alias->span, "`alias` is set here");
    } else if (exported.callers.given() && needed) {
      sink.report(exported.name.span, diag::ServiceWithoutSelector, *exported.name, "for `callers`")
          .note(exported.callers.span, "`callers` are set here");
    } else if (std::ranges::any_of(info.merge, lacks_one)) {
      sink.report(exported.name.span, diag::ServiceWithoutSelector, *exported.name, "for `merge`")
          .note(exported.merge.span, "`merge` is set here");
    } else if (joined != info.from.end()) {
      const std::string who =
          fmt::format("in cluster \"{}\", which serves and consumes it", *resolved.cluster(*joined).name);
      sink.report(exported.name.span, diag::ServiceWithoutSelector, *exported.name, who);
    }
  });
}

/// MF0424: within a cluster a virtual address is one host's.
void addresses_are_unique(const ResolvedFederation& resolved, diag::Sink& sink) {
  struct Use {
    ExportId exported;
    const Name* vip;
  };
  std::unordered_map<std::string, std::vector<Use>> uses;  // by address
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo&) {
    for (const Name& vip : *exported.vip) {
      if (vip.given()) uses[model::canonical_address(*vip)].push_back({id, &vip});
    }
  });
  std::unordered_map<ClusterId, const Use*> first_in;
  for (const auto& [address, users] : uses) {
    if (users.size() < 2) continue;
    first_in.clear();
    for (const Use& use : users) {
      const Use* met = nullptr;  // one report for each export, however many clusters it meets another in
      ClusterId where = kNone;
      for (const ClusterId cluster : concerned(resolved.exports[use.exported])) {
        const Use* first = first_in.emplace(cluster, &use).first->second;
        if (first->exported == use.exported || met) continue;
        met = first;
        where = cluster;
      }
      if (!met) continue;
      sink.report(use.vip->span, diag::VipTwice, *resolved.exported(met->exported).name,
                  *resolved.exported(use.exported).name, address, *resolved.cluster(where).name)
          .note(met->vip->span, fmt::format("export \"{}\" has it here", *resolved.exported(met->exported).name));
    }
  }
}

/// The cluster chooses between several networks, or between one and its own workloads.
bool chooses(const ResolvedFederation& resolved, const ExportInfo& info, ClusterId cluster) {
  const NetworkId own = resolved.clusters[cluster].network;
  const bool beside = std::binary_search(info.sources.begin(), info.sources.end(), own);
  const bool serves = std::binary_search(info.from.begin(), info.from.end(), cluster) ||
                      std::binary_search(info.merge.begin(), info.merge.end(), cluster);
  return info.sources.size() - (beside ? 1 : 0) + (serves ? 1 : 0) >= 2;
}

bool clusters_are_missing(const ResolvedFederation& resolved) {
  return std::any_of(resolved.clusters.begin(), resolved.clusters.end(),
                     [](const auto& info) { return !info.usable(); });
}

/// MF0426: a weight decides something. Where nobody sees the export, that is said already.
void weights_decide(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (clusters_are_missing(resolved)) return;
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable || info.consumers.empty()) return;
    if (exported.discovered) return;  // a default for others, too
    std::set<const model::Value<model::Weight>*> deciding;
    for (const ClusterId cluster : info.consumers) {
      const bool shared = resolved.share(cluster, id).given();  // MF0467
      if (shared || chooses(resolved, info, cluster)) deciding.insert(&resolved.weight(cluster, id));
    }
    const auto is_known = [&](const auto& one) { return resolved.find_network(*one.first) != kNone; };
    const auto decides = [&](const model::Value<model::Weight>& weight) {
      if (!weight.given() || deciding.contains(&weight)) return;
      if (!std::ranges::all_of(weight->networks, is_known)) return;  // MF0303
      sink.report(weight.span, diag::UselessWeight, *exported.name).about_export(id);
    };
    decides(exported.weight);
    for (const model::Place& place : exported.at) decides(place.weight);
  });
}

/// MF0431: a weight is for a network that serves.
void weights_are_for_sources(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (clusters_are_missing(resolved)) return;
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!info.usable) return;
    const auto are_for_sources = [&](const model::Value<model::Weight>& weights) {
      for (const auto& [network, weight] : weights->networks) {
        const NetworkId known = resolved.find_network(*network);
        if (known == kNone || std::binary_search(info.sources.begin(), info.sources.end(), known)) continue;
        sink.report(network.span, diag::UselessWeightNetwork, *exported.name, *network)
            .note(exported.from.span, "it is served from here")
            .about_export(id);
      }
    };
    are_for_sources(exported.weight);
    for (const model::Place& place : exported.at) are_for_sources(place.weight);
  });
}

}  // namespace

void check_exports(const ResolvedFederation& resolved, diag::Sink& sink) {
  hosts_are_unique(resolved, sink);
  hosts_have_a_domain(resolved, sink);
  hosts_are_in_the_domain(resolved, sink);
  hosts_are_not_gateways(resolved, sink);
  workloads_are_said_once(resolved, sink);
  workloads_are_said(resolved, sink);
  services_have_one_cluster_domain(resolved, sink);
  services_have_one_trust_domain(resolved, sink);
  services_have_one_account(resolved, sink);
  services_have_no_global_keys(resolved, sink);
  global_hosts_have_no_service(resolved, sink);
  services_say_their_selector(resolved, sink);
  addresses_are_unique(resolved, sink);
  weights_decide(resolved, sink);
  weights_are_for_sources(resolved, sink);
}

}  // namespace meshfed::check
