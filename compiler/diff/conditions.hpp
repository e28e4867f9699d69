// What the rules of risks ask of a change. Each is asked for one field, as field_path.hpp spells it, and is true if
// what it says holds of that field. A list that grows, one that shrinks, one that appears and one that vanishes are
// four different changes: a missing list mostly means "all" or "none", and so the opposite of a short one.
#pragma once

#include <string_view>

#include "diff/change.hpp"

namespace meshfed::diff {

using Condition = bool (*)(const Change& change, std::string_view field);

/// All of them hold.
template <Condition... kConditions>
bool all(const Change& change, std::string_view field) {
  return (kConditions(change, field) && ...);
}

template <Condition kCondition>
bool no(const Change& change, std::string_view field) {
  return !kCondition(change, field);
}

bool always(const Change& change, std::string_view field);

// --- how a field changes

bool differs(const Change& change, std::string_view field);
bool appears(const Change& change, std::string_view field);
bool vanishes(const Change& change, std::string_view field);
/// Something goes, be it all.
bool takes(const Change& change, std::string_view field);
/// Something comes, be it all.
bool gives(const Change& change, std::string_view field);
/// Something goes, and there is something still.
bool loses(const Change& change, std::string_view field);
/// Something comes, and there was something before.
bool gains(const Change& change, std::string_view field);
/// It was there, is there, and says something else.
bool is_edited(const Change& change, std::string_view field);

// --- what it says in the end (of an object that goes: what it said)

bool is_there(const Change& change, std::string_view field);
bool is_strict(const Change& change, std::string_view field);
bool is_permissive(const Change& change, std::string_view field);

// --- exportTo, as a list or a comma-separated annotation; `*` says what a missing one says

/// Some namespace sees it no more.
bool hides(const Change& change, std::string_view field);
/// Not all namespaces saw it, and now they do.
bool shows_to_all(const Change& change, std::string_view field);
/// Neither before nor now do all see it, and some do that did not.
bool shows_to_more(const Change& change, std::string_view field);

// --- what the object is

/// It goes in one namespace, and comes in another.
bool moves(const Change& change, std::string_view field);
/// It stands for a host that is called; else it is a part of an egress gateway.
bool is_host(const Change& change, std::string_view field);
/// A Service with a selector is a host that is only imported; one without, the backend of an egress gateway.
bool is_imported(const Change& change, std::string_view field);
/// `istio-remote` stands for gateways elsewhere; for any other class pods are deployed.
bool is_remote(const Change& change, std::string_view field);
/// The cluster has workloads of its own behind the host.
bool selects_pods(const Change& change, std::string_view field);
/// Argo CD and Flux are told to keep it.
bool is_kept(const Change& change, std::string_view field);
/// Its pods get the sidecar.
bool injects(const Change& change, std::string_view field);

// --- the gateway that Gateway API deploys

/// Istio puts `spec.infrastructure.labels` on pods and Service, and the Gateway's own labels if that is not given; so
/// with annotations.
bool copies_labels(const Change& change, std::string_view field);
bool copies_annotations(const Change& change, std::string_view field);
/// Others dial it: its Service has an address that is not the cluster's only.
bool has_outer_address(const Change& change, std::string_view field);
bool gets_load_balancer(const Change& change, std::string_view field);
bool loses_load_balancer(const Change& change, std::string_view field);
bool loses_node_ports(const Change& change, std::string_view field);
bool gets_node_ports(const Change& change, std::string_view field);

}  // namespace meshfed::diff
