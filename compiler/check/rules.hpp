// Every rule, in the order of the catalog. A rule is a true sentence about the federation; it reports where it does not
// hold, stays silent where a value was reported before (Value::bad, ExportInfo::usable, ClusterInfo::usable), and is
// linear in what it looks at. Rules run side by side, each with a sink of its own, so none knows what another reports.
// Those about limits are in bounds/rules.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::check {

using Rule = void (*)(const model::ResolvedFederation& resolved, diag::Sink& sink);

/// names.cpp (03): references, and what is never used.
void check_names(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// exports.cpp (04): hosts, workloads, naming "service", weights.
void check_exports(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// ports.cpp (04): ports, and what tells hosts on one port apart.
void check_ports(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// discovered.cpp (04): what was found in manifests, and may be meant otherwise.
void check_discovered(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// aliases.cpp (04): further hosts of exports.
void check_aliases(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// calls.cpp (04): what DestinationRules say.
void check_calls(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// roles.cpp (04): who serves, merges and consumes.
void check_roles(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// places.cpp (04): what an export says of single meshes and clusters.
void check_places(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// shares.cpp (04): percentages of calls.
void check_shares(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// networks.cpp (05): networks and east-west gateways.
void check_networks(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// gateways.cpp (05): what an east-west gateway must be, deployed from here or there already.
void check_gateways(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// routers.cpp (05): routers in front of gateways, and the hosts behind them.
void check_routers(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// addresses.cpp (05): where gateways are dialled.
void check_addresses(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// egress.cpp (05): the way out.
void check_egress(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// existing_egress.cpp (05): egress gateways that are there already.
void check_existing_egress(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// remote_secrets.cpp (05): clusters of one mesh that read each other.
void check_remote_secrets(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// found_pods.cpp (05): pods that a host finds in such clusters, though they were declared for another.
void check_found_pods(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// read_entries.cpp (05): entries for networks that a host finds in such clusters.
void check_read_entries(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// replicas.cpp (05): how many pods gateways have.
void check_replicas(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// trust.cpp (06): identities, callers, mTLS.
void check_trust(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// callers.cpp (06): what the policies that `callers` become hold for.
void check_callers(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// shared_pods.cpp (04, 06): exports that meet at the same pods.
void check_shared_pods(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// versions.cpp (07): target profiles.
void check_versions(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// install.cpp (12): how istiod is installed.
void check_install(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// certificates.cpp (13): roots and intermediates of the meshes; valid at that time, in seconds since 1970, if one is
/// given.
void check_certificates(const model::ResolvedFederation& resolved, std::optional<std::int64_t> at, diag::Sink& sink);
/// file_names.cpp (08): names that become paths.
void check_file_names(const model::ResolvedFederation& resolved, diag::Sink& sink);
/// fragments.cpp (02): what included files may say.
void check_fragments(const model::ResolvedFederation& resolved, diag::Sink& sink);

}  // namespace meshfed::check
