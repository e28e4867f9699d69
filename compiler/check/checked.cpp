#include "check/checked.hpp"

#include <iterator>
#include <vector>

#include "base/pool.hpp"
#include "bounds/rules.hpp"
#include "check/accept.hpp"
#include "check/rules.hpp"
#include "resolve/resolve.hpp"

namespace meshfed::check {
namespace {

// Each reports what is wrong by itself, whatever the others find.
constexpr Rule kRules[] = {check_names,      check_exports,        check_ports,           check_discovered,
                           check_aliases,    check_calls,          check_roles,           check_places,
                           check_shares,     check_networks,       check_gateways,        check_routers,
                           check_addresses,  check_egress,         check_existing_egress, check_remote_secrets,
                           check_found_pods, check_read_entries,   check_replicas,        bounds::check_objects,
                           check_trust,      check_callers,        check_shared_pods,     check_versions,
                           check_install,    bounds::check_limits, check_file_names};

/// The reports are in the order of the rules, whichever ends first.
void apply_rules(const model::ResolvedFederation& resolved, unsigned jobs, diag::Sink& sink) {
  std::vector<diag::Sink> sinks(std::size(kRules));
  base::for_each_index(sinks.size(), jobs, [&](std::size_t i) { kRules[i](resolved, sinks[i]); });
  for (diag::Sink& found : sinks) sink.take(std::move(found));
}

}  // namespace

std::optional<Checked> run(model::Federation federation, diag::Sink& sink, unsigned jobs,
                           std::optional<std::int64_t> at) {
  model::ResolvedFederation resolved = resolve::resolve(std::move(federation), sink);
  check_fragments(resolved, sink);
  apply_rules(resolved, jobs, sink);
  check_certificates(resolved, at, sink);
  apply_accepts(resolved, sink);
  if (sink.errors() > 0) return std::nullopt;
  return Checked(std::move(resolved));
}

}  // namespace meshfed::check
