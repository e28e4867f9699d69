// Further hosts of exports. That a host is one export's, MF0401, is looked at in exports.cpp.
#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "check/cluster_dns.hpp"
#include "check/rules.hpp"
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
using model::ResolvedFederation;
using resolve::each_export;
using resolve::each_named;
using resolve::each_said_alias;
using resolve::first_alias;
using resolve::serving_clusters;

template <class Visit>
void each_alias(const ResolvedFederation& resolved, Visit visit) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    each_said_alias(exported, [&](const Name& alias) { visit(exported, alias); });
  });
}

/// MF0437, MF0441, MF0450: an alias has a domain, which is not that of the clusters' own DNS.
void aliases_are_hosts(const ResolvedFederation& resolved, diag::Sink& sink) {
  const std::set<std::string_view> suffixes = dns_of_clusters(resolved);
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    each_said_alias(exported, [&](const Name& alias) {
      const std::string_view suffix = suffix_of(suffixes, *alias);
      if (alias->find('.') == std::string::npos)
        sink.report(alias.span, diag::HostWithoutDomain, *alias).advise("write a host of two or more labels");
      else if (!suffix.empty() && may_be_called_as_a_service(resolved, info, *alias, suffix))
        sink.report(alias.span, diag::HostOfAService, "alias", *alias).about_export(id);
      else if (!suffix.empty())
        sink.report(alias.span, diag::HostInClusterDomain, "alias", *alias, suffix)
            .advise("choose a name outside of it");
    });
  });
}

/// MF0432: no alias is the name of a remote network's gateway.
void aliases_are_not_gateways(const ResolvedFederation& resolved, diag::Sink& sink) {
  if (!resolved.federation.domain.usable()) return;
  const std::string suffix = model::remote_gateway_host("", *resolved.federation.domain);
  each_alias(resolved, [&](const Export&, const Name& alias) {
    if (!alias->ends_with(suffix)) return;
    const std::string_view network = std::string_view(*alias).substr(0, alias->size() - suffix.size());
    const model::NetworkId id = resolved.find_network(network);
    if (id == kNone) return;
    sink.report(alias.span, diag::ReservedHost, *alias, network)
        .note(resolved.network(id).name.span, "the network is declared here");
  });
}

/// MF0519: an alias and its SNI are no longer than a name may be.
void aliases_fit(const ResolvedFederation& resolved, diag::Sink& sink) {
  constexpr std::size_t kMaxSni = 255;
  each_alias(resolved, [&](const Export& exported, const Name& alias) {
    int highest = 1;
    for (const model::Port& port : *exported.ports) highest = std::max(highest, *port.number);
    const std::string sni = model::sni(highest, *alias);
    if (sni.size() <= kMaxSni) return;
    sink.report(alias.span, diag::NameTooLong,
                fmt::format("port {} of an alias of export \"{}\" in TLS (SNI)", highest, *exported.name), sni,
                sni.size(), kMaxSni);
  });
}

/// MF0484: with naming "service", the ports of the pods are known wherever a ServiceEntry names them.
void aliased_ports_have_targets(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_named(resolved, model::Naming::service, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    const model::Names* aliases = first_alias(exported);
    if (!aliases || !info.usable) return;
    const std::vector<ClusterId> servers = serving_clusters(info);
    for (const model::Port& port : *exported.ports) {
      if (!port.number.given()) continue;
      const auto lacks_one = [&](ClusterId cluster) {
        return resolved.target(cluster, id, port).state == model::State::absent;
      };
      const auto found = std::ranges::find_if(servers, lacks_one);
      if (found == servers.end()) continue;
      diag::Report& report = sink.report(port.number.span, diag::AliasWithoutTarget, *port.number, *exported.name)
                                 .note(aliases->span, "`alias` is set here");
      if (!exported.at.empty())
        report.note(resolved.cluster(*found).name.span, "no `targets` say it for the workloads of this cluster");
    }
  });
}

}  // namespace

void check_aliases(const ResolvedFederation& resolved, diag::Sink& sink) {
  aliases_are_hosts(resolved, sink);
  aliases_are_not_gateways(resolved, sink);
  aliases_fit(resolved, sink);
  aliased_ports_have_targets(resolved, sink);
}

}  // namespace meshfed::check
