// How rules go through the exports.
#pragma once

#include <algorithm>
#include <vector>

#include "model/resolved_federation.hpp"

namespace meshfed::resolve {

/// Calls `visit(id, export, info)` for each export.
template <class Visit>
void each_export(const model::ResolvedFederation& resolved, Visit visit) {
  for (model::ExportId id = 0; id < resolved.exports.size(); ++id)
    visit(id, resolved.exported(id), resolved.exports[id]);
}

/// The same for those of one naming; of an export whose naming was reported none is known.
template <class Visit>
void each_named(const model::ResolvedFederation& resolved, model::Naming naming, Visit visit) {
  each_export(resolved, [&](model::ExportId id, const model::Export& exported, const model::ExportInfo& info) {
    const auto& decides = exported.naming.state == model::State::absent ? resolved.federation.naming : exported.naming;
    if (decides.usable() && info.naming == naming) visit(id, exported, info);
  });
}

/// Every cluster that has anything to do with the export; may hold one twice.
inline std::vector<model::ClusterId> concerned(const model::ExportInfo& info) {
  std::vector<model::ClusterId> all = info.from;
  all.insert(all.end(), info.merge.begin(), info.merge.end());
  all.insert(all.end(), info.consumers.begin(), info.consumers.end());
  return all;
}

/// Every cluster that has workloads of the export, those that serve others first; may hold one twice.
inline std::vector<model::ClusterId> serving_clusters(const model::ExportInfo& info) {
  std::vector<model::ClusterId> all = info.from;
  all.insert(all.end(), info.merge.begin(), info.merge.end());
  return all;
}

/// Calls `visit(alias)` for each alias that an export says, of single places included; one may come several times.
template <class Visit>
void each_said_alias(const model::Export& exported, Visit visit) {
  const auto said = [&](const model::Names& aliases) {
    for (const model::Name& alias : *aliases) {
      if (alias.given()) visit(alias);
    }
  };
  said(exported.alias);
  for (const model::Place& place : exported.at) said(place.alias);
}

/// The first list of aliases that an export says; null if there is none.
inline const model::Names* first_alias(const model::Export& exported) {
  if (exported.alias.given()) return &exported.alias;
  const auto found = std::ranges::find_if(exported.at, [](const model::Place& place) { return place.alias.given(); });
  return found == exported.at.end() ? nullptr : &found->alias;
}

}  // namespace meshfed::resolve
