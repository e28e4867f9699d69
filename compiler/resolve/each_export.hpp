// How rules go through the exports.
#pragma once

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

}  // namespace meshfed::resolve
