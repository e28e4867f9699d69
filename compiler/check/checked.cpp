#include "check/checked.hpp"

#include "bounds/rules.hpp"
#include "check/accept.hpp"
#include "check/rules.hpp"
#include "resolve/resolve.hpp"

namespace meshfed::check {
namespace {

constexpr Rule kRules[] = {
    check_fragments,       check_names,          check_exports,  check_ports,           check_discovered,
    check_aliases,         check_calls,          check_roles,    check_places,          check_shares,
    check_networks,        check_gateways,       check_routers,  check_addresses,       check_egress,
    check_existing_egress, check_remote_secrets, check_replicas, bounds::check_objects, check_trust,
    check_callers,         check_shared_pods,    check_versions, bounds::check_limits,  check_file_names};

}  // namespace

std::optional<Checked> run(model::Federation federation, diag::Sink& sink) {
  model::ResolvedFederation resolved = resolve::resolve(std::move(federation), sink);
  for (const Rule rule : kRules) rule(resolved, sink);
  apply_accepts(resolved, sink);
  if (sink.errors() > 0) return std::nullopt;
  return Checked(std::move(resolved));
}

}  // namespace meshfed::check
