// Names that a cluster's own DNS answers, and so every cluster otherwise.
#pragma once

#include <set>
#include <string_view>

#include "model/resolved_federation.hpp"

namespace meshfed::check {

/// The suffixes of these names: cluster domains, `svc` as pods write it for short, and that of multi-cluster Services.
std::set<std::string_view> dns_of_clusters(const model::ResolvedFederation& resolved);

/// The one of the suffixes in which `host` lies, or which it is; empty if there is none.
std::string_view suffix_of(const std::set<std::string_view>& suffixes, std::string_view host);

/// Whether the export may have this host below a cluster domain: the full name of a Service that no cluster of that
/// domain both runs and calls elsewhere. There the Service would hide the host, and all that is remote with it.
bool may_be_called_as_a_service(const model::ResolvedFederation& resolved, const model::ExportInfo& info,
                                std::string_view host, std::string_view suffix);

}  // namespace meshfed::check
